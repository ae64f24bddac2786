import fc from 'fast-check'
import { foldCase, type WireName } from '../../shared/dns/name.ts'

const latin1 = (octets: Uint8Array) => Buffer.from(octets).toString('latin1')

/** Labels of any octets, as they may stand in a name of at most 255 octets. */
export const labels: fc.Arbitrary<string[]> = fc
  .array(fc.uint8Array({ minLength: 1, maxLength: 63 }).map(latin1), { maxLength: 12 })
  .map((list) => {
    let room = 254
    return list.filter((label) => {
      const fits = label.length + 1 <= room
      if (fits) room -= label.length + 1
      return fits
    })
  })

/** The wire form of labels, letter case as given. */
export function wireOf(list: readonly string[]): string {
  return `${list.map((label) => String.fromCharCode(label.length) + label).join('')}\0`
}

export const wireName: fc.Arbitrary<WireName> = labels.map((list) => foldCase(wireOf(list)) as WireName)

/** Names that share endings, so that there is something to compress. */
export const relatedName: fc.Arbitrary<WireName> = fc
  .array(fc.constantFrom('a', 'b', 'www', 'ns1', 'example', 'org'), { maxLength: 6 })
  .map((list) => wireOf(list) as WireName)

const u8 = fc.nat(0xff).map((value) => Uint8Array.of(value))
const u16 = fc.nat(0xffff).map((value) => Uint8Array.of(value >> 8, value))
const u32 = fc.uint8Array({ minLength: 4, maxLength: 4 })
const name = fc.oneof(relatedName, wireName).map((text) => Uint8Array.from(text, (c) => c.charCodeAt(0)))
const some = fc.uint8Array({ minLength: 1, maxLength: 40 })
const any = fc.uint8Array({ maxLength: 40 })
const string = fc.uint8Array({ maxLength: 255 }).map((body) => Uint8Array.of(body.length, ...body))
const strings = sequence(string, fc.array(string, { maxLength: 3 }).map(join))
const tag = fc.stringMatching(/^[A-Za-z0-9]{1,15}$/).map((text) => Uint8Array.of(text.length, ...Buffer.from(text)))

/** Values of SvcParams by key; `mandatory` is made up last, of the others. */
const svcValues: Record<string, fc.Arbitrary<Uint8Array>> = {
  1: fc
    .array(
      some.map((id) => Uint8Array.of(id.length, ...id)),
      { minLength: 1, maxLength: 3 },
    )
    .map(join),
  2: fc.constant(new Uint8Array(0)),
  3: u16,
  4: fc.array(u32, { minLength: 1, maxLength: 3 }).map(join),
  5: some,
  6: fc.array(fc.uint8Array({ minLength: 16, maxLength: 16 }), { minLength: 1, maxLength: 3 }).map(join),
  7: some,
  8: fc.constant(new Uint8Array(0)),
  667: any,
  65534: any,
}

const svcParams = fc
  .record(svcValues, { requiredKeys: [] })
  .map((values) => {
    const given = Object.entries(values).map(([key, value]) => [Number(key), value ?? new Uint8Array(0)] as const)
    const hasAlpn = given.some(([key]) => key === 1)
    return given.filter(([key]) => key !== 2 || hasAlpn).sort(([a], [b]) => a - b)
  })
  .chain((params) => fc.tuple(fc.constant(params), fc.subarray(params.map(([key]) => key))))
  .map(([params, mandatory]) => {
    const keys = join(mandatory.map((key) => Uint8Array.of(key >> 8, key)))
    const all = mandatory.length === 0 ? params : [[0, keys] as const, ...params]
    return join(all.map(([key, value]) => Uint8Array.of(key >> 8, key, value.length >> 8, value.length, ...value)))
  })

/** One of the three sizes of LOC: a digit and a power of ten. Only 0 itself has the digit 0. */
const size = fc.oneof(
  fc.constant(Uint8Array.of(0)),
  fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(9)).map(([digit, power]) => Uint8Array.of((digit << 4) | power)),
)

/** Thousandths of a second to both sides of 2^31. */
function angle(degrees: number): fc.Arbitrary<Uint8Array> {
  const most = degrees * 3_600_000
  return fc.integer({ min: -most, max: most }).map((value) => {
    const octets = Buffer.alloc(4)
    octets.writeUInt32BE(2 ** 31 + value)
    return Uint8Array.from(octets)
  })
}

const svcb = sequence(u16, name, svcParams)

/** Canonical rdata in wire form, for every type that is understood and for one that is not. */
export const rdataOf: Readonly<Record<string, fc.Arbitrary<Uint8Array>>> = {
  A: u32,
  NS: name,
  CNAME: name,
  SOA: sequence(name, name, u32, u32, u32, u32, u32),
  PTR: name,
  HINFO: sequence(string, string),
  MX: sequence(u16, name),
  TXT: strings,
  AAAA: fc.oneof(
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    fc.array(fc.constantFrom(0, 0, 1), { minLength: 16, maxLength: 16 }).map((list) => Uint8Array.from(list)),
  ),
  LOC: sequence(fc.constant(Uint8Array.of(0)), size, size, size, angle(90), angle(180), u32),
  SRV: sequence(u16, u16, u16, name),
  NAPTR: sequence(u16, u16, string, string, string, name),
  DNAME: name,
  DS: sequence(u16, u8, u8, some),
  SSHFP: sequence(u8, u8, some),
  TLSA: sequence(u8, u8, u8, some),
  SVCB: svcb,
  HTTPS: svcb,
  SPF: strings,
  URI: sequence(u16, u16, some),
  CAA: sequence(u8, tag, any),
  TYPE65400: any,
}

function sequence(...parts: fc.Arbitrary<Uint8Array>[]): fc.Arbitrary<Uint8Array> {
  return fc.tuple(...parts).map(join)
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
