/** What happens to the log while a source that serves already reads all names again. */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import type { NameRecord } from '../../../shared/records/model.ts'
import { Registry } from './registry.ts'
import { follow, nth, stopAll, until } from './replica.ts'

afterEach(stopAll)

test('what is written meanwhile is served at once, and the age stays small', async () => {
  const { registry, replica, passes, rescan } = await serving()
  const scan = await rescan()
  for (const page of [0, 1, 2]) {
    await scan.handOut(page)
    passes(60_000)
    await registry.writeAndLog(`n${page}`, ['192.0.2.2'])
    await registry.writeAndLog('comes', [`192.0.2.${page}`])
    await until(() => replica.addresses('comes')[0] === `192.0.2.${page}`)
    assert.deepEqual(replica.addresses(`n${page}`), ['192.0.2.2'])
    await until(() => replica.age === 0)
  }
  assert.equal(scan.over, false)
  assert.equal(replica.source.status().loading, undefined)
  assert.deepEqual(replica.told, [])
})

test('a name that is written after its place was read stays', async () => {
  const { registry, replica, rescan, isReconciled } = await serving()
  const scan = await rescan()
  await scan.handOut(2)
  await registry.writeAndLog('late', ['192.0.2.2'])
  await until(() => replica.addresses('late').length === 1)
  replica.always(() => assert.deepEqual(replica.addresses('late'), ['192.0.2.2']))
  await scan.handOut(3)
  await until(isReconciled)
  await registry.writeAndLog('late', ['192.0.2.3'])
  replica.always(() => {})
  await until(() => replica.addresses('late')[0] === '192.0.2.3')
})

test('a page that was read before does not undo what the log brought', async () => {
  const { registry, replica, rescan, isReconciled } = await serving()
  const scan = await rescan()
  await scan.handOut(2)
  await registry.write('n240', [])
  await registry.write('n241', ['192.0.2.2'])
  await registry.log()
  await replica.reaches(nth(2))
  replica.always(() => {
    assert.equal(replica.rcode('n240'), 3)
    assert.deepEqual(replica.addresses('n241'), ['192.0.2.2'])
  })
  await scan.handOut(3)
  await until(isReconciled)
  assert.equal(replica.source.status().names, 249)
})

for (const [title, failure] of [
  ['goes on', undefined],
  ['fails', new Error('too late')],
] as const) {
  test(`a log that does not go on: another snapshot, and nothing changes if the former scan ${title}`, async () => {
    const { registry, replica, scans, rescan, isReconciled } = await serving()
    const former = await rescan()
    await former.handOut(1)
    await registry.writeAndLog('comes', ['192.0.2.2'])
    await registry.writeAndLog('n0', [])
    registry.trimmed = nth(3)
    await until(() => scans.length === 3)
    await scans[2]?.handOut(3)
    await replica.reaches(nth(3))
    assert.deepEqual(replica.addresses('comes'), ['192.0.2.2'])
    assert.equal(replica.rcode('n0'), 3)
    assert.ok(isReconciled())

    replica.always(() => assert.deepEqual(replica.addresses('comes'), ['192.0.2.2']))
    former.failure = failure
    await former.handOut(3)
    assert.equal(former.asked, 2)
    await registry.writeAndLog('n1', ['192.0.2.2'])
    await replica.reaches(nth(4))
    assert.deepEqual(replica.told, [`the change log does not go on after segment ${nth(1)}: reading all names again`])
    await rescan()
  })
}

test('a scan that fails is tried again later, and the log is followed all the time', async () => {
  const { registry, replica, rescan, isReconciled } = await serving()
  await registry.write('n0', ['192.0.2.2']) // not in the log yet
  for (const label of ['a', 'b']) {
    const scan = await rescan()
    await scan.handOut(1)
    assert.deepEqual(replica.addresses('n0'), ['192.0.2.2'])
    scan.failure = new Error('nobody answers')
    await scan.handOut(2)
    await registry.writeAndLog(label, ['192.0.2.2'])
    await until(() => replica.rcode(label) === 0 && replica.age === 0)
    assert.equal(isReconciled(), false)
    assert.equal(replica.addresses('n249').length, 1)
  }
  await (await rescan(HOUR / 20)).handOut(4)
  await until(isReconciled)
  assert.equal(replica.source.status().names, 252)
  assert.deepEqual(replica.told, [
    'not all names could be read again, what was read stays served: nobody answers',
    'all names were read again',
  ])
})

