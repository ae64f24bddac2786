import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { costOfAll, fits } from '../../shared/mirror/cost.ts'
import type { MirrorRow, Refusal } from '../../shared/mirror/model.ts'
import { applyChange, emptyRow, planName } from '../../shared/mirror/plan.ts'
import type { NameRecord, RRsets } from '../../shared/records/model.ts'
import { at, rrsets, shownChange, zone } from './text.ts'

const NOW = 1_000
const name = at('h')

describe('from what Route 53 holds to what is registered', () => {
  const rows: readonly [title: string, applied: string[], desired: string[], changes: string[]][] = [
    ['nothing to nothing', [], [], []],
    ['a first address', [], ['60 A 192.0.2.1'], ['CREATE h 60 A 192.0.2.1']],
    ['the same', ['60 A 192.0.2.1'], ['60 A 192.0.2.1'], []],
    ['another address', ['60 A 192.0.2.1'], ['60 A 192.0.2.2'], ['UPSERT h 60 A 192.0.2.2']],
    ['another TTL', ['60 A 192.0.2.1'], ['61 A 192.0.2.1'], ['UPSERT h 61 A 192.0.2.1']],
    ['gone: with the TTL and values that are there', ['60 A 192.0.2.1'], [], ['DELETE h 60 A 192.0.2.1']],
    [
      'A to AAAA',
      ['60 A 192.0.2.1'],
      ['60 AAAA 2001:db8::1'],
      ['DELETE h 60 A 192.0.2.1', 'CREATE h 60 AAAA 2001:db8::1'],
    ],
    [
      'CNAME to addresses: the deletion first',
      ['60 CNAME other.example.org.'],
      ['60 A 192.0.2.1', '60 AAAA 2001:db8::1'],
      ['DELETE h 60 CNAME other.example.org.', 'CREATE h 60 A 192.0.2.1', 'CREATE h 60 AAAA 2001:db8::1'],
    ],
    [
      'addresses to CNAME',
      ['60 A 192.0.2.1', '5 TXT "x"'],
      ['60 CNAME other.example.org.'],
      ['DELETE h 60 A 192.0.2.1', 'DELETE h 5 TXT "x"', 'CREATE h 60 CNAME other.example.org.'],
    ],
  ]
  for (const [title, applied, desired, changes] of rows) {
    test(title, () => {
      const plan = planName(zone, record(7, rrsets(...desired)), row(rrsets(...applied)), NOW)
      assert.deepEqual(plan.changes.map(shownChange), changes)
      assert.deepEqual({ complete: plan.complete, refused: plan.refused, version: plan.version }, IS_FINE)
    })
  }
})

describe('what is not registered here', () => {
  const applied = rrsets('60 A 192.0.2.1')
  const deletion = ['DELETE h 60 A 192.0.2.1']

  test('a name without item', () => {
    const plan = planName(zone, undefined, row(applied), NOW)
    assert.deepEqual([plan.version, plan.changes.map(shownChange)], [0, deletion])
  })

  test('a name that went over to another zone', () => {
    const elsewhere = { ...record(7, applied), zone: at('sub') }
    assert.deepEqual(planName(zone, elsewhere, row(applied), NOW).changes.map(shownChange), deletion)
  })
})

describe('what Route 53 refused', () => {
  const refusal: Refusal = { code: 'invalid', message: 'no', at: 1 }
  const desired = record(7, rrsets('60 A 192.0.2.1', '60 TXT "poison"'))

  test('is not sent again while the name stays as it is', () => {
    const plan = planName(zone, desired, { ...row({}), refused: { TXT: refusal }, version: 7 }, NOW)
    assert.deepEqual(plan.changes.map(shownChange), ['CREATE h 60 A 192.0.2.1'])
    assert.deepEqual(plan.refused, { TXT: refusal })
  })

  test('is tried again once the name changes', () => {
    const plan = planName(zone, desired, { ...row({}), refused: { TXT: refusal }, version: 6 }, NOW)
    assert.equal(plan.changes.length, 2)
    assert.deepEqual(plan.refused, {})
  })

  test('is forgotten once it is not wanted any more', () => {
    const plan = planName(
      zone,
      record(7, rrsets('60 A 192.0.2.1')),
      { ...row({}), refused: { TXT: refusal }, version: 7 },
      NOW,
    )
    assert.deepEqual(plan.refused, {})
  })
})

