import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { NameLabels } from '../../../responder/table/labels.ts'
import { EPOCH_WORD, MAX_READERS, PAGE, WORD } from '../../../responder/table/memory.ts'
import { TableReader } from '../../../responder/table/reader.ts'
import { Table } from '../../../responder/table/table.ts'
import type { OwnedRRset } from '../../../responder/zones/packed.ts'
import { applyUpdates } from '../../../responder/zones/update.ts'
import { Zones } from '../../../responder/zones/zones.ts'
import { Type } from '../../../shared/dns/codes.ts'
import { parseName, type WireName } from '../../../shared/dns/name.ts'
import { zoneUpdates } from '../scenario.ts'
import { namesUpdate, Served } from '../served.ts'

const origin = 'example.org.'
const apex = parseName(origin)
const header = zoneUpdates(origin, '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns.example.net.')
const text = (size: number, fill = 7): OwnedRRset => ({
  type: Type.TXT,
  ttl: 300,
  rdata: [new Uint8Array(size).fill(fill)],
})
const nameOf = (label: string | number) => parseName(`${label}.${origin}`)

describe('what was put in is found', () => {
  const label = fc.constantFrom('a', 'b', 'c', 'd', 'e.a', 'f.a', 'g.h.b', '*.c')
  const size = fc.oneof(fc.constant(-1), fc.nat(300), fc.nat(60_000))
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.tuple(label, size, fc.nat(255)) },
    fc.constantFrom('renew', 'serve', 'tidy'),
  )

  test('whatever is changed, made anew and tidied up in between', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const served = new Served(...header)
        let found = new Map<WireName, OwnedRRset>() // what is served
        let made: Map<WireName, OwnedRRset> | undefined // what is made anew beside that
        for (const each of steps) {
          if (each === 'tidy') served.table.tidy()
          else if (each === 'renew') {
            served.apply([{ kind: 'renew', apex }])
            made = new Map()
          } else if (each === 'serve') {
            served.apply(header)
            found = made ?? found
            made = undefined
          } else {
            const [where, octets, fill] = each
            const name = nameOf(where)
            served.apply([namesUpdate(apex, [[name, octets < 0 ? [] : [text(octets, fill)]]])])
            const names = made ?? found
            if (octets < 0) names.delete(name)
            else names.set(name, text(octets, fill))
          }
        }
        const zone = served.zones.find(apex, Type.A)
        for (const where of ['a', 'b', 'c', 'd', 'e.a', 'f.a', 'g.h.b', '*.c']) {
          const owner = nameOf(where)
          const expected = found.get(owner)
          assert.deepEqual(zone?.rrset(owner, Type.TXT), expected && { owner, ...expected }, where)
        }
        assert.equal(zone?.exists(nameOf('h.b')), found.has(nameOf('g.h.b')))
      }),
      { numRuns: 100 },
    )
  })

  test('by a reader that was there before the table grew', () => {
    const served = new Served(...header)
    const early = new Zones(new TableReader(served.table.memory, 2))
    fill(served, 50_000)
    served.apply([
      namesUpdate(apex, [[nameOf('large'), [text(65_000), text(65_000)].map((one, i) => ({ ...one, type: 16 + i }))]]),
    ])
    const zone = early.find(apex, Type.A)
    for (const i of [0, 1, 777, 49_999]) assert.equal(zone?.rrset(nameOf(i), Type.TXT)?.rdata[0]?.length, 20)
    assert.equal(zone?.rrset(nameOf('large'), 17)?.rdata[0]?.length, 65_000)
  })
})

describe('memory', () => {
  test('is used again when names go and others of another size come', () => {
    const served = new Served(...header)
    fill(served, 40_000)
    const { octets } = served.table.status()
    for (const size of [60, 20, 200, 90, 20]) {
      empty(served, 40_000)
      tidy(served.table)
      fill(served, (40_000 * 20) / size, size)
    }
    assert.ok(served.table.status().octets <= 2.5 * octets, `${served.table.status().octets} of ${octets}`)
  })

  test('holds nothing more when all names are gone', () => {
    const served = new Served(...header)
    tidy(served.table)
    const { usedOctets, entries } = served.table.status()
    fill(served, 1000)
    empty(served, 1000)
    tidy(served.table)
    assert.deepEqual({ ...served.table.status(), octets: 0 }, { usedOctets, entries, octets: 0 })
  })

  test('a zone that is made anew takes that of the one before', () => {
    const served = new Served(...header)
    fill(served, 20_000)
    tidy(served.table)
    const before = served.table.status()
    for (let i = 0; i < 12; i++) {
      served.apply([{ kind: 'renew', apex }])
      fill(served, 20_000)
      served.apply(header)
      tidy(served.table)
    }
    assert.equal(served.table.status().entries, before.entries)
    assert.ok(served.table.status().octets < 3 * before.octets)
  })

  test('with holes is closed up, and every name stays where it can be found', () => {
    const served = new Served(...header)
    fill(served, 120_000, 60)
    const kept = (i: number) => i % 10 === 3
    for (let i = 0; i < 120_000; i += 1000) {
      const gone = Array.from({ length: 1000 }, (_, k) => i + k).filter((k) => !kept(k))
      served.apply([
        namesUpdate(
          apex,
          gone.map((k) => [nameOf(k), []]),
        ),
      ])
    }
    tidy(served.table)
    // What was in the way is free for entries of another size: these need no more than there was.
    const { octets } = served.table.status()
    fill(served, 20_000, 300, 'x')
    assert.equal(served.table.status().octets, octets)
    const zone = served.zones.find(apex, Type.A)
    for (let i = 0; i < 120_000; i++) assert.equal(zone?.exists(nameOf(i)), kept(i), String(i))
  })
})

