import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Name } from '../../../shared/dns/name.ts'
import { EMPTY_LOG } from '../../../shared/records/ports.ts'
import { Registry } from './registry.ts'
import { follow, nth, stopAll, until } from './replica.ts'

afterEach(stopAll)

describe('start-up', () => {
  test('serves names and zones that are there, and is ready then', async () => {
    const registry = new Registry()
    await registry.serve()
    await registry.writeAndLog('a', ['192.0.2.1'])
    await registry.writeAndLog('b', ['192.0.2.2', '192.0.2.3'])
    const replica = follow(registry)
    assert.notEqual(replica.source.status().loading, undefined)
    await replica.complete
    assert.equal(replica.source.status().loading, undefined)
    assert.deepEqual(replica.addresses('a'), ['192.0.2.1'])
    assert.deepEqual(replica.addresses('b'), ['192.0.2.2', '192.0.2.3'])
    assert.equal(replica.serial(), nth(2))
    const { followed, names, zones } = replica.source.status()
    assert.deepEqual([followed?.position, names, zones], [nth(2), 2, 1])
  })

  test('serves a zone that nothing was written to', async () => {
    const registry = new Registry()
    await registry.serve()
    const replica = follow(registry)
    await replica.complete
    assert.equal(replica.serial(), EMPTY_LOG)
  })

  test('ends at the state of the store, whatever is written meanwhile', async () => {
    const write = fc.record({ label: fc.nat(249).map((i) => `n${i}`), address: fc.option(fc.nat(255)) })
    const burst = fc.record({ writes: fc.array(write, { maxLength: 20 }), logged: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.array(burst, { maxLength: 6 }), async (bursts) => {
        const registry = new Registry()
        await registry.serve()
        const expected = new Map<string, string[]>()
        const put = async (label: string, address: number | null) => {
          const list = address === null ? [] : [`192.0.2.${address}`]
          expected.set(label, list)
          await registry.write(label, list)
        }
        for (let i = 0; i < 250; i++) await put(`n${i}`, i)
        await registry.log()
        registry.betweenPages = async () => {
          const next = bursts.shift()
          for (const { label, address } of next?.writes ?? []) await put(label, address)
          if (next?.logged) await registry.log()
        }
        const replica = follow(registry)
        await replica.complete
        await registry.betweenPages()
        await registry.log()
        await replica.reaches(await registry.store.log.head())
        for (const [label, list] of expected) assert.deepEqual(replica.addresses(label), list, label)
        stopAll()
      }),
      { numRuns: 25 },
    )
  })

  test('waits for a store that is away, and says so', async () => {
    const registry = new Registry()
    await registry.serve()
    await registry.writeAndLog('a', ['192.0.2.1'])
    registry.away = true
    const replica = follow(registry)
    await until(() => replica.told.length > 0)
    assert.match(replica.source.status().loading ?? '', /the store does not answer: nobody answers/)
    registry.away = false
    await replica.complete
    assert.deepEqual(replica.addresses('a'), ['192.0.2.1'])
    assert.deepEqual(replica.told, [
      'the store does not answer, what was read stays served: nobody answers',
      'the store answers again',
    ])
  })
})

