import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { add, BATCH_LIMIT, type Cost, costOf, fits, NO_COST } from '../../shared/mirror/cost.ts'
import type { Change } from '../../shared/mirror/model.ts'
import { pack } from '../../shared/mirror/pack.ts'
import { randomNumbers } from '../random.ts'
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

const anyItem = fc
  .record({
    values: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 1_000 })),
    characters: fc.oneof(fc.integer({ min: 7, max: 160 }), fc.integer({ min: 1, max: 32_000 })),
  })
  .map((cost) => ({ cost }))

test('property: nothing is lost, split or over a limit', () => {
  fc.assert(
    fc.property(fc.array(anyItem, { maxLength: 300 }), (items) => {
      const requests = pack(items)
      assert.deepEqual(new Set(requests.flat()), new Set(items))
      assert.equal(requests.flat().length, items.length)
      for (const request of requests) assert.ok(fits(total(request)))
    }),
  )
})

// Names as they come have one to some dozens of values; with names of half a request and more, no packer comes near the bound.
// Evenly random: where all edges of two dimensions are sought out, first-fit decreasing is known to be worse.
test('random plans: within a tenth of the least number of requests', () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = randomNumbers(seed)
    const items = Array.from({ length: 1 + random(3_000) }, () =>
      random(4) > 0 ? item(1 + random(4), 7 + random(154)) : item(1 + random(100), 1 + random(3_200)),
    )
    const least = leastRequests(items)
    const packed = pack(items).length
    assert.ok(packed <= Math.max(least + 1, Math.floor(least * 1.1)), `seed ${seed}: ${packed}, least ${least}`)
  }
})

// ---------------------------------------------------------------------------

function item(values: number, characters: number): { readonly cost: Cost } {
  return { cost: { values, characters } }
}

function total(items: readonly { readonly cost: Cost }[]): Cost {
  return items.map(({ cost }) => cost).reduce(add, NO_COST)
}

/** No packing can do with less: all values, or all characters, have to be somewhere. */
function leastRequests(items: readonly { readonly cost: Cost }[]): number {
  const { values, characters } = total(items)
  return Math.ceil(Math.max(values / BATCH_LIMIT.values, characters / BATCH_LIMIT.characters))
}
