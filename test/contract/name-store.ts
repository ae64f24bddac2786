import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import type { NameRecord } from '../../shared/records/model.ts'
import type { NameStore, ReadNames } from '../../shared/records/ports.ts'
import { a, apex, record } from './records.ts'
import type { Fresh } from './store.ts'

/** What every NameStore does. */
export function nameStoreContract(adapter: string, fresh: Fresh): void {
  describe(`NameStore: ${adapter}`, () => {
    test('a name that was never written is not there', async () => {
      const { names } = await fresh()
      assert.equal(await names.read(canonicalName('h.example.org')), undefined)
    })

    test('a record is read back as it was written', async () => {
      const { names } = await fresh()
      for (const written of [...owners.map((owner) => ({ ...everything, name: owner })), tombstone]) {
        assert.deepEqual(await names.write(written, 0), { written: true })
        assert.deepEqual(await names.read(written.name), written)
      }
    })

    test('a write on the stored version replaces the whole record', async () => {
      const { names } = await fresh()
      await names.write({ ...record('h', 1000, everything.rrsets), expires: 4_000_000_000 }, 0)
      assert.deepEqual(await names.write(record('h', 1001, a(9, '192.0.2.9')), 1000), { written: true })
      assert.deepEqual(await names.read(record('h', 0, {}).name), record('h', 1001, a(9, '192.0.2.9')))
    })

    const stored = record('h', 1000, a(60, '192.0.2.1'))
    for (const [expected, why] of [
      [0, 'as if the name were absent'],
      [999, 'on an older version'],
      [1001, 'on a version yet to come'],
    ] as const) {
      test(`a write ${why} stores nothing and tells what is stored`, async () => {
        const { names } = await fresh()
        await names.write(stored, 0)
        const outcome = await names.write(record('h', 2000, a(9, '192.0.2.9')), expected)
        assert.deepEqual(outcome, { written: false, current: stored })
        assert.deepEqual(await names.read(stored.name), stored)
      })
    }

    test('a write on a version of a name that is absent stores nothing', async () => {
      const { names } = await fresh()
      assert.deepEqual(await names.write(stored, 999), { written: false, current: undefined })
      assert.equal(await names.read(stored.name), undefined)
    })

    test('of 32 writers on one version one writes, and the others learn what it wrote', async () => {
      const { names } = await fresh()
      await names.write(record('h', 1000, a(60, '192.0.2.100')), 0)
      const rivals = Array.from({ length: 32 }, (_, i) => record('h', 1001, a(60, `192.0.2.${i}`)))
      const outcomes = await Promise.all(rivals.map((rival) => names.write(rival, 1000)))
      const winners = rivals.filter((_, i) => outcomes[i]?.written)
      assert.equal(winners.length, 1)
      for (const outcome of outcomes) {
        if (!outcome.written) assert.deepEqual(outcome.current, winners[0])
      }
    })

    test('many names are read at once, each that is there, whatever they hold', async () => {
      const { names } = await fresh()
      const written = [...owners.map((owner) => ({ ...everything, name: owner })), tombstone]
      for (const one of written) await names.write(one, 0)
      const asked = written.map(({ name }) => name)
      const read = await names.readAll([...asked, record('absent', 1, {}).name, ...asked])
      assert.deepEqual(read, readOf(written))
      assert.deepEqual(await names.readAll([]), readOf([]))
    })

    test('more names than one call takes, and more than it may answer', async () => {
      const { names } = await fresh()
      const text = { TXT: { ttl: 60, rdata: ['"'.padEnd(300_000, 'x')] } } // DynamoDB answers 16 MB at most
      const big = Array.from({ length: 60 }, (_, i) => record(`big${i}`, 1000 + i, text))
      const small = Array.from({ length: 190 }, (_, i) => record(`small${i}`, 1000 + i, a(60, '192.0.2.1')))
      const all = [...big, ...small]
      for (let at = 0; at < all.length; at += 20) {
        await Promise.all(all.slice(at, at + 20).map((one) => names.write(one, 0)))
      }
      const read = await names.readAll(all.map(({ name }) => name))
      assert.deepEqual(read, readOf(all))
    })

    test('a scan of an empty store yields no record', async () => {
      const { names } = await fresh()
      assert.deepEqual(await scanned(names), [])
    })

    test('a scan yields every record once, over many pages, tombstones included', async () => {
      const { names } = await fresh()
      const text = { TXT: { ttl: 60, rdata: ['"'.padEnd(90_000, 'x')] } } // DynamoDB's page is 1 MB
      const big = Array.from({ length: 60 }, (_, i) => record(`big${i}`, 1000 + i, text))
      const small = Array.from({ length: 150 }, (_, i) => record(`small${i}`, 1000 + i, a(60, '192.0.2.1')))
      const all = [...big, ...small, tombstone]
      for (let at = 0; at < all.length; at += 20) {
        await Promise.all(all.slice(at, at + 20).map((one) => names.write(one, 0)))
      }
      const key = ({ name, version }: NameRecord) => `${name} ${version}`
      assert.deepEqual((await scanned(names)).map(key).sort(), all.map(key).sort())
    })
  })
}

// ---------------------------------------------------------------------------

function readOf(records: readonly NameRecord[]): ReadNames {
  return { records: new Map(records.map((one) => [one.name, one])), unreadable: new Set() }
}

async function scanned(names: NameStore): Promise<NameRecord[]> {
  const records: NameRecord[] = []
  for await (const page of names.scan()) records.push(...page)
  return records
}

const everything: NameRecord = {
  ...record('every.type', 1_700_000_000_000, {
    A: { ttl: 0, rdata: ['192.0.2.1', '192.0.2.2'] },
    AAAA: { ttl: 2_147_483_647, rdata: ['2001:db8::1'] },
    TXT: { ttl: 60, rdata: ['""', '"\\"quoted\\" \\\\ and \\195\\164"'] },
    TYPE65400: { ttl: 60, rdata: ['\\# 0', '\\# 3 abcdef'] },
  }),
  by: { principal: 'token:0123456789abcdef', at: 1_700_000_000_000 },
}

const tombstone: NameRecord = { ...record('gone', 1_700_000_000_001, {}), expires: 4_000_000_000 }

/** The apex, a wildcard, octets that need escapes, and the longest name there is, with each octet escaped. */
const owners: readonly Name[] = [
  apex,
  canonicalName('*.wild.example.org'),
  canonicalName('a\\.b.\\000\\255\\"\\032.example.org'),
  canonicalName(`${[62, 62, 62, 50].map((length) => '\\200'.repeat(length)).join('.')}.example.org`),
]
