/** Random zones that hold whatever an answer can turn on. */
import fc from 'fast-check'
import { isAtOrBelow, parseName, type WireName } from '../../../shared/dns/name.ts'
import { labels, plainRRset, type TextRRset, target, ttl, withNames } from './rrsets.ts'

export interface ZoneText {
  readonly origin: string
  readonly text: string
}

/** Zones that are served together: one, two below it, and one beside it; any but the first may be missing. */
export interface Scenario {
  readonly zones: readonly ZoneText[]
  /** Owner names, and names in data: what is worth asking about. */
  readonly names: readonly string[]
  readonly rrsets: readonly OwnedRRset[]
}

export interface OwnedRRset {
  readonly owner: string
  readonly type: string
}

/** A scenario, once it is told where its zones are: a server takes many of them at once, each below a name of its own. */
export type ScenarioPlan = (base: string) => Scenario

export const scenarioPlan: fc.Arbitrary<ScenarioPlan> = fc
  .record({
    children: fc.array(child(), { maxLength: 2 }),
    main: nodes(20),
    beside: nodes(6),
    soas: fc.array(soa(), { minLength: 4, maxLength: 4 }),
    occluded: fc.nat(9).map((dice) => dice === 0),
    moved: fc.option(fc.tuple(alias('DNAME'), plainRRset), { freq: 4 }),
  })
  .map(({ children, main, beside, soas, occluded, moved }) => (base) => {
    const apexes = [`main.${base}`, ...children.map(({ at }) => `${at}.main.${base}`), `beside.${base}`]
    const zones = new Map<WireName, ZoneBuilder>()
    // The zone beside the first is sometimes redirected as a whole: nothing may stand below its apex then.
    const contents = [main, ...children.map((one) => one.nodes), moved ? [{ at: '@', rrsets: moved }] : beside]
    apexes.forEach((origin, i) => {
      if (zones.has(parseName(origin))) return
      const hosts = moved && i === apexes.length - 1 ? [] : [APEX_HOST]
      const zone = new ZoneBuilder(origin, soas[i] as TextRRset, hosts, apexes, occluded)
      zones.set(parseName(origin), zone)
      if (i === 0) for (const { cut } of children) for (const node of cut ?? []) zone.addAll(node)
      for (const node of contents[i] ?? []) zone.addAll(node)
    })
    const all = [...zones.values()]
    return {
      zones: all.map(({ origin, text }) => ({ origin, text })),
      names: all.flatMap(({ names }) => names),
      rrsets: all.flatMap(({ rrsets }) => rrsets),
    }
  })

// ---------------------------------------------------------------------------

/** RRsets of one name; the name is relative to the zone. */
interface Node {
  readonly at: string
  readonly rrsets: readonly TextRRset[]
}

/** Writes a master file. Of two RRsets that cannot stand side by side, the first one stands. */
class ZoneBuilder {
  readonly origin: string
  readonly names: string[] = []
  readonly rrsets: OwnedRRset[] = []
  readonly #apexes: readonly string[]
  readonly #types = new Map<WireName, Set<string>>()
  readonly #lines: string[] = []
  readonly #occluded: boolean

