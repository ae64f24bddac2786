import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { From } from '../../../responder/link.ts'
import { ratelimit } from '../../../responder/links/ratelimit.ts'
import { Counters, createCounterMemory, sumCounters } from '../../../responder/metrics/counters.ts'
import { rateLimited } from '../../../responder/metrics/families.ts'
import { createAccountMemory } from '../../../responder/ratelimit/accounts.ts'
import { emptyReply } from '../../../responder/reply.ts'
import type { Reply } from '../../../shared/dns/message.ts'
import { answering, ask, askSilently, linksOf } from '../scenario.ts'
import { Served } from '../served.ts'

const zone = `$TTL 300
@ SOA ns h 1 3600 600 86400 60
@ NS ns
ns A 192.0.2.1
www A 192.0.2.10
www TXT "x"
sub NS ns.example.net.
sub2 NS ns.example.net.
*.w TXT "wild"
x.w TXT "not so"
*.v TXT "wild"
*.al CNAME www
to-w CNAME a.w
dn DNAME example.net.
dn2 DNAME w
`

/** The server with a clock of the test; `sent` asks so many times and tells what came. */
function limiting(settings: object, accountMemory = createAccountMemory(), others: object = {}) {
  const memory = createCounterMemory(1)
  const clock = { now: 1.7e12 }
  const parts = { now: () => clock.now, accountMemory, counters: new Counters(memory, 0) }
  const answer = answering({ 'example.org.': zone }, linksOf({ ...others, ratelimit: settings }), parts)
  const sent = (question: string, times: number) => {
    const count = { whole: 0, truncated: 0, silent: 0 }
    for (let i = 0; i < times; i++) {
      const message = askSilently(answer, question.replace('#', String(i)))
      if (message === undefined) count.silent++
      else if (message.tc) count.truncated++
      else count.whole++
    }
    return count
  }
  const limited = () => [0, 1].map((series) => sumCounters(memory)[rateLimited.at + series])
  return { answer, clock, sent, limited }
}

describe('over time', () => {
  for (const [rate, perSecond, seconds] of [
    [5, 1000, 20],
    [100, 130, 20],
    [0.5, 10, 60],
    [1000, 50_000, 1],
  ] as const) {
    test(`${perSecond} questions a second get ${rate} answers a second, and those of the first second at once`, () => {
      const { clock, sent } = limiting({ rate, slip: 0 })
      let whole = 0
      for (let i = 0; i < perSecond * seconds; i++) {
        whole += sent('www.example.org. A', 1).whole
        clock.now += 1000 / perSecond
      }
      assert.ok(Math.abs(whole - rate * seconds - Math.max(rate, 1)) <= 1, String(whole))
    })
  }

  test('who asks no more than the rate gets all, whenever it asks', () => {
    const { clock, sent } = limiting({ rate: 10, slip: 0 })
    for (let i = 0; i < 200; i++) {
      assert.equal(sent('www.example.org. A', 1).whole, 1)
      clock.now += 100
    }
  })

  test('what is saved up is what a second gives, no more', () => {
    const { clock, sent } = limiting({ rate: 10, slip: 0 })
    sent('www.example.org. A', 100)
    clock.now += 3_600_000
    assert.equal(sent('www.example.org. A', 100).whole, 10)
  })

  test('a clock that goes back gives nothing and takes nothing', () => {
    const { clock, sent } = limiting({ rate: 10, slip: 0 })
    sent('www.example.org. A', 5)
    clock.now -= 60_000
    assert.equal(sent('www.example.org. A', 100).whole, 5)
  })
})

describe('slip', () => {
  for (const [slip, truncated] of [
    [0, 0],
    [1, 900],
    [2, 450],
    [3, 300],
  ] as const) {
    test(`${slip}: of 900 answers too many ${truncated} are empty and truncated`, () => {
      const { sent, limited } = limiting({ rate: 100, slip })
      assert.deepEqual(sent('www.example.org. A +edns', 1000), { whole: 100, truncated, silent: 900 - truncated })
      assert.deepEqual(limited(), [900 - truncated, truncated])
    })
  }

  test('nothing but the header, the question and OPT is sent', () => {
    const { answer, sent } = limiting({ rate: 1, slip: 1 })
    sent('www.example.org. A', 1)
    const { rcode, aa, answer: records, edns } = ask(answer, 'www.example.org. A +edns')
    assert.deepEqual([rcode, aa, records, edns?.udpSize], [0, true, [], 1232])
  })
})