test('a store that goes away within a scan and comes back', async () => {
  const { registry, replica, rescan, isReconciled } = await serving()
  const scan = await rescan()
  await scan.handOut(1)
  registry.away = true
  await until(() => replica.told.length === 1)
  await scan.handOut(3)
  assert.equal(scan.asked, 2)
  await registry.writeAndLog('a', ['192.0.2.2'])
  assert.equal(replica.source.status().names, 251)
  registry.away = false
  await until(() => replica.rcode('a') === 0)
  await (await rescan()).handOut(4)
  await until(isReconciled)
  assert.equal(replica.source.status().names, 251)
})

test('a source that is stopped reads no further page', async () => {
  const { replica, rescan, isReconciled } = await serving()
  const scan = await rescan()
  await scan.handOut(1)
  replica.stop()
  replica.always(() => assert.fail('published after the stop'))
  await scan.handOut(3)
  assert.equal(scan.asked, 2)
  assert.equal(isReconciled(), false)
})

test('there is one scan at a time', async () => {
  const { registry, replica, scans, passes, rescan, isReconciled } = await serving()
  const scan = await rescan()
  for (const label of ['a', 'b']) {
    passes(HOUR)
    await registry.writeAndLog(label, ['192.0.2.2'])
    await until(() => replica.rcode(label) === 0 && replica.age === 0)
  }
  assert.equal(scans.length, 2)
  await scan.handOut(3)
  await until(isReconciled)
  await (await rescan()).handOut(3)
  assert.equal(scans.length, 3)
})

// ---------------------------------------------------------------------------

const HOUR = 3_600_000

/** One scan of all names, which waits before each page. */
class Scan {
  /** Pages that were read, the last of them perhaps not handed out. */
  asked = 0
  over = false
  /** While set, the next page is this error. */
  failure: Error | undefined
  #allowed: number
  readonly #letOn: (() => void)[] = []

  constructor(allowed: number) {
    this.#allowed = allowed
  }

  /** Lets `pages` pages pass in all, and waits until they are dealt with. */
  async handOut(pages: number): Promise<void> {
    this.#allowed = pages
    for (const letOn of this.#letOn.splice(0)) letOn()
    await until(() => this.asked > pages || this.over)
  }

  async *read(pages: AsyncIterable<readonly NameRecord[]>): AsyncGenerator<readonly NameRecord[]> {
    try {
      for await (const page of pages) {
        this.asked++
        while (this.asked > this.#allowed) await new Promise<void>((resolve) => this.#letOn.push(resolve))
        if (this.failure !== undefined) throw this.failure
        yield page
      }
    } finally {
      this.over = true
    }
  }
}

/** A replica of 250 names, three pages of a scan, and one more that is gone from the store without the log knowing it. */
async function serving() {
  const registry = new Registry()
  await registry.serve()
  for (let i = 0; i < 250; i++) await registry.write(`n${i}`, ['192.0.2.1'])
  await registry.write('gone', ['192.0.2.1'])
  await registry.log()
  const scans: Scan[] = []
  const names = {
    scan() {
      const scan = new Scan(scans.length === 0 ? Number.POSITIVE_INFINITY : 0)
      scans.push(scan)
      return scan.read(registry.ports.names.scan())
    },
  }
  let time = 0
  const replica = follow(registry, { names, now: () => time })
  await replica.complete
  registry.expire('gone')
  const passes = (ms: number) => {
    time += ms
  }
  return {
    registry,
    replica,
    scans,
    passes,
    /** The scan that begins when so much time has passed, with its first page. */
    async rescan(after = HOUR): Promise<Scan> {
      const before = scans.length
      passes(after)
      await until(() => (scans[before]?.asked ?? 0) > 0)
      return scans[before] as Scan
    },
    /** True once a scan was brought to its end. */
    isReconciled: () => replica.rcode('gone') === 3,
  }
}