describe('following', () => {
  test('serves what is written, replaced and removed', async () => {
    const registry = new Registry()
    await registry.serve()
    const replica = follow(registry)
    await replica.complete
    await registry.writeAndLog('a', ['192.0.2.1'])
    await replica.reaches(nth(1))
    assert.deepEqual(replica.addresses('a'), ['192.0.2.1'])
    await registry.writeAndLog('a', ['192.0.2.9'])
    await replica.reaches(nth(2))
    assert.deepEqual(replica.addresses('a'), ['192.0.2.9'])
    await registry.writeAndLog('a', [])
    await replica.reaches(nth(3))
    assert.equal(replica.rcode('a'), 3)
    assert.equal(replica.source.status().names, 0)
    await registry.writeAndLog('a', ['192.0.2.2'])
    await replica.reaches(nth(4))
    assert.deepEqual(replica.addresses('a'), ['192.0.2.2'])
  })

  test('a segment is seen whole or not at all', async () => {
    const registry = new Registry()
    await registry.serve()
    const replica = follow(registry)
    await replica.complete
    await registry.writeAndLog('a', ['192.0.2.1'])
    await replica.reaches(nth(1))
    for (const label of ['a', 'b', 'c']) await registry.write(label, ['192.0.2.2'])
    await registry.log()
    replica.always(() => {
      const seen = ['a', 'b', 'c'].filter((label) => replica.addresses(label)[0] === '192.0.2.2')
      assert.equal(seen.length, replica.serial() === nth(2) ? 3 : 0)
    })
    await replica.reaches(nth(2))
    assert.equal(replica.serial(), nth(2))
  })

  test('the serial is that of the last segment which touched the zone', async () => {
    const other = 'example.net.' as Name
    const registry = new Registry()
    await registry.serve()
    await registry.serve(other)
    const replica = follow(registry)
    await replica.complete
    await registry.writeAndLog('a', ['192.0.2.1'])
    await registry.writeAndLog('b', ['192.0.2.1'], other)
    await registry.writeAndLog('c', ['192.0.2.1'], other)
    await replica.reaches(nth(3))
    assert.equal(replica.serial(), nth(1))
    assert.equal(replica.serial(other), nth(3))
  })

  test('the serial never falls and is never ahead of what is served', async () => {
    const registry = new Registry()
    await registry.serve()
    const replica = follow(registry, { zonesIntervalMs: 0 })
    await replica.complete
    for (let i = 0; i < 40; i++) await registry.writeAndLog(`n${i}`, ['192.0.2.1'])
    await replica.reaches(nth(40))
    for (const [i, serial] of replica.serials.entries()) {
      assert.ok(serial >= (replica.serials[i - 1] ?? 0))
      assert.ok(serial <= Math.max(EMPTY_LOG, replica.positions[i] ?? 0))
    }
    assert.equal(replica.serial(), nth(40))
  })

  test('a zone that is added is served', async () => {
    const added = 'example.net.' as Name
    const registry = new Registry()
    await registry.serve()
    const replica = follow(registry, { zonesIntervalMs: 10 })
    await replica.complete
    assert.equal(replica.rcode('a', added), 5)
    await registry.serve(added)
    await until(() => replica.rcode('a', added) === 3)
    assert.equal(replica.source.status().zones, 2)
  })

  test('a zone that is taken away is no longer served, and is as it was when it comes back', async () => {
    const registry = new Registry()
    await registry.serve()
    await registry.writeAndLog('a', ['192.0.2.1'])
    const replica = follow(registry, { zonesIntervalMs: 10 })
    await replica.complete
    registry.withdrawn = true
    await until(() => replica.rcode('a') === 5)
    assert.equal(replica.source.status().zones, 0)
    registry.withdrawn = false
    await until(() => replica.rcode('a') === 0)
    assert.deepEqual(replica.addresses('a'), ['192.0.2.1'])
    assert.equal(replica.serial(), nth(1))
  })

  test('a zone that a segment names first is looked for at once', async () => {
    const added = 'example.net.' as Name
    const registry = new Registry()
    await registry.serve()
    const replica = follow(registry, { zonesIntervalMs: 3_600_000 })
    await replica.complete
    await registry.serve(added)
    await registry.writeAndLog('a', ['192.0.2.1'], added)
    await until(() => replica.rcode('a', added) === 0)
  })

  test('a state that cannot be read is left out, and the rest goes on', async () => {
    const registry = new Registry()
    await registry.serve()
    const replica = follow(registry)
    await replica.complete
    await registry.write('bad', ['not an address'])
    await registry.write('good', ['192.0.2.1'])
    await registry.log()
    await replica.reaches(nth(1))
    assert.deepEqual(replica.addresses('good'), ['192.0.2.1'])
    assert.equal(replica.rcode('bad'), 3)
    assert.match(replica.told.join(), /^bad\.example\.org\. is not served: /)
  })
})

