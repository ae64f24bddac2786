/**
 * What every client may expect of an authoritative server, point by point over one zone, each by its RFC. The points have
 * numbers; those about TLS and HTTPS are tested beside their listeners.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import type { Edns, Message } from '../../../shared/dns/message.ts'
import { CHECKLIST_ZONE } from '../checklist-zone.ts'
import { answering, ask, type Case, fromTransport, show } from '../scenario.ts'

const answer = answering({ 'example.org.': CHECKLIST_ZONE })

const WWW = ['www.example.org. 300 A 192.0.2.10']
const WWW_BOTH = [...WWW, 'www.example.org. 300 AAAA 2001:db8::10']
const SOA = 'ns1.example.org. hostmaster.example.org. 2024 3600 600 86400 60'
const NEGATIVE = [`example.org. 60 SOA ${SOA}`]
const NODATA = { says: 'NOERROR aa', authority: NEGATIVE }
const NXDOMAIN = { says: 'NXDOMAIN aa', authority: NEGATIVE }
const found = (...answer: string[]) => ({ says: 'NOERROR aa', answer })
const ALIAS = 'alias.example.org. 300 CNAME www.example.org.'
const DNAME = 'dn.example.org. 300 DNAME tgt.example.org.'
const REFERRAL = {
  says: 'NOERROR',
  authority: ['sub.example.org. 300 NS ns.sub.example.org.', 'sub.example.org. 300 NS ns.other.example.org.'],
  additional: ['ns.sub.example.org. 300 A 192.0.2.40', 'ns.other.example.org. 300 A 192.0.2.41'],
}
const LONG = [63, 63, 63, 46].map((length) => 'x'.repeat(length)).join('.')

/** Names are relative to example.org. */
const points: readonly (readonly [point: number, rfc: string, expected: Case, opt?: Partial<Edns>])[] = [
  [1, '6891 7', { ask: 'www A', ...found(...WWW) }],
  [2, '6891 6.1.1', { ask: 'www A +edns', ...found(...WWW) }, { version: 0, udpSize: 1232 }],
  [3, '6891 6.1.3', { ask: 'www A +edns=1', says: 'BADVERS' }, { version: 0 }],
  [4, '6891 6.1.2', { ask: 'www A +edns +ednsopt=100:', ...found(...WWW) }, {}],
  [6, '3225', { ask: 'www A +dnssec', ...found(...WWW) }, { dnssecOk: true }],
  [7, '6891 6.2.3', { ask: 'www A +bufsize=1', ...found(...WWW) }, { udpSize: 1232 }],
  [9, '5001 2', { ask: 'www A +edns +ednsopt=3:', ...found(...WWW), options: ['3:6e6f64652d31'] }, {}],
  [
    10,
    '7873, 9018',
    {
      ask: 'www A +edns +ednsopt=10:2464c4abcf10c957 from=198.51.100.100',
      ...found(...WWW),
      options: ['10:2464c4abcf10c957010000005cf79f111f8130c3eee29480'],
    },
    {},
  ],
  [11, '7873 5.2.2', { ask: 'www A +edns +ednsopt=10:010203', says: 'FORMERR' }, {}],
  [18, '8906 3.1', { ask: 'www TYPE666', ...NODATA }],
  [19, '3597 5', { ask: 't65400 TYPE65400', ...found('t65400.example.org. 300 TYPE65400 \\# 3 010203') }],
  [20, '8906 3.1', { ask: 'www A class=7', says: 'REFUSED' }],
  [21, '1035 4.1.1', { ask: 'www.example.net. A', says: 'REFUSED' }],
  [22, '8482 4.1', { ask: 'example.org. ANY', ...found(`example.org. 3600 SOA ${SOA}`) }],
  [
    22,
    '8482 4.4',
    {
      ask: 'example.org. ANY +tcp',
      ...found(
        `example.org. 3600 SOA ${SOA}`,
        'example.org. 300 NS ns1.example.org.',
        'example.org. 300 NS ns2.example.org.',
      ),
    },
  ],
  [23, '2308 3, 5', { ask: 'nx A', ...NXDOMAIN }],
  [24, '2308 2.2', { ask: 'www MX', ...NODATA }],
  [25, '8020, 4592 2.2.2', { ask: 'ent A', ...NODATA }],
  [25, '8020, 4592 2.2.2', { ask: 'y.w A', ...NODATA }],
  [26, '4592 2.2.1', { ask: 'z.w A', ...found('z.w.example.org. 300 A 192.0.2.20') }],
  [26, '4592 2.2.1', { ask: 'q.p.w A', ...found('q.p.w.example.org. 300 A 192.0.2.20') }],
  [27, '4592 2.2.1', { ask: 'z.w MX', ...NODATA }],
  [28, '4592 2.1.1', { ask: '*.w A', ...found('*.w.example.org. 300 A 192.0.2.20') }],
  [29, '4592 3.3.1', { ask: 'q.y.w A', ...NXDOMAIN }],
  [30, '4592 2.2.1', { ask: 'x.y.w A', ...NODATA }],
  [31, '4592 3.3.3', { ask: 'z.cw A', ...found('z.cw.example.org. 300 CNAME www.example.org.', ...WWW) }],
  [32, '1034 4.3.2', { ask: 'alias A', ...found(ALIAS, ...WWW) }],
  [33, '1034 3.6.2', { ask: 'alias CNAME', ...found(ALIAS) }],
  [34, '6604 3', { ask: 'broken A', ...NXDOMAIN, answer: ['broken.example.org. 300 CNAME nx.example.org.'] }],
  [35, '1034 4.3.2', { ask: 'out A', ...found('out.example.org. 300 CNAME target.example.net.') }],
  [
    36,
    '1034 3.6.2',
    {
      ask: 'loop1 A',
      ...found('loop1.example.org. 300 CNAME loop2.example.org.', 'loop2.example.org. 300 CNAME loop1.example.org.'),
    },
  ],
  [
    37,
    '6672 3.1',
    {
      ask: 'host.dn A',
      ...found(DNAME, 'host.dn.example.org. 300 CNAME host.tgt.example.org.', 'host.tgt.example.org. 300 A 192.0.2.30'),
    },
  ],
  [38, '6672', { ask: 'nx.dn A', ...NXDOMAIN, answer: [DNAME, 'nx.dn.example.org. 300 CNAME nx.tgt.example.org.'] }],
  [39, '6672 2.3', { ask: 'dn A', ...NODATA }],
  [40, '6672 2.2', { ask: `${LONG}.dn A`, says: 'YXDOMAIN aa', answer: [DNAME] }],
  [41, '1034 4.3.2', { ask: 'x.sub A', ...REFERRAL }],
  [41, '1034 4.3.2', { ask: 'sub NS', ...REFERRAL }],
  [42, '9471 3', { ask: 'x.sub A +tcp', ...REFERRAL }], // where it does not fit: rfc9471.test.ts
  [
    43,
    '4035 3.1.4.1',
    {
      ask: 'sub DS',
      ...found(`sub.example.org. 300 DS 12345 13 2 ${'0123456789ABCDEF'.repeat(4)}`),
    },
  ],
  [44, '1034 4.3.2', { ask: 'ns.sub A', ...REFERRAL }],
  [49, '7828 3.3.2', { ask: 'www A +edns +ednsopt=11: +tcp', ...found(...WWW), options: ['11:0064'] }, {}],
  [50, '4892', { ask: 'id.server. TXT class=3', ...found('id.server. 0 CH TXT "node-1"') }],
  [50, '4892', { ask: 'version.bind. TXT class=3', says: 'REFUSED' }],
  [
    51,
    '9460 4.1',
    {
      ask: 'svc HTTPS',
      ...found('svc.example.org. 300 HTTPS 1 www.example.org. alpn="h2"'),
      additional: WWW_BOTH,
    },
  ],
  [
    52,
    '2782',
    { ask: '_s._tcp SRV', ...found('_s._tcp.example.org. 300 SRV 10 100 443 www.example.org.'), additional: WWW_BOTH },
  ],
  [
    58,
    '7314 2',
    { ask: 'example.org. SOA +edns +ednsopt=9:', ...found(`example.org. 3600 SOA ${SOA}`), options: ['9:00015180'] },
    {},
  ],
  [59, '1996 3.7', { ask: 'example.org. SOA opcode=4', says: 'NOERROR aa' }],
  [60, '8914 4.21', { ask: 'www.example.net. A +edns', says: 'REFUSED', options: ['15:0014'] }, {}],
  [60, '8914 4.19', { ask: 'example.org. AXFR +edns', says: 'REFUSED', options: ['15:0012'] }, {}],
]

