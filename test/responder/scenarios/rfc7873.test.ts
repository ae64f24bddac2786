/** RFC 7873: cookies; what they are made of and how long they hold is RFC 9018 (test/responder/cookies.test.ts). */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LinkSettings } from '../../../responder/chain.ts'
import { cookieJudge, parseSecret } from '../../../responder/cookies.ts'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import { answering, fromTransport, scenario, show } from '../scenario.ts'

const zones = { 'example.org.': '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1' }
const NS = { says: 'NOERROR aa', answer: ['ns.example.org. 300 A 192.0.2.1'] }

/** From appendix A.1 of RFC 9018, whose secret and time those of the tests are. */
const CLIENT = '2464c4abcf10c957'
const GOOD = `${CLIENT}010000005cf79f111f8130c3eee29480`
const BAD = `${CLIENT}010000005cf79f110000000000000000`
const OPTION = `10:${GOOD}`
const HOME = 'from=198.51.100.100'
const OTHER_SECRET = '00112233445566778899aabbccddeeff'

scenario('RFC 7873 5.2', zones, [
  { ask: `ns.example.org. A ${HOME}`, ...NS }, // 5.2.1
  { ask: `ns.example.org. A +edns ${HOME}`, ...NS },
  { ask: `ns.example.org. A +edns +ednsopt=10:010203 ${HOME}`, says: 'FORMERR' }, // 5.2.2
  { ask: `ns.example.org. A +edns +ednsopt=10: ${HOME}`, says: 'FORMERR' },
  { ask: `ns.example.org. A +edns +ednsopt=10:${CLIENT}01 ${HOME}`, says: 'FORMERR' },
  { ask: `ns.example.org. A +edns +ednsopt=10:${'00'.repeat(41)} ${HOME}`, says: 'FORMERR' },
  { ask: `ns.example.org. A +edns +ednsopt=10:${CLIENT} ${HOME}`, ...NS, options: [OPTION] }, // 5.2.3
  { ask: `ns.example.org. A +edns +ednsopt=10:${CLIENT} ${HOME} +tcp`, ...NS, options: [OPTION] },
  { ask: `ns.example.org. A +edns +ednsopt=10:${BAD} ${HOME}`, ...NS, options: [OPTION] }, // 5.2.4
  { ask: `ns.example.org. A +edns +ednsopt=10:${CLIENT}0102030405060708 ${HOME}`, ...NS, options: [OPTION] },
  { ask: `ns.example.org. A +edns +ednsopt=10:${GOOD} ${HOME}`, ...NS, options: [OPTION] }, // 5.2.5
  // Of several the first counts.
  { ask: `ns.example.org. A +edns +ednsopt=10:${CLIENT} +ednsopt=10:01 ${HOME}`, ...NS, options: [OPTION] },
  { ask: `ns.example.org. A +edns +ednsopt=10:01 +ednsopt=10:${CLIENT} ${HOME}`, says: 'FORMERR' },
  { ask: `example.net. A +edns +ednsopt=10:${CLIENT} ${HOME}`, says: 'REFUSED', options: ['15:0014', OPTION] },
  { ask: `ns.example.org. A +edns=1 +ednsopt=10:${CLIENT} ${HOME}`, says: 'BADVERS' },
])

scenario(
  'required: RFC 7873 5.2.3 (2), over UDP only',
  zones,
  [
    { ask: `ns.example.org. A +edns +ednsopt=10:${CLIENT} ${HOME}`, says: 'BADCOOKIE', options: [OPTION] },
    { ask: `ns.example.org. A +edns +ednsopt=10:${BAD} ${HOME}`, says: 'BADCOOKIE', options: [OPTION] },
    { ask: `ns.example.org. A +edns +ednsopt=10:${GOOD} ${HOME}`, ...NS, options: [OPTION] },
    { ask: `ns.example.org. A +edns +ednsopt=10:${CLIENT} ${HOME} +tcp`, ...NS, options: [OPTION] },
    { ask: `ns.example.org. A +edns +ednsopt=10:${BAD} ${HOME} +tls`, ...NS, options: [OPTION] },
    { ask: `ns.example.org. A ${HOME}`, ...NS },
  ],
  { cookies: { required: true } },
)

scenario(
  'secrets of the configuration',
  zones,
  [
    {
      ask: `ns.example.org. A +edns +ednsopt=10:${GOOD} ${HOME}`,
      says: 'BADCOOKIE',
      options: [`10:${otherCookie()}`],
    },
  ],
  { cookies: { secrets: [OTHER_SECRET], required: true } },
)

scenario(
  'none',
  zones,
  [
    { ask: `ns.example.org. A +edns +ednsopt=10:${CLIENT} ${HOME}`, ...NS },
    { ask: `ns.example.org. A +edns +ednsopt=10:01 ${HOME}`, ...NS },
  ],
  { cookies: false },
)

describe('RFC 7873 5.4: a question for a cookie alone', () => {
  for (const [title, cookie, flags, expected, links] of [
    ['a client cookie', CLIENT, '0000', ['NOERROR', OPTION], {}],
    ['a good server cookie', GOOD, '0000', ['NOERROR', OPTION], {}],
    ['a bad server cookie', BAD, '0000', ['BADCOOKIE', OPTION], {}],
    ['where one is required', CLIENT, '0000', ['NOERROR', OPTION], { cookies: { required: true } }],
    ['a malformed one', '01', '0000', ['FORMERR'], {}],
    ['another opcode', CLIENT, '7800', ['NOTIMP', OPTION], {}],
    ['without cookies', CLIENT, '0000', ['FORMERR'], { cookies: false }],
  ] as const satisfies [string, string, string, string[], LinkSettings][]) {
    test(title, () => {
      const size = (cookie.length / 2).toString(16).padStart(2, '0')
      const rest = (cookie.length / 2 + 4).toString(16).padStart(2, '0')
      const packet = `1267${flags}0000000000000001${'00002904d000000000'}00${rest}000a00${size}${cookie}`
      const answer = answering(zones, links)
      const reply = answer(Buffer.from(packet, 'hex'), fromTransport('udp', '198.51.100.100')) ?? assert.fail()
      const message = decodeMessage(reply)
      const { says, options } = show(message)
      assert.deepEqual([says, ...options], expected)
      assert.equal(message.questions.length, 0)
    })
  }

  test('what follows the OPT record makes it FORMERR', () => {
    const packet = `1267000000000000000000${'0100002904d000000000000c000a0008'}${CLIENT}00`
    const reply = answering(zones)(Buffer.from(packet, 'hex'), fromTransport('udp', '198.51.100.100')) ?? assert.fail()
    const { says, options } = show(decodeMessage(reply))
    assert.deepEqual([says, ...options], ['FORMERR', OPTION])
  })

  test('no cookie, no question: FORMERR', () => {
    const packet = Buffer.from('126700000000000000000001' + '00002904d0000000000000', 'hex')
    const reply = answering(zones)(packet, fromTransport('udp')) ?? assert.fail()
    assert.equal(show(decodeMessage(reply)).says, 'FORMERR')
  })
})

// ---------------------------------------------------------------------------

function otherCookie(): string {
  const judge = cookieJudge([parseSecret(OTHER_SECRET)])
  const judged = judge(Buffer.from(CLIENT, 'hex'), '198.51.100.100', 1559731985)
  return Buffer.from(judged?.answer ?? []).toString('hex')
}
