import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Counters, createCounterMemory, sumCounters } from '../../../responder/metrics/counters.ts'
import * as family from '../../../responder/metrics/families.ts'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import { answering, ask, askSilently, fromTransport, linksOf, scenario, show } from '../scenario.ts'

const zone =
  '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1\nwww 300 A 192.0.2.10\nwww 300 TXT "x"'

describe('the first rule that holds decides', () => {
  for (const [title, acl, expected] of [
    ['none holds', [{ action: 'block', from: ['198.51.100.0/24'] }], 'NOERROR aa'],
    ['allow before block', [{ action: 'allow', from: ['192.0.2.53'] }, { action: 'block' }], 'NOERROR aa'],
    ['block before allow', [{ action: 'block' }, { action: 'allow' }], 'REFUSED'],
    ['another type', [{ action: 'block', types: ['TXT', 'AAAA'] }], 'NOERROR aa'],
    ['the type, in lower case', [{ action: 'block', types: ['a'] }], 'REFUSED'],
    ['the name itself', [{ action: 'block', names: ['WWW.example.org.'] }], 'REFUSED'],
    ['a name above', [{ action: 'block', names: ['example.net', 'org'] }], 'REFUSED'],
    ['a name that ends in the same letters', [{ action: 'block', names: ['ww.example.org'] }], 'NOERROR aa'],
    ['client but not type', [{ action: 'block', from: ['192.0.2.0/24'], types: ['TXT'] }], 'NOERROR aa'],
    ['type but not client', [{ action: 'block', from: ['192.0.3.0/24'], types: ['A'] }], 'NOERROR aa'],
    [
      'all of client, type and name',
      [{ action: 'filter', from: ['192.0.2.0/24'], types: ['A'], names: ['.'] }],
      'NOERROR aa',
    ],
  ] as const) {
    test(title, () => {
      const answer = answering({ 'example.org.': zone }, linksOf({ acl }))
      assert.equal(show(ask(answer, 'www.example.org. A')).says, expected)
    })
  }
})

test('what is refused says why, and where nothing is said nothing is sent, over TCP as well', () => {
  const acl = [
    { action: 'block', types: ['A'] },
    { action: 'filter', types: ['TXT'] },
    { action: 'drop', types: ['MX'] },
  ]
  const memory = createCounterMemory(1)
  const answer = answering({ 'example.org.': zone }, linksOf({ acl }), { counters: new Counters(memory, 0) })
  assert.deepEqual(show(ask(answer, 'www.example.org. A +edns')).options, ['15:0012'])
  assert.deepEqual(show(ask(answer, 'www.example.org. TXT +edns')).options, ['15:0011'])
  assert.equal(ask(answer, 'www.example.org. A').edns, undefined)
  assert.equal(askSilently(answer, 'www.example.org. MX'), undefined)
  assert.equal(askSilently(answer, 'www.example.org. MX +tcp'), undefined)
  assert.equal(askSilently(answer, 'www.example.org. MX +tls'), undefined)
  assert.equal(show(ask(answer, 'www.example.org. A +https')).says, 'REFUSED')
  ask(answer, 'www.example.org. AAAA')
  const counted = sumCounters(memory)
  const rules = [family.aclAllowed, family.aclBlocked, family.aclFiltered, family.aclDropped, family.dropped]
  assert.deepEqual(
    rules.map(({ at }) => counted[at]),
    [1, 3, 1, 3, 3],
  )
  const { at, series } = family.responses
  assert.equal(
    counted.subarray(at, at + series.length).reduce((sum, count) => sum + count),
    5,
    'silence is no response',
  )
})

scenario(
  'what is filtered is NODATA as of a name without such data: without AA and SOA it would look lame (RFC 2308 2.2)',
  { 'example.org.': zone },
  [
    {
      ask: 'www.example.org. TXT +edns',
      says: 'NOERROR aa',
      authority: ['example.org. 60 SOA ns.example.org. h.example.org. 1 3600 600 86400 60'],
      options: ['15:0011'],
    },
    { ask: 'www.example.net. TXT +edns', says: 'NOERROR', options: ['15:0011'] },
    { ask: 'version.bind. TXT class=3 +edns', says: 'NOERROR', options: ['15:0011'] },
  ],
  linksOf({ acl: [{ action: 'filter', types: ['TXT'] }] }),
)

describe('what is no question that could be answered', () => {
  const cookie = '000a0008' + '2464c4abcf10c957'
  const messages = {
    'for a cookie alone': `126700000000000000000001${'00002904d0000000000000'.slice(0, -4)}000c${cookie}`,
    'with a cookie that is malformed': `126700000000000000000001${'00002904d000000000'}0005000a000101`,
    'of another version of EDNS': `126700000000000000000001${'00002904d000010000'}0000`,
    'without question': '126700000000000000000000',
    'of another opcode': '126778000000000000000000',
    'that breaks off': '1267000000010000000000000377',
  }
  for (const [title, hex] of Object.entries(messages)) {
    test(`${title}: silence where all of a client is dropped, else as for anybody`, () => {
      const says = (acl: readonly object[] | false) => {
        const answer = answering({ 'example.org.': zone }, linksOf({ acl }))
        const reply = answer(Buffer.from(hex, 'hex'), fromTransport('udp'))
        return reply && show(decodeMessage(reply)).says
      }
      const usual = says(false)
      assert.notEqual(usual, undefined)
      assert.equal(says([{ action: 'drop', from: ['192.0.2.0/24'] }]), undefined)
      assert.equal(says([{ action: 'allow', from: ['192.0.2.53'] }, { action: 'drop' }]), usual)
      assert.equal(
        says([
          { action: 'drop', types: ['A'] },
          { action: 'drop', names: ['.'] },
        ]),
        usual,
      )
      for (const action of ['block', 'filter']) assert.equal(says([{ action }]), usual) // as allow-query of BIND
    })
  }

  for (const opcode of [2, 4, 5]) {
    test(`opcode ${opcode}`, () => {
      const says = (acl: readonly object[]) => {
        const message = askSilently(
          answering({ 'example.org.': zone }, linksOf({ acl })),
          `example.org. SOA opcode=${opcode}`,
        )
        return message && show(message).says
      }
      const usual = { 2: 'NOTIMP', 4: 'NOERROR aa', 5: 'REFUSED' }[opcode]
      assert.deepEqual([says([{ action: 'drop' }]), says([{ action: 'block' }])], [undefined, usual])
    })
  }
})

describe('is refused', () => {
  for (const [acl, complaint] of [
    [[], /^file: links\.acl: the list is empty$/],
    [[{ action: 'deny' }], /^file: links\.acl\.0\.action: /],
    [
      [{ action: 'block', from: ['10.0.0.0/40'] }],
      /^file: links\.acl\.0\.from\.0: "10\.0\.0\.0\/40": a prefix of IPv4/,
    ],
    [[{ action: 'block', types: ['A', 'B'] }], /^file: links\.acl\.0\.types\.1: B is no RR type$/],
    [[{ action: 'block', names: ['a..b'] }], /^file: links\.acl\.0\.names\.0: the name has an empty label$/],
    [[{ action: 'block', nets: [] }], /^file: links\.acl\.0: "nets" is not known here$/],
    [true, /^file: links\.acl: /],
  ] as const) {
    test(JSON.stringify(acl), () => assert.throws(() => linksOf({ acl }), { message: complaint }))
  }
})