for (const [point, rfc, { ask: question, ...said }, opt] of points) {
  test(`${point}, RFC ${rfc}: ${question.slice(0, 80)}`, () => {
    const [name = '', ...rest] = question.split(' ')
    const message = ask(answer, [name.endsWith('.') ? name : `${name}.example.org.`, ...rest].join(' '))
    assert.deepEqual(show(message), { answer: [], authority: [], additional: [], options: [], ...said })
    assert.equal(message.edns !== undefined, opt !== undefined, 'OPT if it was asked')
    assert.deepEqual({ ...message.edns, ...opt }, { ...message.edns })
  })
}

const WWW_A = '03777777076578616d706c65036f72670000010001'
const OPT = '00002904d0000000000000'
const header = (flags: string, questions: number, additional = 0) =>
  `1267${flags}000${questions}0000000000${`0${additional}`}`

/** Requests that are made by hand: hexadecimal, behind it what must come back. */
const packets: readonly (readonly [
  point: number,
  rfc: string,
  title: string,
  packet: string,
  says: string | undefined,
])[] = [
  [8, '6891 6.1.1', 'two OPT', header('0000', 1, 2) + WWW_A + OPT + OPT, 'FORMERR'],
  [8, '6891 6.1.2', 'OPT not at the root', `${header('0000', 1, 1)}${WWW_A}0161${OPT}`, 'FORMERR'],
  [
    12,
    '7873 5.4',
    'a question for a cookie',
    `${header('0000', 0, 1)}00002904d000000000000c000a00080102030405060708`,
    'NOERROR',
  ],
  [
    12,
    '7873 5.4',
    'a wrong server cookie',
    `${header('0000', 0, 1)}00002904d0000000000014000a001001020304050607080102030405060708`,
    'BADCOOKIE',
  ],
  [13, '8906 3.1', 'a header alone', header('0000', 0), 'FORMERR'],
  [14, '9619 4', 'two questions', header('0000', 2) + WWW_A + WWW_A, 'FORMERR'],
  [15, '8906 3.1.4', 'a header alone, opcode 15', header('7800', 0), 'NOTIMP'],
  [16, '1035 4.1.1', 'QR', header('8000', 1) + WWW_A, undefined],
  [16, '1035 4.1.1', 'eleven octets', header('0000', 1).slice(0, 22), undefined],
]

