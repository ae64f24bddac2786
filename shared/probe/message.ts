/** Messages in the codec of dns-packet, which is not ours: a defect that encoder and decoder of ours share would go unseen. */
import { decode, encode } from 'dns-packet'
import { Rcode } from '../dns/codes.ts'
import type { Name } from '../dns/name.ts'

export interface Question {
  readonly name: Name
  readonly type: 'A' | 'SOA'
}

export interface Answer {
  readonly rcode: number
  readonly authoritative: boolean
  readonly truncated: boolean
  /** Of the answer section, those of the name that was asked for. */
  readonly addresses: readonly string[]
  readonly serial: number | undefined
}

export function encodeQuestion(id: number, { name, type }: Question): Buffer {
  return encode({ type: 'query', id, flags: 0, questions: [{ name, type }] })
}

/** Undefined for octets that are no answer to this very question, which anybody may send. */
export function readAnswer(octets: Buffer, id: number, question: Question): Answer | undefined {
  const message = decoded(octets)
  const [asked, ...others] = message?.questions ?? []
  if (message === undefined || asked === undefined || others.length > 0) return undefined
  const isOurs = message.flag_qr && message.id === id && opcode(message.flags) === 0
  if (!isOurs || asked.type !== question.type || asked.class !== 'IN' || !isSame(asked.name, question.name))
    return undefined
  const records = (message.answers ?? []).filter(({ name }) => isSame(name, question.name))
  return {
    rcode: (message.flags ?? 0) & 0xf,
    authoritative: message.flag_aa,
    truncated: message.flag_tc,
    addresses: records.flatMap((record) => (record.type === 'A' ? record.data : [])),
    serial: records.flatMap((record) => (record.type === 'SOA' ? (record.data.serial ?? []) : []))[0],
  }
}

/** True for an answer of the zone itself that has this address and no other. */
export function holdsAddress({ rcode, authoritative, truncated, addresses }: Answer, address: string): boolean {
  return rcode === Rcode.NOERROR && authoritative && !truncated && addresses.length === 1 && addresses[0] === address
}

/** An answer in words, for who wonders why it is not right. */
export function describe({ rcode, authoritative, truncated, addresses, serial }: Answer): string {
  if (rcode !== Rcode.NOERROR) return Object.entries(Rcode).find(([, one]) => one === rcode)?.[0] ?? `rcode ${rcode}`
  if (truncated) return 'truncated'
  const held = [...addresses, serial ?? []].flat().join(' ') || 'no record'
  return authoritative ? held : `${held}, not authoritative`
}

// ---------------------------------------------------------------------------

function decoded(octets: Buffer) {
  try {
    return decode(octets)
  } catch {
    return undefined
  }
}

function opcode(flags = 0): number {
  return (flags >> 11) & 0xf
}

/** dns-packet gives names without their final dot, in the case of the message. */
function isSame(given: string, name: Name): boolean {
  return `${given.toLowerCase()}.` === name
}
