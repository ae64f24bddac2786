import { Rcode } from '../shared/dns/codes.ts'
import { decodeQuery } from '../shared/dns/decode-query.ts'
import { encodeReply } from '../shared/dns/encode-reply.ts'
import type { Edns, Query, Reply } from '../shared/dns/message.ts'
import { createChain, type LinkSettings } from './chain.ts'
import type { ChainParts, From, Request } from './link.ts'
import { withOpt } from './links/edns.ts'
import { dropped, panics, requestSize, responseSize, transportSeries } from './metrics/families.ts'
import { emptyReply } from './reply.ts'

/** Answers one message as it came in; undefined where there is to be silence. Never throws. */
export type Answer = (packet: Uint8Array, from: From) => Uint8Array | undefined

/** The way from octets to octets: decode, chain, encode. */
export function createAnswer(parts: ChainParts, links?: LinkSettings): Answer {
  const { counters, zones } = parts
  let underWay: Uint8Array | undefined
  const report = (error: unknown) => parts.report(error, underWay)
  const handle = createChain({ ...parts, report }, links)

  /** Links that stand above `errors` have nothing above them that would catch what they throw. */
  function handled(request: Request): Reply {
    zones.enter()
    try {
      return handle(request)
    } catch (error) {
      return failed(request.query, error)
    } finally {
      zones.leave()
    }
  }

  /** What is sent in the end: the reply, or another where it cannot be put into a message. */
  function send(query: Query, reply: Reply, limit: number): Uint8Array {
    let sent = reply
    let message: Uint8Array
    try {
      message = encodeReply(query, sent, limit)
    } catch (error) {
      sent = failed(query, error)
      message = encodeReply(query, sent, limit)
    }
    return told(reply, sent, message)
  }

  function told<M extends Uint8Array | undefined>({ onSent }: Reply, sent: Reply, message: M): M {
    if (onSent === undefined) return message
    try {
      onSent(sent, message)
    } catch (error) {
      count(error)
    }
    return message
  }

  function failed({ edns }: Query, error: unknown): Reply {
    count(error)
    return withOpt(emptyReply(Rcode.SERVFAIL), edns)
  }

  function count(error: unknown): void {
    counters.add(panics)
    report(error)
  }

  return (packet, from) => {
    const decoded = decodeQuery(packet)
    if (decoded.kind === 'drop') {
      counters.add(dropped)
      return undefined
    }
    underWay = packet
    const { query } = decoded
    const reply = handled({ query, wellFormed: decoded.kind === 'query', from, size: packet.length })
    if (reply.drop) {
      counters.add(dropped)
      return told(reply, reply, undefined)
    }
    const limit = from.transport === 'udp' ? udpLimit(query.edns, reply.edns) : MAX_STREAM
    const message = send(query, reply, limit)
    counters.observe(requestSize, transportSeries(from.transport), packet.length)
    counters.observe(responseSize, transportSeries(from.transport), message.length)
    return message
  }
}

// ---------------------------------------------------------------------------

const MAX_STREAM = 65535
const MIN_UDP = 512 // what every client takes; smaller offers are taken as this (RFC 6891 6.2.3)

function udpLimit(asked: Edns | undefined, offered: Edns | undefined): number {
  if (asked === undefined || offered === undefined) return MIN_UDP
  return Math.min(Math.max(asked.udpSize, MIN_UDP), offered.udpSize)
}
