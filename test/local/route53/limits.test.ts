import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Change, ChangeAction } from '@aws-sdk/client-route-53'
import { bench, change, times } from './emulator.ts'

const { zone, change: send, refusal, emulator, sets } = await bench({ maxSets: 3002 })
const id = await zone('example.org')

const ip = (n: number) => `10.0.${n >> 8}.${n & 255}`
const a = (action: ChangeAction, n: number, values = 1) => change(action, `n${n}.example.org`, 'A', times(values, ip))
/** TXT sets with so many characters in all. */
const txt = (action: ChangeAction, characters: number) =>
  times(20, (n) => {
    const share = Math.floor(characters / 20) + (n === 0 ? characters % 20 : 0)
    return change(action, `t${n}.example.org`, 'TXT', [quoted(share)])
  })

const RECORDS = 'InvalidChangeBatch [Number of records limit of 1000 exceeded.]'
const CHARACTERS = 'InvalidChangeBatch [RDATA character limit of 32000 exceeded.]'
const VALUES = 'InvalidChangeBatch [Cannot have more than 400 records in a RRSet.]'
const LONG_VALUE =
  /InvalidInput Invalid XML ; cvc-maxLength-valid: Value '.*' with length = '4001' .* '4000' for type 'RData'/

describe('a batch at the edge of a limit, and one beyond it', () => {
  const rows: [limit: string, within: Change[], beyond: Change[], message: string | RegExp][] = [
    ['elements', times(1000, (n) => a('CREATE', n)), times(1001, (n) => a('CREATE', n)), RECORDS],
    ['elements', times(500, (n) => a('UPSERT', n)), times(501, (n) => a('UPSERT', n)), RECORDS],
    [
      'elements',
      times(5, (n) => a('UPSERT', n, 100)),
      [...times(5, (n) => a('UPSERT', n, 100)), a('CREATE', 5)],
      RECORDS,
    ],
    ['characters', txt('CREATE', 32_000), txt('CREATE', 32_001), CHARACTERS],
    ['characters', txt('UPSERT', 16_000), txt('UPSERT', 16_001), CHARACTERS],
    ['values', [a('CREATE', 0, 400)], [a('CREATE', 0, 401)], VALUES],
    [
      'valueLength',
      [change('CREATE', 'l.example.org', 'TXT', [quoted(4000)])],
      [change('CREATE', 'l.example.org', 'TXT', [quoted(4001)])],
      LONG_VALUE,
    ],
  ]
  for (const [limit, within, beyond, message] of rows) {
    const [first] = within
    test(`${limit}: ${first?.Action}`, async () => {
      const before = { ...emulator.counts.violations }
      const clean = await sets(id)
      const told = await refusal(id, beyond)
      if (typeof message === 'string') assert.equal(told, message)
      else assert.match(told, message)
      const broken = { ...before, [limit]: ((before as Record<string, number>)[limit] ?? 0) + 1 }
      assert.deepEqual(emulator.counts.violations, broken)
      assert.deepEqual(await sets(id), clean)
      await send(id, within)
      assert.deepEqual(emulator.counts.violations, broken)
      await send(
        id,
        within.map((one) => ({ ...one, Action: 'DELETE' })),
      )
    })
  }

  test('both limits of the size are told', async () => {
    const both = [...times(1001, (n) => a('CREATE', n)), ...txt('CREATE', 32_001)]
    assert.equal(
      await refusal(id, both),
      'InvalidChangeBatch [Number of records limit of 1000 exceeded., RDATA character limit of 32000 exceeded.]',
    )
  })

  test('an alias is one element', async () => {
    const aliases = times(
      1001,
      (n): Change => ({
        Action: 'CREATE',
        ResourceRecordSet: {
          Name: `alias${n}.example.org`,
          Type: 'A',
          AliasTarget: { HostedZoneId: 'Z2', DNSName: 'lb.example.net', EvaluateTargetHealth: false },
        },
      }),
    )
    assert.equal(await refusal(id, aliases), RECORDS)
    await send(id, aliases.slice(1))
    await send(
      id,
      aliases.slice(1).map((one) => ({ ...one, Action: 'DELETE' })),
    )
  })

  test('no changes', async () => {
    assert.match(
      await refusal(id, []),
      /^InvalidInput Invalid XML ; .*The content of element 'Changes' is not complete/,
    )
    assert.equal(emulator.counts.violations.emptyBatch, 1)
  })
})

test('a hosted zone that is full takes what does not make it larger', async () => {
  for (const part of [0, 1, 2])
    await send(
      id,
      times(1000, (n) => a('CREATE', part * 1000 + n)),
    )
  const full = `InvalidChangeBatch [Exceeded limit MAX_RRSETS_BY_ZONE for zone: ${id}]`
  assert.equal(await refusal(id, [a('CREATE', 3000)]), full)
  assert.equal(emulator.counts.violations.zoneFull, 1)
  await send(id, [a('UPSERT', 0, 2)])
  await send(id, [a('CREATE', 3000), a('DELETE', 1)])
  assert.equal(await refusal(id, [a('DELETE', 2), a('CREATE', 3001), a('CREATE', 3002)]), full)
  assert.equal(emulator.sets(id).length, 3002)
})

// ---------------------------------------------------------------------------

/** A TXT value of exactly so many characters, in strings of at most 250. */
function quoted(characters: number): string {
  let value = `"${'x'.repeat(Math.min(characters - 2, 200))}"`
  while (value.length < characters) {
    const left = characters - value.length
    value += left < 3 ? ' '.repeat(left) : ` "${'x'.repeat(Math.min(left - 3, 200))}"`
  }
  return value
}
