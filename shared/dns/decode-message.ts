import { Class, Type } from './codes.ts'
import type { Edns, EdnsOption, Message, Question, ResourceRecord } from './message.ts'
import { fieldsWithNames } from './rdata.ts'
import { MAX_MESSAGE, WireError, WireReader, WireWriter } from './wire.ts'

/**
 * Reads any message whole, for clients and tests: records with names expanded and in lower case. Throws WireError.
 * The rdata of types without names is not looked into, and may be empty where UPDATE has it so (RFC 2136 2.4).
 */
export function decodeMessage(packet: Uint8Array): Message {
  const reader = new WireReader(packet, 0, packet.length, true)
  const id = reader.u16()
  const flags = reader.u16()
  const [questionCount, answerCount, authorityCount, additionalCount] = [
    reader.u16(),
    reader.u16(),
    reader.u16(),
    reader.u16(),
  ]
  const questions = times(questionCount, () => readQuestion(reader))
  const answer = times(answerCount, () => readRecord(reader))
  const authority = times(authorityCount, () => readRecord(reader))
  const additional = times(additionalCount, () => readRecord(reader))
  if (reader.left > 0) throw new WireError(`${reader.left} octets follow the last record`)
  const opt = findOpt(answer, authority, additional)
  return {
    id,
    opcode: (flags >> 11) & 15,
    rcode: (flags & 15) | (opt === undefined ? 0 : (opt.ttl >>> 24) << 4),
    qr: (flags & 0x8000) !== 0,
    aa: (flags & 0x0400) !== 0,
    tc: (flags & 0x0200) !== 0,
    rd: (flags & 0x0100) !== 0,
    ra: (flags & 0x0080) !== 0,
    ad: (flags & 0x0020) !== 0,
    cd: (flags & 0x0010) !== 0,
    questions,
    answer,
    authority,
    additional: opt === undefined ? additional : additional.filter((record) => record !== opt),
    ...(opt && { edns: readEdns(opt) }),
  }
}

// ---------------------------------------------------------------------------

const expanded = new WireWriter(new Uint8Array(2 * MAX_MESSAGE))

function times<T>(count: number, read: () => T): T[] {
  const list: T[] = []
  for (let i = 0; i < count; i++) list.push(read())
  return list
}

function readQuestion(reader: WireReader): Question {
  const start = reader.at
  const name = reader.name()
  const type = reader.u16()
  return { name, type, class: reader.u16(), wire: reader.octets.subarray(start, reader.at) }
}

function readRecord(reader: WireReader): ResourceRecord {
  const atRoot = reader.octets[reader.at] === 0
  const owner = reader.name()
  const type = reader.u16()
  if (type === Type.OPT && !atRoot) throw new WireError('an OPT record is not at the root') // RFC 6891 6.1.2
  const rrClass = reader.u16()
  const ttl = reader.u32()
  const rdata = readRdata(reader, type, rrClass, reader.u16())
  return { owner, type, class: rrClass, ttl, rdata }
}

function readRdata(reader: WireReader, type: number, rrClass: number, length: number): Uint8Array {
  const fields = fieldsWithNames(type)
  const empty = length === 0 && (rrClass === Class.ANY || rrClass === Class.NONE)
  if (fields === undefined || empty) return reader.take(length)
  const start = reader.at
  reader.take(length)
  const from = new WireReader(reader.octets, start, start + length, true)
  expanded.at = 0
  for (const field of fields) field.copy(from, expanded)
  if (from.left > 0) throw new WireError(`${from.left} octets of rdata are left over`)
  return expanded.slice()
}

/** The OPT record, of which there may be one, in the additional section (RFC 6891 6.1.1). */
function findOpt(
  answer: readonly ResourceRecord[],
  authority: readonly ResourceRecord[],
  additional: readonly ResourceRecord[],
): ResourceRecord | undefined {
  const isOpt = ({ type }: ResourceRecord) => type === Type.OPT
  const [opt, second] = additional.filter(isOpt)
  if (answer.some(isOpt) || authority.some(isOpt)) throw new WireError('an OPT record is in the wrong section')
  if (second !== undefined) throw new WireError('there are two OPT records')
  return opt
}

function readEdns(opt: ResourceRecord): Edns {
  const reader = new WireReader(opt.rdata)
  const options: EdnsOption[] = []
  while (reader.left > 0) options.push({ code: reader.u16(), body: reader.take(reader.u16()) })
  return {
    udpSize: opt.class,
    version: (opt.ttl >>> 16) & 0xff,
    dnssecOk: (opt.ttl & 0x8000) !== 0,
    options,
  }
}
