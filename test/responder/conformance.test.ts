import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { Answer } from '../../responder/answer.ts'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import type { Message } from '../../shared/dns/message.ts'
import { parseName } from '../../shared/dns/name.ts'
import { typeNumber } from '../../shared/dns/rdata.ts'
import { answering, fromTransport, show } from './scenario.ts'

/** One zone of the data set, a JSON object a line: its text, and questions with the responses of four name servers. */
interface ZoneLine {
  readonly id: string
  readonly origin: string
  readonly zone: string
  readonly queries: readonly JudgedQuery[]
}

interface JudgedQuery {
  readonly qname: string
  readonly qtype: string
  /** So many servers must have given the response; 0: not judged. */
  readonly need: number
  readonly accept: readonly Accepted[]
}

interface Accepted {
  readonly count: number
  readonly rcode: string
  readonly flags: readonly string[]
  readonly answer: readonly string[]
  readonly authority: readonly string[]
}

const path = process.env.CONFORMANCE_DATA

test('answers as at least three of four name servers do', async (t) => {
  if (!path) return t.skip('CONFORMANCE_DATA does not name the file of recorded answers')
  let judged = 0
  const failed: string[] = []
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const { id, origin, zone, queries } = JSON.parse(line) as ZoneLine
    const answer = answering({ [origin]: zone })
    for (const query of queries) {
      const message = exchange(answer, query)
      if (query.need === 0) continue
      judged++
      if (!passes(message, query)) failed.push(`${id} ${query.qname} ${query.qtype}: ${JSON.stringify(show(message))}`)
    }
  }
  assert.ok(judged > 0, 'the file holds judged queries')
  assert.deepEqual(failed, [], `${failed.length} of ${judged} failed`)
  t.diagnostic(`${judged} queries judged`)
})

// ---------------------------------------------------------------------------

const ID = 815

/** Over UDP, and again over TCP if the answer was cut off; what no answer may be is asserted here. */
function exchange(answer: Answer, { qname, qtype }: JudgedQuery): Message {
  const question = { id: ID, name: parseName(qname), type: typeNumber(qtype) ?? Number.NaN }
  const query = encodeQuery(question)
  const udp = answer(query, fromTransport('udp'))
  assert.ok(udp !== undefined && udp.length <= 512)
  const message = decodeMessage(udp).tc ? decodeMessage(answer(query, fromTransport('tcp')) ?? udp) : decodeMessage(udp)
  assert.equal(message.tc, false)
  assert.equal(message.id, ID)
  assert.ok(message.qr && message.opcode === 0 && message.edns === undefined)
  assert.equal(
    Buffer.compare(message.questions[0]?.wire ?? query, query.subarray(12)),
    0,
    'the question comes back as it was',
  )
  return message
}

/** The checking rule: the servers whose response ours equals are enough, and AUTHORITY is one of theirs or rightly left out. */
function passes(message: Message, { need, accept }: JudgedQuery): boolean {
  const got = show(message)
  const equal = accept.filter(
    ({ rcode, flags, answer, authority }) =>
      !flags.includes('TC') &&
      got.says === (flags.includes('AA') ? `${rcode} aa` : rcode) &&
      same(got.answer, answer) &&
      (answer.length > 0 || same(got.authority, authority)),
  )
  if (equal.reduce((sum, { count }) => sum + count, 0) < need) return false
  if (got.answer.length === 0) return true
  if (got.authority.length > 0) return equal.some(({ authority }) => same(got.authority, authority))
  return !equal.every(({ authority }) => authority.some((record) => / IN SOA /.test(record)))
}

/** Compares a section with a recorded one, whose records have a class and are sorted. */
function same(got: readonly string[], recorded: readonly string[]): boolean {
  const wanted = recorded.map((record) => record.replace(' IN ', ' '))
  return isDeepStrictEqual(new Set(got), new Set(wanted))
}