describe('are limited', () => {
  for (const [title, settings, first, second, together, others] of [
    ['the same answers', {}, 'www.example.org. A', 'www.example.org. A', true],
    ['answers of another letter case', {}, 'www.example.org. A', 'WWW.example.ORG. A', true],
    ['answers of another type', {}, 'www.example.org. A', 'www.example.org. TXT', false],
    ['answers of another name', {}, 'www.example.org. A', 'ns.example.org. A', false],
    ['NODATA of any type', {}, 'www.example.org. MX', 'www.example.org. AAAA', true],
    ['NODATA of another name', {}, 'www.example.org. MX', 'ns.example.org. MX', false],
    ['names that do not exist', {}, 'a.example.org. A', 'b.c.example.org. MX', true],
    ['NODATA of an apex and names that do not exist', {}, 'example.org. MX', 'nx.example.org. A', false],
    ['referrals to one zone', {}, 'a.sub.example.org. A', 'b.sub.example.org. MX', true],
    ['referrals to another zone', {}, 'a.sub.example.org. A', 'a.sub2.example.org. A', false],
    ['names that a wildcard makes (RFC 4592)', {}, 'a.w.example.org. TXT', 'b.c.w.example.org. TXT', true],
    ['NODATA of these', {}, 'a.w.example.org. A', 'b.w.example.org. MX', true],
    ['aliases that a wildcard makes', {}, 'a.al.example.org. A', 'b.al.example.org. A', true],
    ['a name that is there beside a wildcard', {}, 'a.w.example.org. TXT', 'x.w.example.org. TXT', false],
    ['names that another wildcard makes', {}, 'a.w.example.org. TXT', 'a.v.example.org. TXT', false],
    ['an alias of such a name', {}, 'to-w.example.org. TXT', 'a.w.example.org. TXT', false],
    ['names that a DNAME makes', {}, 'a.dn.example.org. A', 'b.c.dn.example.org. A', true],
    ['NODATA behind a DNAME', {}, 'a.dn2.example.org. A', 'b.dn2.example.org. A', true],
    [
      'names that are rewritten to the same',
      {},
      'a.www.example.org. A',
      'b.www.example.org. A',
      true,
      { rewrite: [{ match: 'regex', from: '\\.www\\.', to: 'www.example.org' }] },
    ],
    ['errors', {}, 'a.example.net. A', 'www.example.org. A class=7', true],
    ['an answer and NODATA', {}, 'www.example.org. A', 'www.example.org. MX', false],
    ['all kinds', { all: 5 }, 'www.example.org. A', 'a.example.net. A', true],
    ['clients of a /24', {}, 'www.example.org. A from=192.0.2.1', 'www.example.org. A from=192.0.2.254', true],
    ['clients of another /24', {}, 'www.example.org. A from=192.0.2.1', 'www.example.org. A from=192.0.3.1', false],
    [
      'IPv4 as a dual-stack socket has it',
      {},
      'www.example.org. A from=192.0.2.1',
      'www.example.org. A from=::ffff:192.0.2.9',
      true,
    ],
    [
      'clients of a /56',
      {},
      'www.example.org. A from=2001:db8:1:2300::1',
      'www.example.org. A from=2001:db8:1:23ff::9',
      true,
    ],
    [
      'clients of another /56',
      {},
      'www.example.org. A from=2001:db8:1:2300::1',
      'www.example.org. A from=2001:db8:1:2400::1',
      false,
    ],
    ['link-local clients', {}, 'www.example.org. A from=fe80::1%lo', 'www.example.org. A from=fe80::2%lo', true],
    [
      'addresses, with prefixes of 32 bits',
      { prefix4: 32 },
      'www.example.org. A from=192.0.2.1',
      'www.example.org. A from=192.0.2.2',
      false,
    ],
    [
      'all there is, with prefixes of 0 bits',
      { prefix4: 0 },
      'www.example.org. A from=192.0.2.1',
      'www.example.org. A from=203.0.113.2',
      true,
    ],
    [
      'the last bit',
      { prefix6: 128 },
      'www.example.org. A from=2001:db8::1',
      'www.example.org. A from=2001:db8::2',
      false,
    ],
    [
      '64 bits',
      { prefix6: 64 },
      'www.example.org. A from=2001:db8:0:1::1',
      'www.example.org. A from=2001:db8:0:2::1',
      false,
    ],
  ] as [string, object, string, string, boolean, object?][]) {
    test(`${title}: ${together ? 'together' : 'apart'}`, () => {
      const { sent } = limiting({ rate: 5, slip: 0, ...settings }, undefined, others)
      sent(first, 5)
      assert.equal(sent(second, 1).whole, together ? 0 : 1)
    })
  }
})

