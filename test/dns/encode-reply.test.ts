import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Rcode, Type } from '../../shared/dns/codes.ts'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { decodeQuery } from '../../shared/dns/decode-query.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import { encodeReply } from '../../shared/dns/encode-reply.ts'
import type { Query, Reply } from '../../shared/dns/message.ts'
import { formatName, parseName } from '../../shared/dns/name.ts'
import { formatRdata, parseRdata, typeNumber } from '../../shared/dns/rdata.ts'
import type { RRset } from '../../shared/dns/rrset.ts'
import { hex, octets } from './octets.ts'

const edns = { version: 0, udpSize: 1232, dnssecOk: false, options: [] }
const nothing: Reply = { rcode: Rcode.NOERROR, aa: true, answer: [], authority: [], additional: [] }

function asked(packet: Uint8Array): Query {
  const decoded = decodeQuery(packet)
  assert.ok(decoded.kind === 'query')
  return decoded.query
}

function ask(name: string, type = 'A'): Query {
  return asked(encodeQuery({ id: 0x1234, name: parseName(name), type: typeNumber(type) ?? 0 }))
}

/** `www.example.org. 300 A 192.0.2.1 192.0.2.2`: rdata behind a `|` each where they hold blanks. */
function rrset(text: string): RRset {
  const [owner = '', ttl, mnemonic = '', ...rest] = text.split(' ')
  const type = typeNumber(mnemonic) ?? 0
  const list = text.includes('|') ? text.split('|').slice(1) : rest
  return { owner: parseName(owner), ttl: Number(ttl), type, rdata: list.map((rdata) => parseRdata(type, rdata.trim())) }
}

function golden(message: Uint8Array, expected: string): void {
  assert.equal(hex(message), hex(octets(expected)))
}

describe('header and question: RFC 1035 4.1.1', () => {
  test('id, opcode and RD come back, RA, AD, CD and Z are clear', () => {
    const packet = octets("ffff 2170 0001 0000 0000 0000 01'A' 00 0001 0001")
    golden(
      encodeReply(asked(packet), { ...nothing, aa: false }, 512),
      "ffff a100 0001 0000 0000 0000 01'A' 00 0001 0001",
    )
  })

  test('the question in the letter case it was asked: RFC 4343 4.1', () => {
    const packet = octets("1234 0000 0001 0000 0000 0000 03'wWw' 07'eXample' 03'Org' 00 0001 0001")
    const reply = { ...nothing, answer: [rrset('www.example.org 300 A 192.0.2.1')] }
    golden(
      encodeReply(asked(packet), reply, 512),
      `1234 8400 0001 0001 0000 0000 03'wWw' 07'eXample' 03'Org' 00 0001 0001
       c00c 0001 0001 0000012c 0004 c0000201`,
    )
  })

  test('records are of the class that was asked for', () => {
    const packet = octets("1234 0000 0001 0000 0000 0000 01'A' 00 0010 0003")
    golden(
      encodeReply(asked(packet), { ...nothing, answer: [rrset('a 0 TXT x')] }, 512),
      "1234 8400 0001 0001 0000 0000 01'A' 00 0010 0003 c00c 0010 0003 00000000 0002 01'x'",
    )
  })

  test('no question, none in the answer', () => {
    const packet = octets('1234 0000 0000 0000 0000 0000')
    golden(encodeReply(asked(packet), { ...nothing, aa: false, rcode: 1 }, 512), '1234 8001 0000 0000 0000 0000')
  })

  test('an rcode above 15 has its upper bits in OPT: RFC 6891 6.1.3', () => {
    const options = [{ code: 3, body: Uint8Array.from(Buffer.from('node1')) }]
    const reply = { ...nothing, aa: false, rcode: Rcode.BADVERS, edns: { ...edns, dnssecOk: true, options } }
    golden(
      encodeReply(ask('.'), reply, 512),
      `1234 8000 0001 0000 0000 0001 00 0001 0001
       00 0029 04d0 01 00 8000 0009 0003 0005 'node1'`,
    )
  })
})

