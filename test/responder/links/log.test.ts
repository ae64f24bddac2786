import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createAnswer } from '../../../responder/answer.ts'
import { Counters, createCounterMemory, sumCounters } from '../../../responder/metrics/counters.ts'
import { panics } from '../../../responder/metrics/families.ts'
import { Type } from '../../../shared/dns/codes.ts'
import { encodeQuery } from '../../../shared/dns/encode-query.ts'
import { foldCase, MAX_NAME, parseName, type WireName } from '../../../shared/dns/name.ts'
import { randomNumbers } from '../../random.ts'
import { answering, ask, askSilently, fromTransport, linksOf, zoneUpdates } from '../scenario.ts'
import { namesUpdate, Served } from '../served.ts'

const zone = `$TTL 300
@ SOA ns h 1 3600 600 86400 60
@ NS ns
ns A 192.0.2.1
sub NS ns
big TXT ${Array.from({ length: 20 }, (_, i) => `"${String(i).repeat(100)}"`).join(' ')}
`
const zones = { 'example.org.': zone }

/** Answers with that log, and the lines that have been written so far. */
function logging(log: object, links: object = {}, random = () => 0) {
  const lines: string[] = []
  let clock = 0
  const now = () => (clock += 1.5)
  const answer = answering(zones, linksOf({ log, ...links }), { log: (line) => lines.push(line), now, random })
  return { answer, lines }
}

describe('a line', () => {
  for (const [question, expected] of [
    ['ns.example.org. A', '192.0.2.53:53000 - 4711 "A IN ns.example.org. udp 32 false 512" NOERROR qr,aa 48 0.001500s'],
    [
      'NS.example.org. A +rd',
      '192.0.2.53:53000 - 4711 "A IN ns.example.org. udp 32 false 512" NOERROR qr,aa,rd 48 0.001500s',
    ],
    [
      'ns.example.org. A +dnssec +bufsize=4096',
      '192.0.2.53:53000 - 4711 "A IN ns.example.org. udp 43 true 4096" NOERROR qr,aa 59 0.001500s',
    ],
    [
      'big.example.org. TXT',
      '192.0.2.53:53000 - 4711 "TXT IN big.example.org. udp 33 false 512" NOERROR qr,aa,tc 33 0.001500s',
    ],
    [
      'ns.example.net. TYPE999 +tcp',
      '192.0.2.53:53000 - 4711 "TYPE999 IN ns.example.net. tcp 32 false 512" REFUSED qr 32 0.001500s',
    ],
    [
      'ns.example.org. A +tls +edns +ednsopt=12:00',
      '192.0.2.53:53000 - 4711 "A IN ns.example.org. tls 48 false 1232" NOERROR qr,aa 468 0.001500s',
    ],
    [
      'ns.example.org. A +https',
      '192.0.2.53:53000 - 4711 "A IN ns.example.org. https 32 false 512" NOERROR qr,aa 48 0.001500s',
    ],
    [
      'version.bind. TXT class=3',
      '192.0.2.53:53000 - 4711 "TXT CH version.bind. udp 30 false 512" REFUSED qr 30 0.001500s',
    ],
    [
      'ns.example.org. A class=7',
      '192.0.2.53:53000 - 4711 "A CLASS7 ns.example.org. udp 32 false 512" REFUSED qr 32 0.001500s',
    ],
    [
      'ns.example.org. A +edns=1',
      '192.0.2.53:53000 - 4711 "A IN ns.example.org. udp 43 false 1232" BADVERS qr 43 0.001500s',
    ],
    [
      'ns.example.org. A opcode=15 from=fe80::1%lo',
      '[fe80::1%lo]:53000 - 4711 "A IN ns.example.org. udp 32 false 512" NOTIMP qr 32 0.001500s',
    ],
  ] as const) {
    test(question, () => {
      const { answer, lines } = logging({})
      askSilently(answer, question)
      assert.deepEqual(lines, [expected])
    })
  }

  test('of a question that cannot be read, and of silence', () => {
    const { answer, lines } = logging({}, { acl: [{ action: 'drop', types: ['A'] }] })
    answer(Uint8Array.of(0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x40), fromTransport('udp'))
    askSilently(answer, 'ns.example.org. A')
    assert.deepEqual(lines, [
      '192.0.2.53:53000 - 7 "- - - udp 13 false 512" FORMERR qr,rd 12 0.001500s',
      '192.0.2.53:53000 - 4711 "A IN ns.example.org. udp 32 false 512" - - 0 0.001500s',
    ])
  })

  test('of what is no question at all there is none', () => {
    const { answer, lines } = logging({})
    answer(Uint8Array.of(1, 2, 3), fromTransport('udp'))
    assert.deepEqual(lines, [])
  })

  test('tells what was sent, not what was meant to be', () => {
    const lines: string[] = []
    const reported: unknown[] = []
    const broken = [{ type: Type.PTR, ttl: 300, rdata: [Uint8Array.of(5)] }]
    const names = namesUpdate(parseName('example.org.'), [[parseName('broken.example.org.'), broken]])
    const { zones: served } = new Served(...zoneUpdates('example.org.', zone), names)
    const counters = new Counters(createCounterMemory(1), 0)
    const parts = {
      zones: served,
      counters,
      report: (error: unknown) => reported.push(error),
      log: (line: string) => lines.push(line),
    }
    ask(createAnswer(parts, linksOf({ log: { classes: ['error'] } })), 'broken.example.org. PTR')
    assert.match(
      lines.join('\n'),
      /^\S+ - 4711 "PTR IN broken\.example\.org\. udp 36 false 512" SERVFAIL qr 36 [\d.]+s$/,
    )
    assert.equal(reported.length, 1)
  })

  test('in JSON has the view and the name that was looked up', () => {
    const { answer, lines } = logging(
      { format: 'json' },
      {
        rewrite: [{ match: 'exact', from: 'x.example.org', to: 'ns.example.org' }],
        view: [{ name: 'all', links: {} }],
      },
    )
    askSilently(answer, 'x.example.org. A +edns +rd')
    assert.deepEqual(JSON.parse(lines[0] ?? ''), {
      time: '1970-01-01T00:00:00.001Z',
      remote: '192.0.2.53',
      port: 53000,
      id: 4711,
      type: 'A',
      class: 'IN',
      name: 'x.example.org.',
      proto: 'udp',
      size: 42,
      do: false,
      bufsize: 1232,
      rcode: 'NOERROR',
      flags: 'qr,aa,rd',
      rsize: 58,
      duration: 0.0015,
      view: 'all',
      rewritten: 'ns.example.org.',
    })
  })

  test('is one line with each field in its place, whatever octets the name has', () => {
    const label = fc.uint8Array({ minLength: 1, maxLength: 63 })
    const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => {
      const wire = labels.map((octets) => String.fromCharCode(octets.length, ...octets)).join('')
      return `${wire}\0` as WireName
    })
    const text = logging({})
    const json = logging({ format: 'json' })
    fc.assert(
      fc.property(name, (qname) => {
        fc.pre(qname.length <= MAX_NAME)
        for (const { answer } of [text, json])
          answer(encodeQuery({ id: 1, name: qname, type: 1 }), fromTransport('udp'))
        const [line = '', object = ''] = [text.lines.pop(), json.lines.pop()]
        assert.match(object, /^[\x20-\x7e]+$/)
        const [, shown] =
          /^192\.0\.2\.53:53000 - 1 "A IN ([!-~]+) udp \d+ false 512" REFUSED qr \d+ 0\.001500s$/.exec(line) ?? []
        assert.equal(parseName(shown ?? assert.fail(line)), foldCase(qname))
        assert.equal(JSON.parse(object).name, shown)
      }),
    )
  })
})