describe('trouble', () => {
  test('while the store is away what was read stays served, and its age grows', async () => {
    const registry = new Registry()
    await registry.serve()
    await registry.writeAndLog('a', ['192.0.2.1'])
    const replica = follow(registry)
    await replica.complete
    registry.away = true
    await until(() => replica.told.length > 0)
    const { ageSeconds = 0 } = replica.source.status().followed ?? {}
    await until(() => (replica.source.status().followed?.ageSeconds ?? 0) > ageSeconds)
    assert.deepEqual(replica.addresses('a'), ['192.0.2.1'])
    assert.equal(replica.source.status().loading, undefined, 'old data does not make it unready')

    await registry.writeAndLog('a', ['192.0.2.2'])
    registry.away = false
    await replica.reaches(nth(2))
    assert.deepEqual(replica.addresses('a'), ['192.0.2.2'])
    assert.equal(replica.told.length, 2, 'one line when it went and one when it came')
  })

  test('a gap in the log: everything is read again, and nothing is emptied meanwhile', async () => {
    const registry = new Registry()
    await registry.serve()
    for (const label of ['stays', 'changes', 'goes', 'expires']) await registry.write(label, ['192.0.2.1'])
    await registry.log()
    const replica = follow(registry)
    await replica.complete
    registry.away = true
    await until(() => replica.told.length > 0)
    await registry.writeAndLog('changes', ['192.0.2.2'])
    await registry.writeAndLog('goes', [])
    await registry.writeAndLog('expires', [])
    await registry.writeAndLog('comes', ['192.0.2.3'])
    registry.expire('expires')
    registry.trimmed = nth(3)
    replica.always(() => assert.deepEqual(replica.addresses('stays'), ['192.0.2.1']))
    registry.away = false
    await replica.reaches(nth(5))
    assert.deepEqual(replica.addresses('changes'), ['192.0.2.2'])
    assert.deepEqual(replica.addresses('comes'), ['192.0.2.3'])
    assert.equal(replica.rcode('goes'), 3)
    assert.equal(replica.rcode('expires'), 3)
    assert.ok(replica.told.some((line) => line.includes(`does not go on after segment ${nth(1)}`)))
    assert.equal(replica.source.status().names, 3)

    await registry.writeAndLog('expires', ['192.0.2.4'])
    await replica.reaches(nth(6))
    assert.deepEqual(replica.addresses('expires'), ['192.0.2.4'])
  })

  test('a change that the log never gets is served after the next full reading', async () => {
    const registry = new Registry()
    await registry.serve()
    await registry.writeAndLog('a', ['192.0.2.1'])
    await registry.writeAndLog('goes', ['192.0.2.1'])
    const replica = follow(registry, { rescanIntervalMs: 20 })
    await replica.complete
    await registry.write('a', ['192.0.2.2'])
    registry.expire('goes')
    replica.always(() => assert.notEqual(replica.rcode('a'), 3))
    await until(() => replica.addresses('a')[0] === '192.0.2.2' && replica.rcode('goes') === 3)
    assert.equal(replica.source.status().loading, undefined)
    assert.deepEqual(replica.told, [])
  })

  test('a log that is gone to its last segment', async () => {
    const registry = new Registry()
    await registry.serve()
    await registry.writeAndLog('a', ['192.0.2.1'])
    const replica = follow(registry)
    await replica.complete
    registry.away = true
    await until(() => replica.told.length > 0)
    await registry.writeAndLog('a', ['192.0.2.2'])
    registry.trimmed = nth(2)
    registry.away = false
    await replica.reaches(nth(2))
    assert.deepEqual(replica.addresses('a'), ['192.0.2.2'])
  })

  test('a store that goes away within a snapshot', async () => {
    const registry = new Registry()
    await registry.serve()
    for (let i = 0; i < 250; i++) await registry.write(`n${i}`, ['192.0.2.1'])
    await registry.log()
    let pages = 0
    registry.betweenPages = async () => {
      registry.away = ++pages === 2
    }
    const replica = follow(registry)
    await until(() => replica.told.length > 0)
    registry.away = false
    await replica.complete
    assert.equal(replica.source.status().names, 250)
  })
})
