import { Class, OptionCode, Type } from './codes.ts'
import type { Edns, EdnsOption, Query, Reply } from './message.ts'
import { MessageWriter } from './message-writer.ts'
import { compressibleFields } from './rdata.ts'
import type { Field } from './rdata-fields.ts'
import type { RRset } from './rrset.ts'
import { MAX_MESSAGE, WireReader, type WireWriter } from './wire.ts'

/**
 * The message that answers `query`, at most `limit` octets: the question as it was asked, then whole RRsets in order
 * as long as they fit, then OPT, which is always kept, with the options for which there is room. The first RRset that does
 * not fit ends the message; TC says so unless it was an optional one of the additional section (RFC 2181 9).
 */
export function encodeReply(query: Query, reply: Reply, limit: number): Uint8Array {
  const { question, opcode } = query
  writer.start(question?.name)
  recordClass = question?.class ?? Class.IN
  writer.u16(query.id)
  writer.u16(
    0x8000 |
      (opcode << 11) |
      (reply.aa ? AA : 0) |
      (reply.truncated ? TC : 0) |
      (query.rd ? RD : 0) |
      (reply.rcode & 15),
  )
  writer.u16(question === undefined ? 0 : 1)
  writer.u16(0)
  writer.u32(0)
  if (question !== undefined) writer.bytes(question.wire)

  const largest = Math.min(limit, MAX_MESSAGE)
  const edns = reply.edns && fitting(reply.edns, largest - writer.at)
  const room = largest - (edns === undefined ? 0 : ednsSize(edns))
  const required = reply.requiredAdditional ?? 0
  const complete =
    writeSection(reply.answer, ANCOUNT, room) &&
    writeSection(reply.authority, NSCOUNT, room) &&
    (required === 0 || writeSection(reply.additional.slice(0, required), ARCOUNT, room))
  if (complete) writeSection(required === 0 ? reply.additional : reply.additional.slice(required), ARCOUNT, room)
  else writer.octets[2] = (writer.octets[2] as number) | (TC >> 8)

  if (edns !== undefined) {
    const { block } = reply
    writeEdns(writer, block === undefined ? edns : padded(edns, writer.at, block, largest), reply.rcode)
    addToCount(ARCOUNT, 1)
  }
  return writer.message()
}

/** Octets that an OPT record takes. */
export function ednsSize(edns: Edns): number {
  let size = 11
  for (const option of edns.options) size += 4 + option.body.length
  return size
}

/** Appends an OPT record that carries the upper bits of `rcode` (RFC 6891 6.1.3). */
export function writeEdns(out: WireWriter, edns: Edns, rcode: number): void {
  out.u8(0)
  out.u16(Type.OPT)
  out.u16(edns.udpSize)
  out.u8(rcode >> 4)
  out.u8(edns.version)
  out.u16(edns.dnssecOk ? 0x8000 : 0)
  out.u16(ednsSize(edns) - 11)
  for (const option of edns.options) {
    out.u16(option.code)
    out.u16(option.body.length)
    out.bytes(option.body)
  }
}

// ---------------------------------------------------------------------------

/** With room for an RR more than the largest message, so that one too many can be written before it is taken back. */
const writer = new MessageWriter(new Uint8Array(2 * MAX_MESSAGE + 512))

/** Of all records of the message: that of the question. */
let recordClass: number = Class.IN

const ZEROS = new Uint8Array(MAX_MESSAGE)

/** The OPT record with the options that fit; one without any always does. */
function fitting(edns: Edns, room: number): Edns {
  if (ednsSize(edns) <= room) return edns
  const options: EdnsOption[] = []
  for (const option of edns.options) {
    if (ednsSize({ ...edns, options: [...options, option] }) <= room) options.push(option)
  }
  return { ...edns, options }
}

/** The OPT record with as much padding as brings the message to a multiple of `block`, or as far as it may grow. */
function padded(edns: Edns, before: number, block: number, largest: number): Edns {
  const least = before + ednsSize(edns) + PADDING_HEADER
  if (least > largest) return edns
  const size = Math.min(Math.ceil(least / block) * block, largest)
  const padding = { code: OptionCode.PADDING, body: ZEROS.subarray(0, size - least) }
  return { ...edns, options: [...edns.options, padding] }
}

const PADDING_HEADER = 4
const AA = 0x0400
const TC = 0x0200
const RD = 0x0100
const ANCOUNT = 6
const NSCOUNT = 8
const ARCOUNT = 10

/** Writes the RRsets that fit whole. False if one did not. */
function writeSection(rrsets: readonly RRset[], count: number, room: number): boolean {
  for (const rrset of rrsets) {
    const start = writer.at
    const fields = compressibleFields(rrset.type)
    let owner = 0 // where the owner name stands that the next RRs can point at
    for (const rdata of rrset.rdata) {
      if (owner === 0) owner = writer.owner(rrset.owner)
      else writer.u16(0xc000 | owner)
      writeRecord(rrset, rdata, fields)
      if (writer.at > room) {
        writer.at = start
        return false
      }
    }
    addToCount(count, rrset.rdata.length)
  }
  return true
}

function writeRecord(rrset: RRset, rdata: Uint8Array, fields: readonly Field[] | undefined): void {
  writer.u16(rrset.type)
  writer.u16(recordClass)
  writer.u32(rrset.ttl)
  if (fields === undefined) {
    writer.u16(rdata.length)
    writer.bytes(rdata)
    return
  }
  const start = writer.at + 2
  writer.at = start
  const from = new WireReader(rdata)
  for (const field of fields) field.copy(from, writer)
  const end = writer.at
  writer.at = start - 2
  writer.u16(end - start)
  writer.at = end
}

function addToCount(at: number, more: number): void {
  const { octets } = writer
  const count = (((octets[at] as number) << 8) | (octets[at + 1] as number)) + more
  octets[at] = count >> 8
  octets[at + 1] = count
}
