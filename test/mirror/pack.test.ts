import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { add, BATCH_LIMIT, type Cost, costOf, fits, NO_COST } from '../../shared/mirror/cost.ts'
import type { Change } from '../../shared/mirror/model.ts'
import { pack } from '../../shared/mirror/pack.ts'
import { at } from './text.ts'

describe('what a change costs', () => {
  const rows: readonly [action: Change['action'], type: string, rdata: string[], values: number, characters: number][] =
    [
      ['CREATE', 'A', ['192.0.2.1', '192.0.2.22'], 2, 19],
      ['DELETE', 'A', ['192.0.2.1', '192.0.2.22'], 2, 19],
      ['UPSERT', 'A', ['192.0.2.1', '192.0.2.22'], 4, 38],
      ['CREATE', 'TXT', ['"two words"'], 1, 11],
      ['CREATE', 'TXT', ['"\\195\\164"'], 1, 10], // as it is sent, in octal
    ]
  for (const [action, type, rdata, values, characters] of rows) {
    test(`${action} ${type} ${rdata.join(', ')}`, () => {
      assert.deepEqual(costOf({ action, name: at('h'), type, rrset: { ttl: 60, rdata } }), { values, characters })
    })
  }
})

describe('packing', () => {
  const ones = (count: number) => Array.from({ length: count }, () => item(1, 10))
  const rows: readonly [title: string, items: readonly { cost: Cost }[], requests: number][] = [
    ['nothing', [], 0],
    ['1,000 creations of one value', ones(1_000), 1],
    ['1,001 of them', ones(1_001), 2],
    ['500 replacements', Array.from({ length: 500 }, () => item(2, 20)), 1],
    ['501 of them', Array.from({ length: 501 }, () => item(2, 20)), 2],
    ['32,000 characters', [item(1, 31_000), item(1, 1_000)], 1],
    ['32,001 characters', [item(1, 31_000), item(1, 1_001)], 2],
    ['large ones and what fills up their requests', [item(600, 0), item(600, 0), item(400, 0), item(400, 0)], 2],
  ]
  for (const [title, items, requests] of rows) {
    test(title, () => assert.equal(pack(items).length, requests))
  }

  test('what no request holds has one of its own', () => {
    assert.deepEqual(
      pack([item(1, 1), item(1_001, 0), item(2, 2)]).map((request) => request.length),
      [1, 2],
    )
  })
})

test('property: nothing is lost, split or over a limit', () => {
  fc.assert(
    fc.property(fc.array(anyItem(1_000, 32_000), { maxLength: 300 }), (items) => {
      const requests = pack(items)
      assert.deepEqual(new Set(requests.flat()), new Set(items))
      assert.equal(requests.flat().length, items.length)
      for (const request of requests) assert.ok(fits(total(request)))
    }),
  )
})

// Names as they come have one to some dozens of values; with names of half a request and more, no packer comes near the bound.
test('property: within a tenth of the least number of requests on random plans', () => {
  fc.assert(
    fc.property(fc.array(anyItem(100, 3_200), { minLength: 1, maxLength: 3_000, size: 'max' }), (items) => {
      const least = leastRequests(items)
      assert.ok(
        pack(items).length <= Math.max(least + 1, Math.floor(least * 1.1)),
        `${pack(items).length}, least ${least}`,
      )
    }),
    { numRuns: 60 },
  )
})

// ---------------------------------------------------------------------------

function item(values: number, characters: number): { readonly cost: Cost } {
  return { cost: { values, characters } }
}

function anyItem(values: number, characters: number) {
  const small = fc.record({ values: fc.integer({ min: 1, max: 4 }), characters: fc.integer({ min: 7, max: 160 }) })
  const any = fc.record({
    values: fc.integer({ min: 1, max: values }),
    characters: fc.integer({ min: 1, max: characters }),
  })
  return fc.oneof({ arbitrary: small, weight: 3 }, { arbitrary: any, weight: 1 }).map((cost) => ({ cost }))
}

function total(items: readonly { readonly cost: Cost }[]): Cost {
  return items.map(({ cost }) => cost).reduce(add, NO_COST)
}

/** No packing can do with less: all values, or all characters, have to be somewhere. */
function leastRequests(items: readonly { readonly cost: Cost }[]): number {
  const { values, characters } = total(items)
  return Math.ceil(Math.max(values / BATCH_LIMIT.values, characters / BATCH_LIMIT.characters))
}
