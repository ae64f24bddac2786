import { Class } from './codes.ts'
import { ednsSize, writeEdns } from './encode-reply.ts'
import type { Edns } from './message.ts'
import type { WireName } from './name.ts'
import { WireWriter } from './wire.ts'

/** A request with one question, for clients and tests. */
export interface QueryToSend {
  readonly id: number
  readonly name: WireName
  readonly type: number
  /** IN if not given. */
  readonly class?: number
  /** QUERY if not given. */
  readonly opcode?: number
  readonly rd?: boolean
  readonly cd?: boolean
  readonly edns?: Edns | undefined
}

/** The message of a request. */
export function encodeQuery(query: QueryToSend): Uint8Array {
  const { edns } = query
  const size = 12 + query.name.length + 4 + (edns === undefined ? 0 : ednsSize(edns))
  const out = new WireWriter(new Uint8Array(size))
  out.u16(query.id)
  out.u16(((query.opcode ?? 0) << 11) | (query.rd ? 0x0100 : 0) | (query.cd ? 0x0010 : 0))
  out.u16(1)
  out.u32(0)
  out.u16(edns === undefined ? 0 : 1)
  out.name(query.name)
  out.u16(query.type)
  out.u16(query.class ?? Class.IN)
  if (edns !== undefined) writeEdns(out, edns, 0)
  return out.octets
}
