import { lowerCase } from './ascii.ts'
import { Opcode, Type } from './codes.ts'
import type { Decoded, Edns, EdnsOption, Query, Question } from './message.ts'
import { MAX_LABEL, MAX_NAME, type WireName } from './name.ts'

/**
 * Reads a request. It never throws and its time is bounded by the packet's length: the question's name may not be
 * compressed (nothing stands before it that it could point at), and other names are stepped over, not followed.
 * Messages of an opcode unknown here may hold anything behind the header, so they are never malformed.
 */
export function decodeQuery(packet: Uint8Array): Decoded {
  if (packet.length < HEADER_SIZE || ((packet[2] as number) & 0x80) !== 0) return DROP
  const count = u16(packet, 4)
  const opcode = ((packet[2] as number) >> 3) & 15
  const question = count === 1 ? readQuestion(packet) : undefined
  const end = question === undefined ? skipQuestions(packet, count) : HEADER_SIZE + question.wire.length
  const records = end === BROKEN ? UNREAD : readRecords(packet, end)
  const query: Query = {
    id: u16(packet, 0),
    opcode,
    rd: ((packet[2] as number) & 0x01) !== 0,
    cd: ((packet[3] as number) & 0x10) !== 0,
    questions: count,
    question,
    edns: records.edns,
  }
  const known = opcode === Opcode.QUERY || opcode === Opcode.NOTIFY || opcode === Opcode.UPDATE
  return records.sound || !known ? { kind: 'query', query } : { kind: 'malformed', query }
}

// ---------------------------------------------------------------------------

const HEADER_SIZE = 12
const DROP: Decoded = { kind: 'drop' }
const FIXED_PART = 10 // type, class, TTL and length of the rdata
const BROKEN = -1
const NO_OPTIONS: readonly EdnsOption[] = []
const scratch = Buffer.alloc(MAX_NAME)

interface Records {
  /** The sections fill the packet exactly and hold at most one OPT record, where it belongs. */
  readonly sound: boolean
  readonly edns: Edns | undefined
}

const UNREAD: Records = { sound: false, edns: undefined }

function u16(packet: Uint8Array, at: number): number {
  return ((packet[at] as number) << 8) | (packet[at + 1] as number)
}

function readQuestion(packet: Uint8Array): Question | undefined {
  let at = HEADER_SIZE
  let size = 0
  for (;;) {
    const length = packet[at] // undefined at the end
    if (length === undefined || length > MAX_LABEL || size + length >= MAX_NAME) return undefined
    scratch[size++] = length
    at++
    if (length === 0) break
    const end = at + length
    if (end > packet.length) return undefined
    while (at < end) scratch[size++] = lowerCase[packet[at++] as number] as number
  }
  if (at + 4 > packet.length) return undefined
  return {
    name: scratch.toString('latin1', 0, size) as WireName,
    type: u16(packet, at),
    class: u16(packet, at + 2),
    wire: packet.subarray(HEADER_SIZE, at + 4),
  }
}

/** Steps over the three record sections. */
function readRecords(packet: Uint8Array, start: number): Records {
  const additional = u16(packet, 10)
  const total = u16(packet, 6) + u16(packet, 8) + additional
  let at = start
  let edns: Edns | undefined
  for (let i = 0; i < total; i++) {
    const owner = at
    at = skipName(packet, at)
    if (at === BROKEN || at + FIXED_PART > packet.length) return { sound: false, edns }
    const end = at + FIXED_PART + u16(packet, at + 8)
    if (end > packet.length) return { sound: false, edns }
    if (u16(packet, at) === Type.OPT) {
      const misplaced = i < total - additional || packet[owner] !== 0
      if (misplaced || edns !== undefined) return { sound: false, edns } // RFC 6891 6.1.1
      const options = readOptions(packet, at + FIXED_PART, end)
      edns = {
        udpSize: u16(packet, at + 2),
        version: packet[at + 5] as number,
        dnssecOk: ((packet[at + 6] as number) & 0x80) !== 0,
        options: options ?? NO_OPTIONS,
      }
      if (options === undefined) return { sound: false, edns }
    }
    at = end
  }
  return { sound: at === packet.length, edns }
}

/** The options of an OPT record; undefined if they do not fill its rdata exactly. */
function readOptions(packet: Uint8Array, start: number, end: number): readonly EdnsOption[] | undefined {
  if (start === end) return NO_OPTIONS
  const options: EdnsOption[] = []
  let at = start
  while (at < end) {
    if (at + 4 > end) return undefined
    const body = at + 4
    const next = body + u16(packet, at + 2)
    if (next > end) return undefined
    options.push({ code: u16(packet, at), body: packet.subarray(body, next) })
    at = next
  }
  return options
}

/** Where the name at `at` ends, pointers not followed. */
function skipName(packet: Uint8Array, at: number): number {
  const start = at
  for (;;) {
    const length = packet[at]
    if (length === undefined) return BROKEN
    if (length >= 0xc0) return at + 2 <= packet.length ? at + 2 : BROKEN
    at += 1 + length
    if (length > MAX_LABEL || at - start > MAX_NAME || at > packet.length) return BROKEN
    if (length === 0) return at
  }
}

/** Where the last of `count` questions ends. One alone was found unreadable before. */
function skipQuestions(packet: Uint8Array, count: number): number {
  if (count === 1) return BROKEN
  let at = HEADER_SIZE
  for (let i = 0; i < count; i++) {
    at = skipName(packet, at)
    if (at === BROKEN || at + 4 > packet.length) return BROKEN
    at += 4
  }
  return at
}
