/**
 * Measures the answer table in a process of its own, and prints what came of it as JSON:
 *
 *     node bench/hot/table-run.ts size NAMES short|long
 *     node bench/hot/table-run.ts changes NAMES SECONDS READERS
 *     node bench/hot/table-run.ts asked with|without
 */
import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { Tally } from '../../responder/fast-path/tally.ts'
import { createCounterMemory } from '../../responder/metrics/counters.ts'
import { compileHeader } from '../../responder/sources/compile.ts'
import { Table } from '../../responder/table/table.ts'
import { keepTidy } from '../../responder/table/upkeep.ts'
import { applyUpdates, NamesPacker, type Update } from '../../responder/zones/update.ts'
import { Type } from '../../shared/dns/codes.ts'
import { parseName } from '../../shared/dns/name.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { BENCH_APEX, BENCH_ZONE } from '../zone.ts'
import { Asker } from './asker.ts'
import type { ReaderSetup } from './table-reader.ts'

export interface Size {
  readonly example: string
  readonly filledIn: number
  /** Octets that hold something, octets of the memory, and of the process. */
  readonly used: number
  readonly octets: number
  readonly resident: number
}

/** Both a second. */
export interface Changed {
  readonly changed: number
  readonly asked: number
}

/** Nanoseconds a question. */
export interface Asked {
  readonly hit: number
  readonly absent: number
}

const AT_ONCE = 1000 // names of an update
const READY_UPDATES = 200 // that are packed before the clock runs
const ROUNDS = 40
const QUESTIONS = 20_000

/** Counts nothing. */
class NoTally extends Tally {
  override add(): void {}
  override took(): void {}
}

const apex = parseName(BENCH_ZONE)
const table = new Table()
const [what, ...args] = process.argv.slice(2)
const runs: Readonly<Record<string, (...args: readonly string[]) => unknown>> = { size, changes, asked }
const measured = await runs[what ?? '']?.(...args)
process.stdout.write(JSON.stringify(measured))
process.exit(0)

// ---------------------------------------------------------------------------

function size(names = '', label = ''): Size {
  const labelOf = label === 'long' ? (i: number) => `payments-api-${i}.eu-west-1.prod` : (i: number) => `n${i}`
  const started = performance.now()
  fill(Number(names), labelOf)
  const { usedOctets, octets } = table.status()
  const filledIn = (performance.now() - started) / 1000
  return { example: labelOf(0), filledIn, used: usedOctets, octets, resident: process.memoryUsage.rss() }
}

/** Other addresses for names at random, in updates that are ready: what the table does with them is measured, and its upkeep. */
async function changes(names = '', seconds = '', readers = ''): Promise<Changed> {
  fill(Number(names), (i) => `n${i}`)
  const updates = Array.from({ length: READY_UPDATES }, (_, round) =>
    update(AT_ONCE, () => `n${Math.floor(Math.random() * Number(names))}`, round),
  )
  const control = new Int32Array(new SharedArrayBuffer(4))
  const threads = Array.from({ length: Number(readers) }, (_, i) => {
    const workerData: ReaderSetup = { table: table.memory.buffer, control, reader: i + 1, names: Number(names) }
    return new Worker(new URL('./table-reader.ts', import.meta.url), { workerData })
  })
  await Promise.all(threads.map((thread) => once(thread, 'message'))) // it reads
  const upkeep = keepTidy(table)
  const started = performance.now()
  let changed = 0
  for (let i = 0; performance.now() - started < 1000 * Number(seconds); i++) {
    applyUpdates(table, [updates[i % READY_UPDATES] as Update])
    changed += AT_ONCE
    upkeep.due()
    if (i % 10 === 0) await turn()
  }
  const took = (performance.now() - started) / 1000
  upkeep.end()
  Atomics.store(control, 0, 1)
  const counts = await Promise.all(threads.map((thread) => once(thread, 'message')))
  return { changed: changed / took, asked: counts.reduce((sum, [count]) => sum + Number(count), 0) / took }
}

function asked(counting = ''): Asked {
  fill(100_000, (i) => `n${i}`)
  const tally = new (counting === 'with' ? Tally : NoTally)(createCounterMemory(1), 0)
  const cases = {
    hit: new Asker(table.memory, 1, tally, QUESTIONS, (i) => `n${(i * 7919) % 100_000}`),
    absent: new Asker(table.memory, 2, tally, QUESTIONS, (i) => `x${i}`),
  }
  const least = { hit: Number.POSITIVE_INFINITY, absent: Number.POSITIVE_INFINITY }
  for (let round = 0; round < ROUNDS; round++) {
    for (const kind of ['hit', 'absent'] as const) {
      const started = performance.now()
      cases[kind].askAll()
      least[kind] = Math.min(least[kind], ((performance.now() - started) * 1e6) / QUESTIONS)
    }
  }
  return least
}

function fill(names: number, labelOf: (i: number) => string): void {
  const header = compileHeader(newZone(BENCH_APEX), 1)
  for (let at = 0; at < names; at += AT_ONCE)
    applyUpdates(table, [update(Math.min(AT_ONCE, names - at), (i) => labelOf(at + i), 0)])
  applyUpdates(table, [{ kind: 'zone', apex, header }])
}

function update(count: number, labelOf: (i: number) => string, round: number): Update {
  const packer = new NamesPacker()
  for (let i = 0; i < count; i++) {
    const rdata = [Uint8Array.of(198, 18, (i >> 8) + round, i)]
    packer.add(parseName(`${labelOf(i)}.${BENCH_ZONE}`), [{ type: Type.A, ttl: 300, rdata }])
  }
  return packer.take(apex)
}
