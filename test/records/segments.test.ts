import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Name } from '../../shared/dns/name.ts'
import type { NameRecord, RRsets } from '../../shared/records/model.ts'
import { changeOf, MAX_ACTIONS, MAX_CHANGES_SIZE, packWrites, type Write } from '../../shared/records/segments.ts'

const zone = 'example.org.' as Name
const a = (...rdata: string[]): RRsets => ({ A: { ttl: 60, rdata } })

function record(label: string, version: number, rrsets: RRsets, zoneOf = zone): NameRecord {
  return { name: `${label}.${zoneOf}` as Name, zone: zoneOf, version, rrsets }
}

function write(label: string, from: number, old: RRsets, version: number, next: RRsets): Write {
  const before = from === 0 ? {} : { old: record(label, from, old) }
  return { ...before, new: record(label, version, next) }
}

describe('the change that a write makes', () => {
  test('a first registration comes from version 0 and no RRsets', () => {
    const change = changeOf(write('h', 0, {}, 1000, a('192.0.2.1')))
    assert.deepEqual(change, {
      name: 'h.example.org.',
      zone,
      from: 0,
      first: 1000,
      version: 1000,
      old: {},
      new: a('192.0.2.1'),
    })
  })

  test('a write that leaves every RRset as it was makes none, and so does the end of a tombstone', () => {
    assert.equal(changeOf(write('h', 5, a('192.0.2.1'), 6, a('192.0.2.1'))), undefined)
    assert.equal(changeOf({ old: record('h', 7, {}) }), undefined)
  })

  test('another TTL or another order of rdata is a change', () => {
    assert.ok(changeOf(write('h', 5, a('192.0.2.1'), 6, { A: { ttl: 61, rdata: ['192.0.2.1'] } })))
    assert.ok(changeOf(write('h', 5, a('192.0.2.1'), 6, a('192.0.2.1', '192.0.2.2'))))
    assert.ok(changeOf(write('h', 5, a('192.0.2.1'), 6, { AAAA: { ttl: 60, rdata: ['2001:db8::1'] } })))
  })

  test('it tells who made it; of several writes the last one tells, and what is not known is not made up', () => {
    const by = (principal: string) => ({ by: { principal, at: 1 } })
    const first = { new: { ...record('h', 5, a('192.0.2.1')), ...by('token:1') } }
    const second = { old: first.new, new: { ...record('h', 6, a('192.0.2.2')), ...by('token:2') } }
    const third = { old: second.new, new: record('h', 7, a('192.0.2.3')) }
    assert.deepEqual(changeOf(first)?.by, { principal: 'token:1', at: 1 })
    const last = (...writes: Write[]) => packWrites(writes).changes.map((change) => change.by?.principal)
    assert.deepEqual([last(first, second), last(first, second, third)], [['token:2'], [undefined]])
    assert.equal(changeOf({ old: second.new })?.by, undefined)
  })

  test('an item removed by hand is a deletion one version on', () => {
    const change = changeOf({ old: record('h', 41, a('192.0.2.1')) })
    assert.deepEqual([change?.from, change?.version, change?.new], [41, 42, {}])
  })
})

describe('packing', () => {
  test('several writes to a name become one change, others keep their order', () => {
    const { changes, taken } = packWrites([
      write('a', 0, {}, 10, a('192.0.2.1')),
      write('b', 0, {}, 20, a('192.0.2.9')),
      write('a', 10, a('192.0.2.1'), 11, a('192.0.2.2')),
      write('a', 11, a('192.0.2.2'), 12, a('192.0.2.3')),
    ])
    assert.equal(taken, 4)
    assert.deepEqual(
      changes.map(({ name, from, first, version, old, new: next }) => [name, from, first, version, old, next]),
      [
        ['a.example.org.', 0, 10, 12, {}, a('192.0.2.3')],
        ['b.example.org.', 0, 20, 20, {}, a('192.0.2.9')],
      ],
    )
  })

  test('a sum that leads back to where it began stays a change', () => {
    const { changes } = packWrites([
      write('a', 4, a('192.0.2.1'), 5, a('192.0.2.2')),
      write('a', 5, a('192.0.2.2'), 6, a('192.0.2.1')),
    ])
    assert.deepEqual([changes.length, changes[0]?.from, changes[0]?.version], [1, 4, 6])
  })

  test('a transaction has room for the head, the segment, each zone and each name', () => {
    const many = Array.from({ length: 150 }, (_, i) => write(`n${i}`, 0, {}, i + 1, a('192.0.2.1')))
    assert.equal(packWrites(many).taken, MAX_ACTIONS - 3)
    const spread = Array.from({ length: 150 }, (_, i) => {
      const own = `z${i}.example.org.` as Name
      return { new: record('h', i + 1, a('192.0.2.1'), own) }
    })
    assert.equal(packWrites(spread).taken, (MAX_ACTIONS - 2) / 2)
  })

  test('a segment ends before it outgrows an item, and one write is always taken', () => {
    const big = { TXT: { ttl: 60, rdata: ['x'.repeat(100_000)] } }
    const three = ['a', 'b', 'c'].map((label) => write(label, 0, {}, 1, big))
    assert.equal(packWrites(three).taken, 2)
    const huge = { TXT: { ttl: 60, rdata: ['x'.repeat(MAX_CHANGES_SIZE + 1)] } }
    assert.equal(packWrites([write('h', 0, {}, 1, huge), ...three]).taken, 1)
  })

  test('writes that change nothing are taken without a change', () => {
    assert.deepEqual(packWrites([{ old: record('h', 7, {}) }]), { changes: [], taken: 1 })
    assert.deepEqual(packWrites([]), { changes: [], taken: 0 })
  })
})
