import { Class, Rcode, Type } from '../../shared/dns/codes.ts'
import type { Reply } from '../../shared/dns/message.ts'
import { formatName } from '../../shared/dns/name.ts'
import { typeMnemonic } from '../../shared/dns/rdata.ts'
import type { Request } from '../link.ts'

/** A request and what was sent. */
export interface Exchange {
  readonly request: Request
  readonly reply: Reply
  /** Undefined if nothing was sent. */
  readonly message: Uint8Array | undefined
  /** When the request came, in milliseconds since 1970. */
  readonly at: number
  readonly milliseconds: number
}

export const CLASSES = ['success', 'denial', 'error'] as const
export type ReplyClass = (typeof CLASSES)[number]

/** The classes of CoreDNS. Silence is an error: somebody waits for an answer. */
export function classOf({ rcode, answer, authority }: Reply, message: Uint8Array | undefined): ReplyClass {
  if (message === undefined) return 'error'
  if (rcode === Rcode.NXDOMAIN) return 'denial'
  if (rcode !== Rcode.NOERROR) return 'error'
  return answer.length > 0 || authority[0]?.type === Type.NS ? 'success' : 'denial'
}

/** The common log format of CoreDNS. Whatever octets a name has, this is one line, and no field can end early. */
export function formatText(exchange: Exchange): string {
  const { remote, port, id, type, class: of, name, proto, size, do: ok, bufsize, ...rest } = fieldsOf(exchange)
  const client = remote.includes(':') ? `[${remote}]` : remote
  const asked = `${type} ${of} ${name} ${proto} ${size} ${ok} ${bufsize}`
  return `${client}:${port} - ${id} "${asked}" ${rest.rcode} ${rest.flags} ${rest.rsize} ${rest.duration.toFixed(6)}s`
}

/** The same and more as JSON. */
export function formatJson(exchange: Exchange): string {
  const { view, rewritten } = exchange.request.labels ?? {}
  return JSON.stringify({
    time: new Date(exchange.at).toISOString(),
    ...fieldsOf(exchange),
    ...(view !== undefined && { view }),
    ...(rewritten !== undefined && { rewritten: formatName(rewritten) }),
  })
}

// ---------------------------------------------------------------------------

const NONE = '-'
const RCODES = new Map<number, string>(Object.entries(Rcode).map(([mnemonic, rcode]) => [rcode, mnemonic]))
const CLASS_NAMES = new Map<number, string>(Object.entries(Class).map(([mnemonic, of]) => [of, mnemonic]))
/** In the order of CoreDNS; each by its octet and bit in the header. */
const FLAGS = [
  ['qr', 2, 0x80],
  ['aa', 2, 0x04],
  ['tc', 2, 0x02],
  ['rd', 2, 0x01],
  ['ra', 3, 0x80],
  ['z', 3, 0x40],
  ['ad', 3, 0x20],
  ['cd', 3, 0x10],
] as const

function fieldsOf({ request, reply, message, milliseconds }: Exchange) {
  const { from, query, size } = request
  const { question, edns } = query
  return {
    remote: from.address,
    port: from.port,
    id: query.id,
    type: question === undefined ? NONE : typeMnemonic(question.type),
    class: question === undefined ? NONE : (CLASS_NAMES.get(question.class) ?? `CLASS${question.class}`),
    name: question === undefined ? NONE : formatName(question.name),
    proto: from.transport,
    size,
    do: edns?.dnssecOk ?? false,
    bufsize: edns?.udpSize ?? 512,
    rcode: message === undefined ? NONE : (RCODES.get(reply.rcode) ?? String(reply.rcode)),
    flags: message === undefined ? NONE : flagsOf(message),
    rsize: message?.length ?? 0,
    duration: milliseconds / 1000,
  }
}

function flagsOf(message: Uint8Array): string {
  return FLAGS.filter(([, octet, bit]) => ((message[octet] as number) & bit) !== 0)
    .map(([flag]) => flag)
    .join(',')
}