describe('what Route 53 can never hold is refused unasked', () => {
  const rows: readonly [title: string, label: string, desired: RRsets, reason: RegExp][] = [
    ['a type that it does not store', 'h', rrsets('60 DNAME other.example.org.'), /no records of type DNAME/],
    ['rdata that nobody can read', 'h', rrsets('60 TXT "open'), /./],
    ['the name servers of the hosted zone', '@', rrsets('60 NS ns.example.org.'), /./],
    ['more values than a set has', 'h', { A: { ttl: 1, rdata: addresses(401) } }, /401.*400/],
  ]
  for (const [title, label, desired, reason] of rows) {
    test(title, () => {
      const plan = planName(
        zone,
        { name: at(label), zone, version: 7, rrsets: { ...desired, AAAA: AAAA } },
        emptyRow(at(label)),
        NOW,
      )
      assert.deepEqual(
        plan.changes.map(({ type }) => type),
        ['AAAA'],
      )
      const [refusal] = Object.values(plan.refused)
      assert.equal(refusal?.code, 'unsupported')
      assert.match(refusal?.message ?? '', reason)
    })
  }
})

describe('more than one request holds', () => {
  test('400 addresses of each family to 400 others: in two steps', () => {
    const before = { A: { ttl: 1, rdata: addresses(400) }, AAAA: { ttl: 1, rdata: addresses6(400) } }
    const after = record(7, { A: { ttl: 2, rdata: addresses(400) }, AAAA: { ttl: 2, rdata: addresses6(400) } })
    assert.deepEqual(steps(before, after), [['UPSERT A'], ['UPSERT AAAA']])
  })

  test('text that fits a request once but not twice: deleted, then created', () => {
    const text = (letter: string) => Array.from({ length: 100 }, (_, i) => `"${i}${letter.repeat(195)}"`).sort()
    const after = record(7, { TXT: { ttl: 1, rdata: text('b') } })
    assert.deepEqual(steps({ TXT: { ttl: 1, rdata: text('a') } }, after), [['DELETE TXT'], ['CREATE TXT']])
  })

  test('property: any name comes to its state in steps that each fit a request, and never has a CNAME beside others', () => {
    fc.assert(
      fc.property(anyRRsets, anyRRsets, (before, after) => {
        let state = row(before)
        const desired = record(7, after)
        for (let step = 0; step < 12; step++) {
          const plan = planName(zone, desired, state, NOW)
          assert.ok(fits(costOfAll(plan.changes)))
          for (const change of plan.changes) {
            state = { ...state, applied: applyChange(state.applied, change) }
            const types = Object.keys(state.applied)
            assert.ok(!types.includes('CNAME') || types.length === 1, types.join())
          }
          if (plan.complete) {
            assert.deepEqual(state.applied, after)
            return
          }
          assert.ok(plan.changes.length > 0)
        }
        assert.fail('not there after 12 steps')
      }),
      { numRuns: 200 },
    )
  })
})

// ---------------------------------------------------------------------------

const IS_FINE = { complete: true, refused: {}, version: 7 }
const AAAA = { ttl: 60, rdata: ['2001:db8::1'] }

function record(version: number, registered: RRsets): NameRecord {
  return { name, zone, version, rrsets: registered }
}

function row(applied: RRsets): MirrorRow {
  return { ...emptyRow(name), applied, version: 6 }
}

function addresses(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `198.18.${i >> 8}.${i & 255}`).sort()
}

function addresses6(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `2001:db8::${(i + 1).toString(16)}`).sort()
}

function steps(before: RRsets, after: NameRecord): string[][] {
  const taken: string[][] = []
  for (let state = row(before); taken.length < 10; ) {
    const plan = planName(zone, after, state, NOW)
    taken.push(plan.changes.map(({ action, type }) => `${action} ${type}`))
    if (plan.complete) break
    state = { ...state, applied: plan.changes.reduce(applyChange, state.applied) }
  }
  return taken
}

/** Objects as literals are, which those that are compared with them came from. */
const PLAIN = { noNullPrototype: true }

const anyRRset = (rdata: fc.Arbitrary<string[]>) => fc.record({ ttl: fc.integer({ min: 0, max: 2 }), rdata }, PLAIN)

const anyRRsets = fc.oneof(
  fc.constant<RRsets>({}),
  fc.constantFrom(rrsets('60 CNAME a.example.org.'), rrsets('60 CNAME b.example.org.')),
  fc.record(
    {
      A: anyRRset(fc.integer({ min: 1, max: 400 }).map(addresses)),
      AAAA: anyRRset(fc.integer({ min: 1, max: 400 }).map(addresses6)),
      TXT: anyRRset(
        fc
          .tuple(fc.integer({ min: 1, max: 150 }), fc.constantFrom('a', 'b'))
          .map(([count, letter]) => Array.from({ length: count }, (_, i) => `"${i}${letter.repeat(200)}"`).sort()),
      ),
    },
    { requiredKeys: [], ...PLAIN },
  ),
)
