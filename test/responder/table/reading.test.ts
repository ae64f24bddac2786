/** Threads that read while another writes: nothing wrong is ever seen, and none waits for another. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { OwnedRRset } from '../../../responder/zones/packed.ts'
import { Type } from '../../../shared/dns/codes.ts'
import { parseName } from '../../../shared/dns/name.ts'
import { randomNumbers } from '../../random.ts'
import { zoneUpdates } from '../scenario.ts'
import { namesUpdate, Served } from '../served.ts'
import { NAMES, pickName, STABLE, TOLD_WORD, type Told, ZONE } from './reading.ts'

const MILLISECONDS = 2500
const READERS = 2

test('names that are changed, removed, made anew and moved are answered as they were or as they are', {
  timeout: 60_000,
}, async () => {
  const apex = parseName(ZONE)
  const header = zoneUpdates(ZONE, '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns.example.net.')
  const served = new Served(...header)
  const names = Array.from({ length: NAMES }, (_, i) => parseName(`n${i}.${ZONE}`))
  const random = randomNumbers(7)
  let version = 1
  fill()
  served.apply(header)
  const control = new Int32Array(new SharedArrayBuffer(4))
  const table = served.table.memory.buffer
  const threads = Array.from(
    { length: READERS },
    (_, i) =>
      new Worker(new URL('./reading-thread.ts', import.meta.url), { workerData: { table, control, reader: i + 2 } }),
  )
  const told = threads.map((thread) => once(thread, 'message') as Promise<[Told]>)
  await Promise.all(threads.map((thread) => once(thread, 'online')))

  let changes = 0
  for (const end = Date.now() + MILLISECONDS; Date.now() < end; await turn()) {
    version++
    for (let i = 0; i < 2000; i++) changes += change(pickName(random))
    if (version % 50 === 0) renew()
    for (let i = 0; i < 3; i++) served.table.tidy()
  }
  Atomics.store(control, TOLD_WORD, 1)
  for (const [{ asked, left, found, absent, wrong }] of await Promise.all(told)) {
    assert.equal(wrong, '')
    assert.ok(left < asked / 1000, `${left} of ${asked} left`)
    assert.ok(found > 1000 && absent > 100, `${asked} asked, ${found} found, ${absent} absent`)
  }
  assert.ok(changes > 10_000, `${changes} changes`)

  function change(i: number): number {
    const isGone = i >= STABLE && random(2) === 0
    served.apply([namesUpdate(apex, [[names[i] ?? apex, isGone ? [] : [addresses(i)]]])])
    return 1
  }

  /** All names anew, some thousand others among them, which makes the index and the memory grow. */
  function renew(): void {
    served.apply([{ kind: 'renew', apex }])
    fill()
    const others = Array.from({ length: 3000 }, (_, i) => parseName(`o${version}-${i}.${ZONE}`))
    served.apply([
      namesUpdate(
        apex,
        others.map((name) => [name, [addresses(0)]]),
      ),
    ])
    served.apply(header)
  }

  function fill(): void {
    served.apply([
      namesUpdate(
        apex,
        names.slice(0, STABLE).map((name, i) => [name, [addresses(i)]]),
      ),
    ])
  }

  /** The same address several times, which tells the name and its version: as many as makes entries of many sizes. */
  function addresses(i: number): OwnedRRset {
    const address = Buffer.alloc(4)
    address.writeUInt32BE(i + NAMES * (version % 100_000))
    return { type: Type.A, ttl: 300, rdata: Array.from({ length: 1 + random(20) }, () => address) }
  }
})
