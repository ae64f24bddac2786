import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeQuery } from '../../shared/dns/decode-query.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import type { Query } from '../../shared/dns/message.ts'
import { parseName } from '../../shared/dns/name.ts'
import { hex, octets } from './octets.ts'

const HEADER = '1234 0000 0001 0000 0000 0000'
const WWW = "03'www' 07'example' 03'org' 00 0001 0001"
const WITH_OPT = '1234 0000 0001 0000 0000 0001'
const LABEL = `3f'${'a'.repeat(63)}' `
const OPT = '00 0029 04d0 00 00 0000 0000'

function query(packet: string, kind: 'query' | 'malformed' = 'query'): Query {
  const decoded = decodeQuery(octets(packet))
  if (decoded.kind === 'drop') throw new assert.AssertionError({ message: 'dropped' })
  assert.ok(decoded.kind === kind, `${decoded.kind}, not ${kind}`)
  return decoded.query
}

describe('a question: RFC 1035 4.1', () => {
  test('name in lower case for look-ups, as asked for the echo', () => {
    const { question, ...rest } = query(`1234 0110 0001 0000 0000 0000 03'WwW' 07'eXaMple' 03'ORG' 00 001c 0001`)
    assert.deepEqual(rest, { id: 0x1234, opcode: 0, rd: true, cd: true, questions: 1, edns: undefined })
    assert.ok(question)
    assert.equal(question.name, parseName('www.example.org'))
    assert.equal(question.type, 28)
    assert.equal(question.class, 1)
    assert.equal(hex(question.wire), hex(octets("03'WwW' 07'eXaMple' 03'ORG' 00 001c 0001")))
  })

  test('the root, any octets, type and class up to 65535', () => {
    assert.equal(query(`${HEADER} 00 0002 0001`).question?.name, '\0')
    const { question } = query(`${HEADER} 04 00 ff 2e 41 00 ffff ffff`)
    assert.equal(question?.name, '\x04\x00\xff.a\x00')
    assert.equal(question?.type, 0xffff)
    assert.equal(question?.class, 0xffff)
  })

  test('a name of 255 octets is read, one of 256 is not', () => {
    const longest = `${HEADER} ${LABEL.repeat(3)} 3d'${'a'.repeat(61)}' 00 0001 0001`
    assert.equal(query(longest).question?.name.length, 255)
    const longer = `${HEADER} ${LABEL.repeat(3)} 3e'${'a'.repeat(62)}' 00 0001 0001`
    assert.equal(query(longer, 'malformed').question, undefined)
  })

  test('records behind the question are stepped over: an SOA in AUTHORITY, RFC 1995 3', () => {
    const soa = 'c00c 0006 0001 00000000 0016 00 00 00000001 00000000 00000000 00000000 00000000'
    assert.equal(query(`1234 0000 0001 0000 0001 0000 ${WWW} ${soa}`).questions, 1)
  })
})

describe('no answer', () => {
  for (const packet of ['', '12', '1234 0000 0001 0000 0000 00', `1234 8000 0001 0000 0000 0000 ${WWW}`]) {
    test(`to ${packet.slice(0, 30) || 'an empty packet'}`, () => assert.equal(decodeQuery(octets(packet)).kind, 'drop'))
  }
})

describe('malformed: RFC 1035 4.1, RFC 6891 6.1', () => {
  const rows: [what: string, packet: string][] = [
    ['no question where one is announced', HEADER],
    ['a name without end', `${HEADER} 03'www'`],
    ['a label that ends early', `${HEADER} 05'www'`],
    ['type and class missing', `${HEADER} 03'www' 00`],
    ['class cut in half', `${HEADER} 03'www' 00 0001 00`],
    ['a pointer into the header', `${HEADER} c000 0001 0001`],
    ['a pointer to itself', `${HEADER} c00c 0001 0001`],
    ['a pointer forward', `${HEADER} c020 0001 0001`],
    ['a pointer behind labels', `${HEADER} 03'www' c00c 0001 0001`],
    ['a label of an unknown kind', `${HEADER} 41'w' 00 0001 0001`],
    ['octets behind the last section', `${HEADER} ${WWW} 00`],
    ['an answer that is announced but missing', `1234 0000 0001 0001 0000 0000 ${WWW}`],
    ['65535 additional records that are missing', `1234 0000 0001 0000 0000 ffff ${WWW}`],
    ['a record that is cut off', `${WITH_OPT} ${WWW} 00 0029 04d0 00`],
    ['rdata that is cut off', `${WITH_OPT} ${WWW} 00 0029 04d0 00 00 0000 0004 0000`],
    ['two questions, one of them missing', `1234 0000 0002 0000 0000 0000 ${WWW}`],
    ['an owner of an unknown kind of label', `${WITH_OPT} ${WWW} 41'a' 00 0001 0001 00000000 0000`],
    [
      'an owner of 256 octets',
      `${WITH_OPT} ${WWW} ${LABEL.repeat(3)} 3e'${'a'.repeat(62)}' 00 0001 0001 00000000 0000`,
    ],
    ['two OPT', `1234 0000 0001 0000 0000 0002 ${WWW} ${OPT} ${OPT}`],
    ['OPT not at the root', `${WITH_OPT} ${WWW} 01'a' ${OPT}`],
    ['OPT at a pointer', `${WITH_OPT} ${WWW} c018 0029 04d0 00 00 0000 0000`],
    ['OPT among the answers', `1234 0000 0001 0001 0000 0000 ${WWW} ${OPT}`],
    ['OPT in AUTHORITY', `1234 0000 0001 0000 0001 0000 ${WWW} ${OPT}`],
    ['an option cut off in its head', `${WITH_OPT} ${WWW} 00 0029 04d0 00 00 0000 0003 000300`],
    ['an option longer than OPT', `${WITH_OPT} ${WWW} 00 0029 04d0 00 00 0000 0005 0003 0002 00`],
    ['an UPDATE that ends early', `1234 2800 0001 0000 0001 0000 ${WWW}`],
  ]
  for (const [what, packet] of rows) test(what, () => assert.equal(query(packet, 'malformed').id, 0x1234))

  test('what could be read is there for the answer', () => {
    assert.equal(query(`${HEADER} ${WWW} 00`, 'malformed').question?.name, parseName('www.example.org'))
    assert.equal(query(`${HEADER} 03'www'`, 'malformed').question, undefined)
    assert.equal(query(`${WITH_OPT} ${WWW} 00 0029 04d0 00 00 0000 0004 0003`, 'malformed').edns, undefined)
    const broken = query(`${WITH_OPT} ${WWW} 00 0029 04d0 00 00 8000 0003 000300`, 'malformed')
    assert.deepEqual(broken.edns, { version: 0, udpSize: 1232, dnssecOk: true, options: [] })
  })
})