describe('what is told of', () => {
  const questions = [
    'ns.example.org. A',
    'x.sub.example.org. A',
    'ns.example.org. TXT',
    'nx.example.org. A',
    'x.example.net. A',
  ]
  for (const [log, expected] of [
    [{}, questions],
    [{ classes: ['all', 'error'] }, questions],
    [{ classes: ['success'] }, questions.slice(0, 2)],
    [{ classes: ['denial'] }, questions.slice(2, 4)],
    [{ classes: ['error'] }, questions.slice(4)],
    [{ classes: ['denial', 'error'] }, questions.slice(2)],
    [{ names: ['SUB.example.org', 'example.net'] }, [questions[1], questions[4]]],
    [{ sample: 0 }, []],
    [false, []],
  ] as const) {
    test(JSON.stringify(log), () => {
      const { answer, lines } = logging(log as object)
      for (const question of questions) ask(answer, question)
      const told = lines.map((line) => /"(\S+) IN (\S+) /.exec(line)).map((found) => `${found?.[2]} ${found?.[1]}`)
      assert.deepEqual(told, expected)
    })
  }

  test('a sample is about as large as it is said to be', () => {
    const next = randomNumbers(1)
    const { answer, lines } = logging({ sample: 0.1 }, {}, () => next(2 ** 32) / 2 ** 32)
    for (let i = 0; i < 5000; i++) ask(answer, 'ns.example.org. A')
    assert.ok(Math.abs(lines.length - 500) < 100, String(lines.length)) // 4.7 standard deviations
  })
})

test('a log that cannot be written costs no answer', () => {
  const memory = createCounterMemory(1)
  const reported: unknown[] = []
  const answer = answering(zones, linksOf({ log: {} }), {
    counters: new Counters(memory, 0),
    report: (error) => reported.push(error),
    log: () => {
      throw new Error('no log')
    },
  })
  assert.equal(ask(answer, 'ns.example.org. A').answer.length, 1)
  assert.equal(reported.length, 1)
  assert.equal(sumCounters(memory)[panics.at], 1)
})

describe('is refused', () => {
  for (const [log, complaint] of [
    [{ format: 'xml' }, /^file: links\.log\.format: /],
    [{ classes: ['some'] }, /^file: links\.log\.classes\.0: /],
    [{ classes: [] }, /^file: links\.log\.classes: the list is empty$/],
    [{ sample: 2 }, /^file: links\.log\.sample: /],
    [{ names: ['a..b'] }, /^file: links\.log\.names\.0: the name has an empty label$/],
    [true, /^file: links\.log: /],
  ] as const) {
    test(JSON.stringify(log), () => assert.throws(() => linksOf({ log }), { message: complaint }))
  }
})
