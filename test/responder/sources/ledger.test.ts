import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type CompiledName, compileName } from '../../../responder/sources/compile.ts'
import { Ledger } from '../../../responder/sources/ledger.ts'
import type { Update } from '../../../responder/zones/update.ts'
import { type Name, parseName, type WireName } from '../../../shared/dns/name.ts'
import { zoneUpdates } from '../scenario.ts'
import { Served } from '../served.ts'

const apex = parseName('example.org.')
const empty = zoneUpdates('example.org.', '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns.example.net.')
const state = (label: string, version: number, address?: string, zone = 'example.org.'): CompiledName =>
  compileName({
    name: `${label}.example.org.` as Name,
    zone: zone as Name,
    version,
    rrsets: address === undefined ? {} : { A: { ttl: 60, rdata: [address] } },
  })

test('whatever order states come in, and how often, the newest is served', () => {
  const one = fc.record({ label: fc.constantFrom('a', 'b', 'c'), version: fc.integer({ min: 1, max: 9 }) })
  const states = fc.uniqueArray(one, { selector: ({ label, version }) => `${label}${version}`, maxLength: 20 })
  const shuffled = states.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: 2 * list.length })),
  )
  fc.assert(
    fc.property(shuffled, fc.integer({ min: 1, max: 5 }), ([list, order], portion) => {
      const address = (version: number) => (version % 3 === 0 ? undefined : `192.0.2.${version}`)
      const ledger = new Ledger()
      const served = new Served(...empty)
      for (let at = 0; at < order.length; at += portion) {
        const states = order
          .slice(at, at + portion)
          .map(({ label, version }) => state(label, version, address(version)))
        served.apply(ledger.apply(states, 0))
      }
      for (const label of ['a', 'b', 'c']) {
        const newest = Math.max(0, ...list.filter((each) => each.label === label).map(({ version }) => version))
        const name = parseName(`${label}.example.org.`)
        const found = served.zones.find(name, 1)?.rrset(name, 1)?.rdata[0]
        assert.equal(found?.join('.'), newest === 0 ? undefined : address(newest))
      }
      assert.equal(ledger.size, served.table.zone(apex).names)
    }),
  )
})

describe('a removed name', () => {
  test('is not revived by an older state while it is remembered', () => {
    const ledger = new Ledger()
    ledger.apply([state('a', 1, '192.0.2.1')], 0)
    ledger.apply([state('a', 3)], 1000)
    ledger.forgetRemoved(1000)
    assert.deepEqual(ledger.apply([state('a', 2, '192.0.2.2')], 2000), [])
    ledger.forgetRemoved(1001)
    assert.deepEqual(names(ledger.apply([state('a', 2, '192.0.2.2')], 2000)), ['a'])
  })

  test('is remembered even if it was never served', () => {
    const ledger = new Ledger()
    assert.deepEqual(ledger.apply([state('a', 5)], 0), [])
    assert.deepEqual(ledger.apply([state('a', 4, '192.0.2.1')], 0), [])
    assert.equal(ledger.size, 0)
  })

  test('that came back is not forgotten', () => {
    const ledger = new Ledger()
    ledger.apply([state('a', 1)], 0)
    ledger.apply([state('a', 2, '192.0.2.1')], 0)
    ledger.forgetRemoved(1000)
    assert.equal(ledger.size, 1)
    assert.deepEqual(ledger.apply([state('a', 1)], 0), [])
  })
})

test('a name that moves to another zone leaves the one it was in', () => {
  const ledger = new Ledger()
  const { table } = new Served(
    ...ledger.apply([state('a.sub', 1, '192.0.2.1')], 0),
    ...ledger.apply([state('a.sub', 2, '192.0.2.2', 'sub.example.org.')], 0),
  )
  assert.equal(table.zone(apex).names, 0)
  assert.equal(table.zone(parseName('sub.example.org.')).names, 1)
})

test('names that are not in a snapshot are removed, once', () => {
  const ledger = new Ledger()
  ledger.apply([state('a', 1, '192.0.2.1'), state('b', 1, '192.0.2.1'), state('c', 1)], 0)
  const present = new Set<WireName>([parseName('a.example.org.')])
  assert.deepEqual(names(ledger.keepOnly(present)), ['b'])
  assert.deepEqual(ledger.keepOnly(present), [])
  assert.equal(ledger.size, 1)
})

describe('a stored name that cannot be served', () => {
  for (const [title, stored, reason] of [
    ['rdata that is not of its type', { rrsets: { A: { ttl: 60, rdata: ['nonsense'] } } }, /nonsense/],
    ['a type that there is not', { rrsets: { NOPE: { ttl: 60, rdata: ['x'] } } }, /unknown type NOPE/],
    ['a name outside its zone', { zone: 'example.net.' as Name, rrsets: {} }, /is not in its zone example\.net\./],
  ] as const) {
    test(title, () => {
      const sound = { name: 'a.example.org.' as Name, zone: 'example.org.' as Name, version: 1 }
      assert.throws(() => compileName({ ...sound, ...stored }), reason)
    })
  }
})

// ---------------------------------------------------------------------------

/** First labels of the names that updates touch. */
function names(updates: readonly Update[]): string[] {
  return updates.flatMap((update) =>
    update.kind === 'names' ? [Buffer.from(update.packed).toString('latin1', 9, 9 + (update.packed[8] ?? 0))] : [],
  )
}