  /** With `occluded`, data may stand below a DNAME: NSD and Knot DNS do not take such a zone. */
  constructor(origin: string, soa: TextRRset, hosts: readonly string[], apexes: readonly string[], occluded: boolean) {
    this.origin = origin
    this.#apexes = apexes
    this.#occluded = occluded
    this.addAll({ at: '@', rrsets: [soa, { type: 'NS', ttl: 300, rdata: [...hosts, 'ns.example.net.'] }] })
    for (const host of hosts) this.addAll({ at: host, rrsets: [{ type: 'A', ttl: 300, rdata: ['192.0.2.1'] }] })
  }

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join('')
  }

  addAll({ at, rrsets }: Node): void {
    for (const { type, ttl, rdata } of rrsets) {
      const owner = withNames(at, this.#apexes)
      const name = parseName(owner, parseName(this.origin))
      const types = this.#types.get(name) ?? new Set()
      const absolute = owner === '@' ? this.origin : `${owner}.${this.origin}`
      this.names.push(absolute)
      if (!fits(type, types) || (!this.#occluded && this.#isOccluded(name, type))) continue
      this.#types.set(name, types.add(type))
      this.rrsets.push({ owner: absolute, type })
      for (const one of rdata) {
        const data = withNames(one, this.#apexes)
        this.#lines.push(`${owner} ${ttl} ${type} ${data}`)
        this.names.push(...data.split(' ').filter((word) => /[^.\\]\.$/.test(word)))
      }
    }
  }

  /** True if the RRset would stand below a DNAME, or be a DNAME with data below it. */
  #isOccluded(name: WireName, type: string): boolean {
    for (const [other, types] of this.#types) {
      if (other === name) continue
      if (types.has('DNAME') && isAtOrBelow(name, other)) return true
      if (type === 'DNAME' && isAtOrBelow(other, name)) return true
    }
    return false
  }
}

/** No label of what is random, so that it is never below a zone cut: BIND does not take such a zone. */
const APEX_HOST = 'host'

function fits(type: string, beside: ReadonlySet<string>): boolean {
  if (beside.has(type) || beside.has('CNAME')) return false
  if (type === 'CNAME') return beside.size === 0
  if (type === 'DS') return beside.has('NS') && !beside.has('SOA') // RFC 4034 5
  if (beside.has('SOA')) return true
  return !(type === 'DNAME' && beside.has('NS')) && !(type === 'NS' && beside.has('DNAME')) // RFC 6672 2.4
}

function nodes(maxLength: number): fc.Arbitrary<Node[]> {
  const at = fc.oneof({ weight: 15, arbitrary: labels(1, 4) }, fc.constant('@'))
  const plain = fc.record({ at, rrsets: fc.array(plainRRset, { minLength: 1, maxLength: 3 }) })
  const cname = fc.record({ at, rrsets: fc.tuple(alias('CNAME')) })
  const dname = fc.record({ at, rrsets: fc.tuple(alias('DNAME'), plainRRset) })
  const one = fc.oneof(
    { weight: 8, arbitrary: plain.map((node) => [node]) },
    { weight: 3, arbitrary: cname.map((node) => [node]) },
    { weight: 1, arbitrary: dname.map((node) => [node]) },
    { weight: 2, arbitrary: cutName(3).chain(cutAt) },
  )
  return fc.array(one, { minLength: 1, maxLength, size: 'max' }).map((lists) => lists.flat())
}

function alias(type: 'CNAME' | 'DNAME'): fc.Arbitrary<TextRRset> {
  return fc.record({ type: fc.constant(type), ttl, rdata: fc.tuple(target) })
}

/** A delegation: servers at, below and beside the cut, addresses of one below it, and perhaps data at the cut itself. */
function cutAt(at: string): fc.Arbitrary<Node[]> {
  const host = fc.oneof(target, fc.constant(at), fc.constant(`ns.${at}`), labels(1, 2))
  const ns = fc.record({ type: fc.constant('NS'), ttl, rdata: fc.uniqueArray(host, { minLength: 1, maxLength: 4 }) })
  const ds: TextRRset = { type: 'DS', ttl: 300, rdata: [`12345 13 2 ${'0123456789ABCDEF'.repeat(4)}`] }
  return fc
    .record({ ns, ds: fc.boolean(), beside: fc.option(plainRRset), glue: fc.array(plainRRset, { maxLength: 2 }) })
    .map(({ ns, ds: signed, beside, glue }) => [
      { at, rrsets: [ns, ...(signed ? [ds] : []), ...(beside ? [beside] : [])] },
      { at: `ns.${at}`, rrsets: glue },
    ])
}

/** BIND takes no zone with an NS RRset at a wildcard, which RFC 4592 4.2 advises against. */
function cutName(maxLength: number): fc.Arbitrary<string> {
  return labels(1, maxLength).map((at) => at.replace(/^(\*|\\042)(?=\.|$)/, 'w'))
}

/** A zone below the first one, which may know of it or not. */
function child() {
  return cutName(2).chain((at) => fc.record({ at: fc.constant(at), cut: fc.option(cutAt(at)), nodes: nodes(6) }))
}

function soa(): fc.Arbitrary<TextRRset> {
  const seconds = fc.constantFrom(0, 5, 60, 3600, 86400)
  return fc.tuple(seconds, seconds).map(([ttl, minimum]) => ({
    type: 'SOA',
    ttl,
    rdata: [`ns hostmaster 1 3600 600 86400 ${minimum}`],
  }))
}
