import { decode } from 'dns-packet'
import type { Transport } from '../../../responder/metrics/families.ts'
import { Rcode } from '../../../shared/dns/codes.ts'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import type { Message, ResourceRecord } from '../../../shared/dns/message.ts'
import { WireError } from '../../../shared/dns/wire.ts'

export interface Exchange {
  readonly request: Buffer
  readonly reply: Buffer | undefined
  readonly transport: Transport
  /** The links that are configured drop what they do not like. */
  readonly mayBeSilent: boolean
}

/** What is wrong with a reply, whatever the request was; undefined: nothing. */
export function faultOf({ request, reply, transport, mayBeSilent }: Exchange): string | undefined {
  const isNoRequest = request.length < HEADER || ((request[2] as number) & QR) !== 0
  if (isNoRequest) return reply && 'an answer where there is to be silence'
  if (reply === undefined) return mayBeSilent ? undefined : 'silence where an answer is due'
  let message: Message
  try {
    message = decodeMessage(reply)
  } catch (error) {
    return `the reply cannot be read: ${error}`
  }
  const known: Known = { request, asked: readable(request), reply, message, transport }
  for (const [fault, isThere] of FAULTS) if (isThere(known)) return fault
  return faultForOthers(reply, message)
}

// ---------------------------------------------------------------------------

const HEADER = 12
const QR = 0x80

interface Known {
  readonly request: Buffer
  /** The request as the reader of clients has it; undefined if it is broken. */
  readonly asked: Message | undefined
  readonly reply: Buffer
  readonly message: Message
  readonly transport: Transport
}

const RCODES: ReadonlySet<number> = new Set(Object.values(Rcode))
const WITH_ANSWERS: ReadonlySet<number> = new Set([Rcode.NOERROR, Rcode.NXDOMAIN, Rcode.YXDOMAIN])

const FAULTS: readonly (readonly [fault: string, isThere: (known: Known) => boolean])[] = [
  ['another id', ({ request, reply }) => reply.readUInt16BE(0) !== request.readUInt16BE(0)],
  ['no response', ({ message }) => !message.qr],
  ['another opcode', ({ request, reply }) => (((reply[2] as number) ^ (request[2] as number)) & 0x78) !== 0],
  ['RD is not as it was', ({ request, reply }) => (((reply[2] as number) ^ (request[2] as number)) & 1) !== 0],
  ['RA, Z or AD is set', ({ reply }) => ((reply[3] as number) & 0xe0) !== 0],
  ['TC where there is no limit', ({ message, transport }) => message.tc && transport !== 'udp'],
  ['larger than the asker takes', (known) => known.reply.length > limitOf(known)],
  ['more than one question', ({ message }) => message.questions.length > 1],
  [
    'the question was not asked',
    ({ request, message }) => message.questions.some(({ wire }) => !isEcho(wire, request)),
  ],
  ['no question', ({ asked, message }) => asked?.questions.length === 1 && message.questions.length === 0],
  ['an OPT record unasked', ({ request, asked, message }) => message.edns !== undefined && !speaksEdns(request, asked)],
  ['no OPT record', ({ asked, message }) => asked?.edns !== undefined && message.edns === undefined],
  ['EDNS of another version', ({ message }) => (message.edns?.version ?? 0) !== 0],
  [
    'DO is not as it was',
    ({ asked, message }) => asked?.edns?.dnssecOk !== message.edns?.dnssecOk && asked !== undefined,
  ],
  ['an rcode that is not known', ({ message }) => !RCODES.has(message.rcode)],
  ['SERVFAIL', ({ message }) => message.rcode === Rcode.SERVFAIL],
  ['FORMERR for a request that can be read', ({ asked, message }) => isSound(asked) && message.rcode === Rcode.FORMERR],
  ['BADVERS for version 0', ({ asked, message }) => asked?.edns?.version === 0 && message.rcode === Rcode.BADVERS],
  ['AA of what is refused', ({ message }) => message.aa && !WITH_ANSWERS.has(message.rcode)],
  ['records with a refusal', ({ message }) => message.answer.length > 0 && !WITH_ANSWERS.has(message.rcode)],
  ['a record twice', ({ message }) => [message.answer, message.authority, message.additional].some(hasTwice)],
]

/** What dns-packet, another reader, makes of a reply. */
function faultForOthers(reply: Buffer, message: Message): string | undefined {
  try {
    const { answers = [], authorities = [], additionals = [] } = decode(reply)
    const opt = message.edns === undefined ? 0 : 1
    const same =
      answers.length === message.answer.length &&
      authorities.length === message.authority.length &&
      additionals.length === message.additional.length + opt
    return same ? undefined : 'dns-packet sees other records'
  } catch (error) {
    return `dns-packet cannot read it: ${error}`
  }
}

function readable(request: Buffer): Message | undefined {
  try {
    return decodeMessage(request)
  } catch (error) {
    if (error instanceof WireError) return undefined
    throw error
  }
}

/** True for a query of one question whose options are nobody's business but the sender's. */
function isSound(asked: Message | undefined): boolean {
  return asked?.opcode === 0 && asked.questions.length === 1 && (asked.edns?.options.length ?? 0) === 0
}

/** The lesser of what the asker takes and what the responder says to be its limit. */
function limitOf({ asked, message, transport }: Known): number {
  if (transport !== 'udp') return 65535
  const ours = message.edns?.udpSize ?? 512
  return asked === undefined ? ours : Math.min(Math.max(asked.edns?.udpSize ?? 512, 512), ours)
}

function isEcho(question: Uint8Array, request: Buffer): boolean {
  return request.subarray(HEADER, HEADER + question.length).equals(question)
}

/** Where the request is broken it is enough that there may be an OPT record in it. */
function speaksEdns(request: Buffer, asked: Message | undefined): boolean {
  return asked === undefined ? request.includes(OPT_TYPE) : asked.edns !== undefined
}

const OPT_TYPE = Buffer.of(0, 0, 41)

function hasTwice(section: readonly ResourceRecord[]): boolean {
  if (section.length < 2) return false
  const keys = section.map(({ owner, type, rdata }) => `${owner}${type} ${Buffer.from(rdata).toString('latin1')}`)
  return new Set(keys).size < keys.length
}