describe('compression: RFC 1035 4.1.4, RFC 3597 4', () => {
  test('a referral: names point at the question and at each other', () => {
    const reply: Reply = {
      ...nothing,
      aa: false,
      authority: [rrset('sub.example.org 300 NS ns1.sub.example.org ns2.example.net')],
      additional: [rrset('ns1.sub.example.org 300 A 192.0.2.40'), rrset('ns2.example.net 300 A 192.0.2.41')],
    }
    golden(
      encodeReply(ask('x.sub.example.org'), reply, 512),
      `1234 8000 0001 0000 0002 0002
       01'x' 03'sub' 07'example' 03'org' 00 0001 0001
       c00e 0002 0001 0000012c 0006 03'ns1' c00e
       c00e 0002 0001 0000012c 0011 03'ns2' 07'example' 03'net' 00
       c02f 0001 0001 0000012c 0004 c0000228
       c041 0001 0001 0000012c 0004 c0000229`,
    )
  })

  test('SOA and MX compress, names below the question and beside it are found', () => {
    const reply: Reply = {
      ...nothing,
      answer: [rrset('example.org 60 MX |10 mail.example.org.|20 b.mail.example.org.|30 .')],
      authority: [rrset('org 60 SOA |ns.org. mail.example.org. 1 2 3 4 5')],
    }
    golden(
      encodeReply(ask('example.org', 'MX'), reply, 512),
      `1234 8400 0001 0003 0001 0000
       07'example' 03'org' 00 000f 0001
       c00c 000f 0001 0000003c 0009 000a 04'mail' c00c
       c00c 000f 0001 0000003c 0006 0014 01'b' c02b
       c00c 000f 0001 0000003c 0003 001e 00
       c014 0006 0001 0000003c 001b 02'ns' c014 c02b 00000001 00000002 00000003 00000004 00000005`,
    )
  })

  test('the rdata of newer types is never compressed', () => {
    const types = [
      'SRV 1 2 3 example.org.',
      'DNAME example.org.',
      'SVCB 1 example.org.',
      'NAPTR 1 2 "" "" "" example.org.',
    ]
    for (const text of types) {
      const [mnemonic = ''] = text.split(' ')
      const set = rrset(`example.org 60 ${mnemonic} |${text.slice(mnemonic.length)}`)
      const message = encodeReply(ask('example.org'), { ...nothing, answer: [set] }, 512)
      assert.ok(hex(message).replaceAll('\n', '').endsWith(Buffer.from('\x07example\x03org\x00').toString('hex')), text)
    }
  })

  test('letter case of the question does not keep names from pointing at it', () => {
    const packet = octets("1234 0000 0001 0000 0000 0000 07'EXAMPLE' 03'ORG' 00 0002 0001")
    const reply = { ...nothing, answer: [rrset('example.org 60 NS ns.example.org')] }
    golden(
      encodeReply(asked(packet), reply, 512),
      `1234 8400 0001 0001 0000 0000 07'EXAMPLE' 03'ORG' 00 0002 0001
       c00c 0002 0001 0000003c 0005 02'ns' c00c`,
    )
  })

  test('names that only end in the same octets are not the same', () => {
    // The label `x\007example` ends like the name `example`; the label `a` occurs before different names.
    const reply = { ...nothing, answer: [rrset('q.org 1 NS x\\007example.org a.b.org a.c.org b.org a.b.org')] }
    const message = decodeMessage(encodeReply(ask('example.org'), reply, 512))
    assert.deepEqual(
      message.answer.map(({ rdata }) => formatRdata(Type.NS, rdata)),
      ['x\\007example.org.', 'a.b.org.', 'a.c.org.', 'b.org.', 'a.b.org.'],
    )
  })

  test('pointers reach 16383 octets, names behind that are written in full', () => {
    const filler = rrset(`example.org 1 TXT |${`"${'x'.repeat(255)}" `.repeat(64)}`)
    const far = rrset('far.example.net 1 A 192.0.2.1 192.0.2.2')
    const message = encodeReply(ask('example.org'), { ...nothing, answer: [filler, far] }, 65535)
    assert.equal(message.length, 29 + 12 + 64 * 256 + 2 * (17 + 14))
    assert.deepEqual(
      decodeMessage(message).answer.map(({ owner }) => owner),
      [filler.owner, far.owner, far.owner],
    )
  })

  test('thousands of names, alike and beyond the reach of pointers, one message after the other', () => {
    for (let round = 0; round < 30; round++) {
      const names = Array.from({ length: 1200 }, (_, i) => `a.${'h'.repeat(1 + ((i * i + round) % 13))}${i % 1000}.org`)
      const answer = names.map((name) => rrset(`${name} 1 NS ${name}`))
      const packet = encodeReply(ask('example.org'), { ...nothing, answer }, 65535)
      const message = decodeMessage(packet)
      assert.ok(packet.length > 0x8000)
      assert.deepEqual(
        message.answer.map(({ owner, rdata }) => `${formatName(owner)} ${formatRdata(Type.NS, rdata)}`),
        names.map((name) => `${name}. ${name}.`),
      )
    }
  })

  test('one message does not point into the one before', () => {
    const reply = { ...nothing, answer: [rrset('example.org 60 NS ns.example.net')] }
    const first = encodeReply(ask('example.org'), reply, 512)
    encodeReply(ask('a.b.c.d.example.net'), reply, 512)
    assert.equal(hex(encodeReply(ask('example.org'), reply, 512)), hex(first))
  })
})

