import * as v from 'valibot'
import { Type } from '../../shared/dns/codes.ts'
import { parseName, type WireName } from '../../shared/dns/name.ts'
import { parseRdata } from '../../shared/dns/rdata.ts'
import type { RRset } from '../../shared/dns/rrset.ts'
import { readable } from '../config/readable.ts'
import { defineLink } from '../link.ts'

const weight = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65535))
const weightsOfAddresses = v.pipe(
  v.record(readable(addressOf), weight),
  apart((text) => keyOf(addressOf(text))),
)
const weightsOfNames = v.pipe(v.record(readable(parseName), weightsOfAddresses), apart(parseName))

/**
 * Puts the addresses of an answer into another order, for most clients take the first. Other types keep theirs: MX and
 * SRV say themselves which is to be preferred (RFC 5321 5.1, RFC 2782).
 */
export const loadbalance = defineLink({
  name: 'loadbalance',
  settings: v.variant('policy', [
    v.strictObject({ policy: v.literal('round_robin') }),
    v.strictObject({ policy: v.literal('weighted'), weights: weightsOfNames }),
  ]),
  usual: { policy: 'round_robin' },
  create(settings, { random = Math.random }) {
    const weights = weightsIn(settings)

    function ordered(rrset: RRset): RRset {
      const { owner, type, rdata } = rrset
      if (rdata.length < 2 || (type !== Type.A && type !== Type.AAAA)) return rrset
      const own = weights.get(owner)
      if (own === undefined) return { ...rrset, rdata: rotated(rdata, Math.floor(random() * rdata.length)) }
      return {
        ...rrset,
        rdata: withFirst(rdata, pickOne(rdata, own, random)),
      }
    }

    return (next) => (request) => {
      const reply = next(request)
      if (!hasAddresses(reply.answer) && !hasAddresses(reply.additional)) return reply
      return { ...reply, answer: reply.answer.map(ordered), additional: reply.additional.map(ordered) }
    }
  },
})

/** Weights of addresses, by the name that owns them; what is not there counts as 1. */
export type Weights = ReadonlyMap<WireName, AddressWeights>
export type AddressWeights = ReadonlyMap<string, number>

/** The weights that the settings of the link hold, if there are any. */
export function weightsIn(settings: v.InferOutput<typeof loadbalance.settings & object> | undefined): Weights {
  if (settings?.policy !== 'weighted') return NO_WEIGHTS
  return new Map(
    Object.entries(settings.weights).map(([name, weights]) => [
      parseName(name),
      new Map(Object.entries(weights).map(([address, share]) => [keyOf(addressOf(address)), share])),
    ]),
  )
}

/** The index of one of the addresses, by their weights. */
export function pickOne(addresses: readonly Uint8Array[], weights: AddressWeights, random: () => number): number {
  return pick(
    addresses.map((address) => weights.get(keyOf(address)) ?? 1),
    random,
  )
}

/** The index of one of the weights, each as likely as its share of all; any of them where all are 0. */
export function pick(weights: readonly number[], random: () => number): number {
  const sum = weights.reduce((all, one) => all + one, 0)
  if (sum === 0) return Math.floor(random() * weights.length)
  let left = random() * sum
  return weights.findIndex((one) => {
    left -= one
    return left < 0
  })
}

// ---------------------------------------------------------------------------

function hasAddresses(rrsets: readonly RRset[]): boolean {
  for (const { type, rdata } of rrsets) if (rdata.length > 1 && (type === Type.A || type === Type.AAAA)) return true
  return false
}

/** The list begun at another place: the octets of the RRs stay where they are. */
function rotated<T>(list: readonly T[], by: number): readonly T[] {
  return by === 0 ? list : [...list.slice(by), ...list.slice(0, by)]
}

function withFirst<T>(list: readonly T[], index: number): readonly T[] {
  return index === 0 ? list : [list[index] as T, ...list.slice(0, index), ...list.slice(index + 1)]
}

const NO_WEIGHTS: Weights = new Map()

/** Of two ways to write the same only one may be there, or it would be left to chance what holds. */
function apart<T>(meaning: (key: string) => string) {
  return v.rawCheck<Readonly<Record<string, T>>>(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.issues !== undefined) return
    const keys = Object.keys(dataset.value)
    if (new Set(keys.map((key) => meaning(key))).size < keys.length) addIssue({ message: 'two keys mean the same' })
  })
}

function addressOf(text: string): Uint8Array {
  return parseRdata(text.includes(':') ? Type.AAAA : Type.A, text)
}

function keyOf(address: Uint8Array): string {
  return Buffer.from(address.buffer, address.byteOffset, address.length).toString('latin1')
}