describe('are not limited', () => {
  for (const transport of ['tcp', 'tls', 'https']) {
    test(transport, () => assert.equal(limiting({ rate: 1 }).sent(`www.example.org. A +${transport}`, 100).whole, 100))
  }
  test('exempt clients', () => {
    const { sent } = limiting({ rate: 1, slip: 0, exempt: ['192.0.2.0/24', '2001:db8::/32'] })
    for (const from of ['192.0.2.1', '::ffff:192.0.2.1', '2001:db8::1']) {
      assert.equal(sent(`www.example.org. A from=${from}`, 100).whole, 100)
    }
    assert.equal(sent('www.example.org. A from=192.0.3.1', 100).whole, 1)
  })
  test('the neighbours of exempt clients, whatever these are sent', () => {
    const { sent } = limiting({ rate: 5, all: 8, slip: 0, exempt: ['192.0.2.53'] })
    sent('www.example.org. A from=192.0.2.53', 100)
    assert.equal(sent('www.example.org. A from=192.0.2.54', 100).whole, 5)
  })
  test('other answers to a prefix for those that it did not get', () => {
    const { sent } = limiting({ rate: 5, all: 20, slip: 0 })
    assert.equal(sent('www.example.org. A', 1000).whole, 5)
    assert.equal(sent('www.example.org. TXT', 1000).whole, 5)
    assert.equal(sent('#.example.org. A', 1000).whole, 5)
    assert.equal(sent('www.example.org. MX', 1000).whole, 5)
    assert.equal(sent('ns.example.org. A', 1000).whole, 0)
  })
  test('kinds whose rate is 0, while others are', () => {
    const { sent } = limiting({ rate: 1, rates: { nxdomain: 0, error: 3 }, slip: 0 })
    assert.equal(sent('#.example.org. A', 100).whole, 100)
    assert.equal(sent('#.example.net. A', 100).whole, 3)
    assert.equal(sent('www.example.org. A', 100).whole, 1)
  })
  test('clients with a good cookie (RFC 9018 appendix A.2), and no others', () => {
    const cookie = '2464c4abcf10c957010000005cf79f111f8130c3eee29480'
    for (const [body, whole] of [
      [cookie, 100],
      [cookie.replace(/80$/, '81'), 1],
      [cookie.slice(0, 16), 1],
    ] as const) {
      const { sent } = limiting({ rate: 1, slip: 0 })
      assert.equal(sent(`www.example.org. A +edns +ednsopt=10:${body} from=198.51.100.100`, 100).whole, whole)
    }
  })
  test('replies that say that the client is where it says', () => {
    const from: From = { transport: 'udp', address: '192.0.2.53', port: 53000 }
    const query = { id: 1, opcode: 0, rd: false, cd: false, questions: 0 }
    const sent = (reply: Reply) => {
      const handle = ratelimit.create(SETTINGS, { ...PARTS, below: () => () => reply })(() => reply)
      const replies = Array.from({ length: 10 }, () => handle({ query, wellFormed: true, from, size: 12 }))
      return replies.filter(({ drop }) => !drop).length
    }
    assert.equal(sent(emptyReply(0)), 1)
    assert.equal(sent({ ...emptyReply(0), proven: true }), 10)
  })
})

test('workers keep one account of a client', () => {
  const memory = createAccountMemory()
  const [one, other] = [limiting({ rate: 10, slip: 0 }, memory), limiting({ rate: 10, slip: 0 }, memory)]
  assert.equal(one.sent('www.example.org. A', 6).whole + other.sent('www.example.org. A', 100).whole, 10)
})

test('a flood from everywhere takes no more memory, and who is limited stays so', () => {
  const { clock, sent } = limiting({ rate: 10, slip: 0 })
  let answered = 0
  for (let i = 0; i < 300_000; i++) {
    sent(`www.example.org. A from=${10 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}.1`, 1)
    if (i % 10 === 0) answered += sent('www.example.org. A', 1).whole
    clock.now += 0.01
  }
  assert.ok(answered <= 10 + 30 + 10, String(answered)) // 3 s, and a slot or two lost to others
})

describe('is refused', () => {
  for (const [settings, complaint] of [
    [{}, /^file: links\.ratelimit: "rate" is missing$/],
    [{ rate: -1 }, /^file: links\.ratelimit\.rate: /],
    [{ rate: 1, slip: 1.5 }, /^file: links\.ratelimit\.slip: /],
    [{ rate: 1, prefix4: 33 }, /^file: links\.ratelimit\.prefix4: /],
    [{ rate: 1, prefix6: 129 }, /^file: links\.ratelimit\.prefix6: /],
    [{ rate: 1, rates: { any: 1 } }, /^file: links\.ratelimit\.rates: "any" is not known here$/],
    [{ rate: 1, exempt: ['x'] }, /^file: links\.ratelimit\.exempt\.0: /],
    [true, /^file: links\.ratelimit: /],
  ] as const) {
    test(JSON.stringify(settings), () => assert.throws(() => linksOf({ ratelimit: settings }), { message: complaint }))
  }
})

// ---------------------------------------------------------------------------

const SETTINGS = { rate: 1, rates: {}, all: 0, slip: 0, prefix4: 24, prefix6: 56 }
const PARTS = {
  zones: new Served().zones,
  counters: new Counters(createCounterMemory(1), 0),
  report: () => {},
  log: () => {},
  now: () => 0,
  random: () => 0,
}