for (const [point, rfc, title, packet, says] of packets) {
  test(`${point}, RFC ${rfc}: ${title}`, () => {
    const message = sent(packet)
    assert.equal(message && show(message).says, says)
    if (point === 12) assert.equal(message?.edns?.options[0]?.body.length, 24)
  })
}

test('5, RFC 6891 6.1.4: unknown flags of EDNS are not answered', () => {
  const reply = octetsOf(`${header('0000', 1, 1)}${WWW_A}00002904d0000000400000`)
  assert.equal(reply?.subarray(-11).toString('hex'), OPT)
})

test('17, RFC 1035 4.1.1, 4035 3.1.6: of the flags only RD comes back', () => {
  const reply = octetsOf(`${header('0170', 1)}${WWW_A}`)
  assert.equal(reply?.subarray(2, 4).toString('hex'), '8500') // QR, AA, RD
})

test('45, RFC 4343 4.1: the question comes back byte for byte', () => {
  const question = Buffer.from('\x03WwW\x07eXaMpLe\x03OrG\0\0\x01\0\x01', 'latin1').toString('hex')
  const reply = octetsOf(header('0000', 1) + question)
  assert.equal(reply?.subarray(12, 33).toString('hex'), question)
  assert.deepEqual(show(decodeMessage(reply ?? assert.fail())).answer, WWW)
})

describe('46, 47, RFC 2181 9, 7766 5: what does not fit', () => {
  for (const [question, truncated, records] of [
    ['big.example.org. TXT', true, 0],
    ['big.example.org. TXT +bufsize=4096', true, 0],
    ['big.example.org. TXT +tcp', false, 60],
  ] as const) {
    test(question, () => {
      const message = ask(answer, question)
      assert.deepEqual([message.tc, message.answer.length], [truncated, records])
    })
  }
})

test('no point is forgotten', () => {
  const here = [...points, ...packets].map(([point]) => point)
  const alone = [5, 17, 45, 46, 47]
  const elsewhere = [48, 53, 54, 55, 56, 57] // test/responder/listeners, and rfc7830.test.ts
  const all = new Set([...here, ...alone, ...elsewhere])
  assert.deepEqual(
    Array.from({ length: 60 }, (_, i) => i + 1).filter((point) => !all.has(point)),
    [],
  )
})

// ---------------------------------------------------------------------------

function octetsOf(packet: string): Buffer | undefined {
  const reply = answer(Buffer.from(packet, 'hex'), fromTransport('udp'))
  return reply && Buffer.from(reply)
}

function sent(packet: string): Message | undefined {
  const reply = octetsOf(packet)
  return reply && decodeMessage(reply)
}
