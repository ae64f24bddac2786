import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { OwnedRRset } from '../../../responder/zones/packed.ts'
import type { Update } from '../../../responder/zones/update.ts'
import type { Zone, ZoneHeader } from '../../../responder/zones/zone.ts'
import { Type } from '../../../shared/dns/codes.ts'
import { isAtOrBelow, parentName, parseName, type WireName } from '../../../shared/dns/name.ts'
import { parseRdata } from '../../../shared/dns/rdata.ts'
import { namesUpdate, Served } from '../served.ts'

const apex = parseName('example.org.')
const address = [{ type: Type.A, ttl: 300, rdata: [Uint8Array.of(192, 0, 2, 1)] }]
const cut = [{ type: Type.NS, ttl: 300, rdata: [parseRdata(Type.NS, 'ns.example.net.')] }]
const none: readonly OwnedRRset[] = []
const dname = [{ type: Type.DNAME, ttl: 300, rdata: [parseRdata(Type.DNAME, 'example.net.')] }]

const labels = fc.array(fc.constantFrom('a', 'b', 'c', '*'), { maxLength: 4 })
const name = labels.map((list) => parseName([...list, 'example.org.'].join('.')))
const step = fc.record({ name, rrsets: fc.constantFrom(address, cut, dname, none, none) })

describe('a zone under any sequence of changes', () => {
  test('names exist if they or names below them own RRsets, and the apex always', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), name, (steps, asked) => {
        const { zone, owned, served } = build(steps)
        const exists = (wanted: WireName) =>
          wanted === apex || [...owned.keys()].some((owner) => isAtOrBelow(owner, wanted))
        assert.equal(zone.exists(asked), exists(asked))
        assert.equal(served.table.zone(apex).names, owned.size)
        for (const { name: other } of steps) assert.equal(zone.exists(other), exists(other))
        if (!exists(asked)) assert.equal(zone.closestEncloser(asked), ancestors(asked).find(exists))
      }),
    )
  })

  test('the highest zone cut or DNAME hides what is below', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), name, (steps, asked) => {
        const { zone, owned } = build(steps)
        const hides = (owner: WireName) => owned.get(owner) === dname || (owned.get(owner) === cut && owner !== apex)
        assert.equal(zone.hiding(asked), [asked, ...ancestors(asked)].findLast(hides))
      }),
    )
  })

  test('when all names are removed nothing is left', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { zone, served } = build([...steps, ...steps.map((each) => ({ name: each.name, rrsets: none }))])
        assert.equal(served.table.zone(apex).names, 0)
        for (const each of steps) assert.equal(zone.exists(each.name), each.name === apex)
      }),
    )
  })
})

describe('the apex', () => {
  const header = headerOf(apex)
  const stored: readonly OwnedRRset[] = [
    { type: Type.NS, ttl: 5, rdata: [parseRdata(Type.NS, 'other.example.net.')] },
    { type: Type.MX, ttl: 5, rdata: [parseRdata(Type.MX, '10 mail.example.org.')] },
  ]

  test('has SOA and NS of the header, and what else the store has', () => {
    const zone = zoneOf(served(apex), namesUpdate(apex, [[apex, stored]]))
    assert.deepEqual(zone.rrset(apex, Type.SOA), header.soa)
    assert.deepEqual(zone.rrset(apex, Type.NS), header.ns)
    assert.equal(zone.rrset(apex, Type.MX)?.ttl, 5)
    assert.deepEqual(
      zone.rrsets(apex).map(({ type }) => type),
      [Type.SOA, Type.NS, Type.MX],
    )
  })

  test('is no zone cut', () => {
    const zone = zoneOf(served(apex), namesUpdate(apex, [[apex, stored]]))
    assert.equal(zone.hiding(parseName('www.example.org.')), undefined)
  })
})

describe('many zones', () => {
  const inner = parseName('sub.example.org.')

  test('the closest apex has a name', () => {
    const { zones } = new Served(served(apex), served(inner))
    assert.equal(zones.find(parseName('www.example.org.'), Type.A)?.apex, apex)
    assert.equal(zones.find(parseName('a.b.sub.example.org.'), Type.A)?.apex, inner)
    assert.equal(zones.find(inner, Type.A)?.apex, inner)
    assert.equal(zones.find(parseName('xsub.example.org.'), Type.A)?.apex, apex)
    assert.equal(zones.find(parseName('org.'), Type.A), undefined)
  })

  test('a zone without header is not served, and its names stay for the day it is', () => {
    const replica = new Served(served(apex), namesUpdate(inner, [[parseName('www.sub.example.org.'), address]]))
    assert.equal(replica.zones.find(parseName('www.sub.example.org.'), Type.A)?.apex, apex)
    replica.apply([served(inner)])
    assert.ok(replica.zones.find(parseName('www.sub.example.org.'), Type.A)?.exists(parseName('www.sub.example.org.')))
    replica.apply([{ kind: 'zone', apex: inner }])
    assert.equal(replica.zones.find(parseName('www.sub.example.org.'), Type.A)?.apex, apex)
  })

  test('the root can be a zone', () => {
    const root = parseName('.')
    const { zones } = new Served(served(root), namesUpdate(root, [[parseName('a.b.'), address]]))
    assert.equal(zones.find(parseName('x.y.'), Type.A)?.apex, root)
    const zone = zones.find(root, Type.DS)
    assert.equal(zone?.apex, root)
    assert.ok(zone?.exists(parseName('b.')))
    assert.equal(zone?.closestEncloser(parseName('x.y.')), root)
  })
})

// ---------------------------------------------------------------------------

type Step = { readonly name: WireName; readonly rrsets: readonly OwnedRRset[] }

/** The zone after all steps, and what each name owns then by a plain map. */
function build(steps: readonly Step[]): { zone: Zone; served: Served; owned: Map<WireName, readonly OwnedRRset[]> } {
  const all = new Served(served(apex))
  const owned = new Map<WireName, readonly OwnedRRset[]>()
  for (const { name: owner, rrsets } of steps) {
    all.apply([namesUpdate(apex, [[owner, rrsets]])])
    if (rrsets.length === 0) owned.delete(owner)
    else owned.set(owner, rrsets)
  }
  return { zone: all.zones.find(apex, Type.A) ?? assert.fail(), served: all, owned }
}

function served(owner: WireName): Update {
  return { kind: 'zone', apex: owner, header: headerOf(owner) }
}

function zoneOf(...updates: readonly Update[]): Zone {
  return new Served(...updates).zones.find(apex, Type.A) ?? assert.fail()
}

/** From the parent up to the apex. */
function ancestors(wire: WireName): WireName[] {
  const list: WireName[] = []
  for (let at = wire; at !== apex; ) {
    at = parentName(at)
    list.push(at)
  }
  return list
}

function headerOf(owner: WireName): ZoneHeader {
  const soa = parseRdata(Type.SOA, 'ns.example.net. hostmaster.example.net. 1 3600 600 86400 60')
  return {
    soa: { owner, type: Type.SOA, ttl: 3600, rdata: [soa] },
    ns: { owner, type: Type.NS, ttl: 300, rdata: [parseRdata(Type.NS, 'ns.example.net.')] },
  }
}