describe('counts and opcodes', () => {
  test('no question: RFC 7873 5.4', () => {
    const { questions, question } = query('1234 0000 0000 0000 0000 0000')
    assert.equal(questions, 0)
    assert.equal(question, undefined)
  })

  test('two questions are counted, not read: RFC 9619', () => {
    const { questions, question, edns } = query(`1234 0000 0002 0000 0000 0001 ${WWW} c00c 001c 0001 ${OPT}`)
    assert.equal(questions, 2)
    assert.equal(question, undefined)
    assert.equal(edns?.udpSize, 1232)
  })

  test('a message of an unknown opcode is never malformed, so that it can be told NOTIMP: RFC 8906 3.1', () => {
    assert.equal(query('1234 7800 0000 0000 0000 0000').opcode, 15)
    assert.equal(query(`1234 3000 0000 0000 0000 0000 0001 0004 00000000`).opcode, 6) // DSO, RFC 8490
    assert.equal(query(`1234 1000 0001 0000 0000 0000 ${WWW} 00`).question?.type, 1)
    assert.equal(query(`1234 1000 ffff ffff ffff ffff c0`).questions, 0xffff)
  })

  test('UPDATE and NOTIFY are read to the end: RFC 2136 2, RFC 1996 3', () => {
    const update = `1234 2800 0001 0000 0001 0000 07'example' 03'org' 00 0006 0001 03'www' c00c 0001 00ff 00000000 0000`
    assert.equal(query(update).opcode, 5)
    assert.equal(query(update).question?.type, 6)
    assert.equal(query(`1234 2400 0001 0000 0000 0000 07'example' 03'org' 00 0006 0001`).opcode, 4)
  })
})

describe('EDNS: RFC 6891 6.1', () => {
  test('version, size, DO and options', () => {
    const opt = '00 0029 ffff 00 01 8000 000f 0003 0000 000a 0003 010203 0064 0000'
    const { edns } = query(`${WITH_OPT} ${WWW} ${opt}`)
    assert.ok(edns)
    assert.deepEqual({ ...edns, options: [] }, { version: 1, udpSize: 0xffff, dnssecOk: true, options: [] })
    assert.deepEqual(
      edns.options.map(({ code, body }) => [code, [...body]]),
      [
        [3, []],
        [10, [1, 2, 3]],
        [100, []],
      ],
    )
  })

  test('OPT before another additional record, as TSIG comes last', () => {
    const tsig = "01'k' 00 00fa 00ff 00000000 0000"
    assert.equal(query(`1234 0000 0001 0000 0000 0002 ${WWW} ${OPT} ${tsig}`).edns?.udpSize, 1232)
  })
})

test('what encodeQuery writes is read back', () => {
  const edns = { version: 0, udpSize: 4096, dnssecOk: true, options: [{ code: 10, body: Uint8Array.of(1, 2) }] }
  const asked = { id: 0xffff, name: parseName('a.example.org'), type: 65535, class: 3, opcode: 4, rd: true, cd: true }
  const decoded = decodeQuery(encodeQuery({ ...asked, edns }))
  assert.ok(decoded.kind === 'query')
  const { question, edns: read, ...rest } = decoded.query
  assert.deepEqual(rest, { id: 0xffff, opcode: 4, rd: true, cd: true, questions: 1 })
  assert.deepEqual([question?.name, question?.type, question?.class], [asked.name, 65535, 3])
  assert.deepEqual(read, edns)
})