describe('truncation: RFC 2181 9, RFC 9471 3', () => {
  const answer = [rrset('example.org 60 NS ns1.example.org ns2.example.org')]
  const glue = [rrset('ns1.example.org 60 A 192.0.2.1'), rrset('ns2.example.org 60 A 192.0.2.2')]

  /** Sections as counts, TC as a letter. */
  function shape(reply: Reply, limit: number): string {
    const bytes = encodeReply(ask('example.org'), reply, limit)
    assert.ok(bytes.length <= limit)
    const { tc, answer, authority, additional, edns: opt } = decodeMessage(bytes)
    return `${answer.length} ${authority.length} ${additional.length}${opt ? ' opt' : ''}${tc ? ' tc' : ''}`
  }

  test('golden: a header, the question and TC are left of an answer that does not fit', () => {
    golden(
      encodeReply(ask('example.org'), { ...nothing, answer, edns }, 60),
      `1234 8600 0001 0000 0000 0001 07'example' 03'org' 00 0001 0001
       00 0029 04d0 00 00 0000 0000`,
    )
  })

  test('an answer that does not fit whole is left out whole', () => {
    const size = encodeReply(ask('example.org'), { ...nothing, answer }, 512).length
    assert.equal(shape({ ...nothing, answer }, size), '2 0 0')
    assert.equal(shape({ ...nothing, answer }, size - 1), '0 0 0 tc')
    assert.equal(shape({ ...nothing, answer, edns }, size + 11), '2 0 0 opt')
    assert.equal(shape({ ...nothing, answer, edns }, size + 10), '0 0 0 opt tc')
  })

  test('nothing follows an RRset that was left out', () => {
    const big = rrset(`example.org 60 TXT |"${'x'.repeat(200)}"`)
    assert.equal(shape({ ...nothing, answer: [big, ...glue], authority: answer, additional: glue }, 150), '0 0 0 tc')
    assert.equal(shape({ ...nothing, answer, authority: [big], additional: glue }, 150), '2 0 0 tc')
  })

  test('optional additional records are left out without TC, required ones with it', () => {
    const reply = { ...nothing, authority: answer, additional: glue }
    const full = encodeReply(ask('example.org'), reply, 512).length
    assert.equal(shape(reply, full), '0 2 2')
    assert.equal(shape(reply, full - 1), '0 2 1')
    assert.equal(shape({ ...reply, requiredAdditional: 1 }, full - 1), '0 2 1')
    assert.equal(shape({ ...reply, requiredAdditional: 2 }, full - 1), '0 2 1 tc')
    assert.equal(shape({ ...reply, requiredAdditional: 2 }, full), '0 2 2')
    assert.equal(shape({ ...reply, requiredAdditional: 1 }, full - 17), '0 2 0 tc')
  })

  test('a message never takes more than 65535 octets', () => {
    const many = (count: number) =>
      rrset(`example.org 60 A ${Array.from({ length: count }, (_, i) => `10.0.${i >> 8}.${i & 255}`).join(' ')}`)
    assert.equal(shape({ ...nothing, answer: [many(4094)] }, 65535), '4094 0 0')
    assert.equal(shape({ ...nothing, answer: [many(4095)] }, 65535), '0 0 0 tc')
    const [fitting, tooMany] = [many(4094), many(4095)].map((set) => ({ ...nothing, answer: [set] }))
    assert.equal(encodeReply(ask('example.org'), fitting ?? nothing, 1e6).length, 65533)
    assert.equal(encodeReply(ask('example.org'), tooMany ?? nothing, 1e6).length, 29)
    const huge = { ...rrset('example.org 60 TYPE65400'), rdata: [new Uint8Array(65535), new Uint8Array(65535)] }
    assert.equal(shape({ ...nothing, answer: [huge] }, 65535), '0 0 0 tc')
  })
})

test('decodeMessage reads flags, counts and extended rcode of an answer', () => {
  const reply = { ...nothing, rcode: Rcode.BADVERS, answer: [rrset('example.org 60 A 192.0.2.1')], edns }
  const { questions, answer, ...rest } = decodeMessage(encodeReply(ask('example.org'), reply, 512))
  const flags = { qr: true, aa: true, tc: false, rd: false, ra: false, ad: false, cd: false }
  assert.deepEqual(rest, { id: 0x1234, opcode: 0, rcode: 16, ...flags, authority: [], additional: [], edns })
  assert.deepEqual([questions.length, answer.length], [1, 1])
})