describe('a table that is full', () => {
  const name = fc.tuple(fc.nat(400), fc.nat(9)).map(([one, other]) => `${one}.${'e.'.repeat(other)}${other}`)
  const size = fc.oneof(fc.constant(-1), fc.nat(2000), fc.nat(60_000))

  test('refuses changes as a whole, tidies up, and takes others when names are gone', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, size), { minLength: 400, maxLength: 800 }), (steps) => {
        const table = new Table(new SharedArrayBuffer(PAGE * WORD, { maxByteLength: 110 * PAGE * WORD }))
        applyUpdates(table, header)
        const zones = new Zones(new TableReader(table.memory, 1))
        const sizes = new Map<string, number>()
        let refused = 0
        for (const [where, octets] of [...steps, ...steps, ...steps]) {
          try {
            applyUpdates(table, [namesUpdate(apex, [[nameOf(where), octets < 0 ? [] : [text(octets)]]])])
            if (octets < 0) sizes.delete(where)
            else sizes.set(where, octets)
          } catch (error) {
            assert.match(String(error), /^RangeError: the answer table is full/)
            refused++
          }
        }
        assert.ok(refused > 0)
        const zone = zones.find(apex, Type.A)
        for (const [where] of steps)
          assert.equal(zone?.rrset(nameOf(where), Type.TXT)?.rdata[0]?.length, sizes.get(where), where)
        for (const where of sizes.keys()) applyUpdates(table, [namesUpdate(apex, [[nameOf(where), []]])])
        tidy(table)
        assert.equal(table.status().entries, 2)
        applyUpdates(table, [namesUpdate(apex, [[nameOf('large'), [text(65_000)]]])])
      }),
      { numRuns: 10 },
    )
  })

  test('lets go of zones', () => {
    const table = new Table(new SharedArrayBuffer(PAGE * WORD, { maxByteLength: 110 * PAGE * WORD }))
    applyUpdates(table, header)
    const put = () => applyUpdates(table, [namesUpdate(apex, [[nameOf('large'), [text(65_000)]]])])
    assert.throws(() => Array.from({ length: 1000 }, put), /is full/) // what is put aside is not given back meanwhile
    applyUpdates(table, [
      { kind: 'renew', apex },
      { kind: 'zone', apex },
    ])
    tidy(table)
    assert.equal(table.status().entries, 0)
    applyUpdates(table, header)
    put()
  })
})

describe('a reader', () => {
  test('has what it found for as long as it is there', () => {
    const served = new Served(...header, namesUpdate(apex, [[nameOf('www'), [text(40, 1)]]]))
    served.zones.enter()
    const zone = served.zones.find(apex, Type.A)
    for (let i = 0; i < 5000; i++) served.apply([namesUpdate(apex, [[nameOf('www'), [text(40, i)]]])])
    served.apply([namesUpdate(apex, [[nameOf('www'), []]])])
    for (let i = 0; i < 10; i++) served.table.tidy()
    assert.ok(served.table.status().usedOctets > 5000 * 40, 'nothing was given away')
    assert.equal(zone?.exists(nameOf('www')), false)
    served.zones.leave()
    tidy(served.table)
    assert.ok(served.table.status().usedOctets < 5000 * 40)
  })

  test('that found a zone before another took its place has all its names until it leaves', () => {
    const served = new Served(...header, namesUpdate(apex, [[nameOf('www'), [text(4)]]]))
    served.zones.enter()
    const before = served.zones.find(apex, Type.A)
    served.apply([{ kind: 'renew', apex }, ...header])
    for (let i = 0; i < 10; i++) served.table.tidy()
    assert.equal(before?.exists(nameOf('www')), true)
    assert.equal(served.zones.find(apex, Type.A)?.exists(nameOf('www')), true, 'as it follows an alias, too')
    served.zones.leave()
    assert.equal(served.zones.find(apex, Type.A)?.exists(nameOf('www')), false)
    tidy(served.table)
    assert.equal(served.table.status().entries, 2)
  })

  test('that found a zone which is no longer served has its SOA until it leaves', () => {
    const served = new Served(...header, namesUpdate(apex, [[nameOf('www'), [text(4)]]]))
    served.zones.enter()
    const zone = served.zones.find(apex, Type.A)
    served.apply([{ kind: 'zone', apex }])
    assert.equal(zone?.negativeSoa?.ttl, 60)
    served.zones.leave()
    assert.equal(served.zones.find(apex, Type.A), undefined)
    served.apply([namesUpdate(apex, [[apex, [text(5)]]]), ...header])
    assert.equal(served.zones.find(apex, Type.A)?.rrset(apex, Type.TXT)?.rdata[0]?.length, 5)
    served.apply([
      namesUpdate(
        apex,
        [apex, nameOf('www')].map((name) => [name, []]),
      ),
      { kind: 'zone', apex },
    ])
    tidy(served.table)
    assert.equal(served.table.status().entries, 0)
  })

  for (const epoch of [2 ** 31 - 3, -3]) {
    test(`has what it found for as long as it is there, from epoch ${epoch} on`, () => {
      const served = new Served(...header, namesUpdate(apex, [[nameOf('www'), [text(40, 1)]]]))
      served.table.memory.words[EPOCH_WORD] = epoch
      for (let i = 0; i < 6; i++) {
        served.zones.enter()
        const { usedOctets } = served.table.status()
        served.apply([{ kind: 'renew', apex }, ...header, namesUpdate(apex, [[nameOf('www'), [text(40, i)]]])])
        for (let k = 0; k < 3; k++) served.table.tidy()
        assert.ok(served.table.status().usedOctets > usedOctets)
        served.zones.leave()
        tidy(served.table)
        assert.equal(served.table.status().entries, 3)
      }
    })
  }

  test('that is gone in the middle keeps nothing', () => {
    const served = new Served(...header)
    tidy(served.table)
    const { usedOctets } = served.table.status()
    served.zones.enter()
    for (let i = 0; i < 5000; i++) served.apply([namesUpdate(apex, [[nameOf('www'), [text(40, i)]]])])
    served.table.forget(1)
    tidy(served.table)
    assert.ok(served.table.status().usedOctets < usedOctets + 1000)
  })

  test('needs a number below the largest', () => {
    assert.throws(() => new TableReader(new Served().table.memory, MAX_READERS), /at most 256 readers/)
  })
})

test('a name is found in whatever letter case it was hashed, and none that only looks alike', () => {
  const octets = fc.uint8Array({ minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(octets, octets, (one, other) => {
      const wire = (label: Uint8Array) => `${String.fromCharCode(label.length, ...label)}${apex}` as WireName
      const lower = (label: Uint8Array) => label.map((octet) => (octet >= 65 && octet <= 90 ? octet + 32 : octet))
      const served = new Served(...header, namesUpdate(apex, [[wire(lower(one)), [text(3)]]]))
      const zone = served.zones.find(apex, Type.A)
      assert.equal(zone?.exists(wire(one)), true)
      assert.equal(zone?.exists(wire(other)), Buffer.compare(lower(one), lower(other)) === 0)
    }),
  )
})

// ---------------------------------------------------------------------------

function fill(served: Served, count: number, size = 20, prefix = ''): void {
  for (let i = 0; i < count; i += 1000) {
    const names = Array.from({ length: Math.min(1000, count - i) }, (_, k) => i + k)
    served.apply([
      namesUpdate(
        apex,
        names.map((k) => [nameOf(`${prefix}${k}`), [text(size)]]),
      ),
    ])
  }
}

function empty(served: Served, count: number): void {
  for (let i = 0; i < count; i += 1000) {
    const names = Array.from({ length: 1000 }, (_, k) => i + k)
    served.apply([
      namesUpdate(
        apex,
        names.map((k) => [nameOf(k), []]),
      ),
    ])
  }
}

function tidy(table: Table): void {
  for (let i = 0; table.tidy(); i++) assert.ok(i < 100_000, 'it comes to an end')
}

test('names whose hashes are the same whatever the seed cannot be chosen', () => {
  // The uppermost bit of a word is left alone by a multiplication, and cancelled in the next word where it went by shifts.
  const pair = Buffer.from('example-')
  const other = Buffer.from(pair)
  for (const [at, flip] of [
    [2, 0x80],
    [5, 0x01],
    [6, 0x80],
  ] as const)
    other[at] = (other[at] as number) ^ flip
  let alike = 0
  for (let seed = 0; seed < 1000; seed++) {
    const [one, two] = [pair, other].map((label) => {
      const name = `${String.fromCharCode(label.length)}${label.toString('latin1')}${apex}` as WireName
      return new NameLabels(Math.imul(seed, 0x9e3779b1)).of(name).hashes[0]
    })
    if (one === two) alike++
  }
  assert.ok(alike < 10, `${alike} of 1000`)
})
