import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import { encodeQuery } from '../../../shared/dns/encode-query.ts'
import { isAtOrBelow, parseName } from '../../../shared/dns/name.ts'
import { answering, ask, fromTransport, linksOf, show } from '../scenario.ts'

const zone = `$TTL 300
@ SOA ns h 1 3600 600 86400 60
@ NS ns
ns A 192.0.2.1
new NS ns.new
new DS 1 13 2 ${'00'.repeat(32)}
ns.new A 192.0.2.2
`
const inner = `$TTL 300
@ SOA ns h 1 3600 600 86400 60
@ NS ns
ns A 192.0.2.1
www A 192.0.2.10
www MX 10 mail
mail A 192.0.2.25
alias CNAME www
far CNAME www.example.net.
broken CNAME nx
sub NS ns.sub
ns.sub A 192.0.2.53
d DNAME t
h.t A 192.0.2.30
_s._tcp SRV 0 0 443 www
svc HTTPS 1 www alpn=h2
*.w TXT "wild"
a-b TXT "a-b"
`
const zones = { 'example.org.': zone, 'new.example.org.': inner }
const soa = (owner: string) => `${owner} 60 SOA ns.new.example.org. h.new.example.org. 1 3600 600 86400 60`

interface Case {
  readonly rule: object
  readonly ask: string
  readonly says?: string
  readonly answer?: readonly string[]
  readonly authority?: readonly string[]
  readonly additional?: readonly string[]
}

function check(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    for (const { rule, ask: question, says = 'NOERROR aa', ...sections } of cases) {
      test(`${JSON.stringify(rule)} ${question}`, () => {
        const answer = answering(zones, linksOf({ rewrite: Array.isArray(rule) ? rule : [rule] }))
        const shown = show(ask(answer, question))
        assert.deepEqual(shown, { answer: [], authority: [], additional: [], options: [], says, ...sections })
      })
    }
  })
}

const exact = { match: 'exact', from: 'Old.example.org', to: 'WWW.new.example.org' }
const suffix = { match: 'suffix', from: 'old.example.org', to: 'new.example.org' }
const whole = { ...suffix, values: true }

check('exact', [
  { rule: exact, ask: 'old.example.org. A', answer: ['old.example.org. 300 A 192.0.2.10'] },
  {
    rule: exact,
    ask: 'x.old.example.org. A',
    says: 'NXDOMAIN aa',
    authority: ['example.org. 60 SOA ns.example.org. h.example.org. 1 3600 600 86400 60'],
  },
  { rule: { ...exact, answer: 'none' }, ask: 'old.example.org. A', answer: ['www.new.example.org. 300 A 192.0.2.10'] },
  {
    rule: { ...exact, types: ['AAAA', 'MX'] },
    ask: 'old.example.org. A',
    says: 'NXDOMAIN aa',
    authority: ['example.org. 60 SOA ns.example.org. h.example.org. 1 3600 600 86400 60'],
  },
  { rule: { ...exact, types: ['A'] }, ask: 'old.example.org. A', answer: ['old.example.org. 300 A 192.0.2.10'] },
  { rule: exact, ask: 'old.example.org. TXT', authority: [soa('new.example.org.')] },
  { rule: { ...exact, to: 'nowhere.example.net' }, ask: 'old.example.org. A', says: 'REFUSED' },
])

const below = { ...exact, to: 'h.d.new.example.org' }

check('a name below a DNAME: the alias stays, the DNAME only where it is above the name that was asked for', [
  {
    rule: below,
    ask: 'old.example.org. A',
    answer: ['old.example.org. 300 CNAME h.t.new.example.org.', 'h.t.new.example.org. 300 A 192.0.2.30'],
  },
  {
    rule: { ...below, values: true },
    ask: 'old.example.org. A',
    answer: ['old.example.org. 300 CNAME h.t.new.example.org.', 'h.t.new.example.org. 300 A 192.0.2.30'],
  },
  {
    rule: [{ match: 'prefix', from: 'x-', to: '', continue: true }, below],
    ask: 'x-old.example.org. A',
    answer: ['x-old.example.org. 300 CNAME h.t.new.example.org.', 'h.t.new.example.org. 300 A 192.0.2.30'],
  },
  {
    rule: { match: 'prefix', from: 'old-', to: '' },
    ask: 'old-h.d.new.example.org. A',
    answer: [
      'd.new.example.org. 300 DNAME t.new.example.org.',
      'old-h.d.new.example.org. 300 CNAME h.t.new.example.org.',
      'h.t.new.example.org. 300 A 192.0.2.30',
    ],
  },
  {
    rule: { ...exact, to: 'd.new.example.org' },
    ask: 'old.example.org. DNAME',
    answer: ['old.example.org. 300 DNAME t.new.example.org.'],
  },
])

check('suffix: the name that was asked for, and what must enclose it', [
  { rule: suffix, ask: 'www.old.example.org. A', answer: ['www.old.example.org. 300 A 192.0.2.10'] },
  {
    rule: suffix,
    ask: 'old.example.org. NS',
    answer: ['old.example.org. 300 NS ns.new.example.org.'],
    additional: ['ns.new.example.org. 300 A 192.0.2.1'],
  },
  {
    rule: { ...suffix, from: '.old.example.org' },
    ask: 'old.example.org. NS',
    says: 'NXDOMAIN aa',
    authority: ['example.org. 60 SOA ns.example.org. h.example.org. 1 3600 600 86400 60'],
  },
  {
    rule: { ...suffix, from: '.old.example.org', to: '.new.example.org' },
    ask: 'www.old.example.org. A',
    answer: ['www.old.example.org. 300 A 192.0.2.10'],
  },
  {
    rule: suffix,
    ask: 'www.cold.example.org. A',
    says: 'NXDOMAIN aa',
    authority: ['example.org. 60 SOA ns.example.org. h.example.org. 1 3600 600 86400 60'],
  },
  { rule: suffix, ask: 'nx.old.example.org. A', says: 'NXDOMAIN aa', authority: [soa('old.example.org.')] },
  { rule: suffix, ask: 'q.w.old.example.org. A', authority: [soa('old.example.org.')] },
  { rule: suffix, ask: 'q.w.old.example.org. TXT', answer: ['q.w.old.example.org. 300 TXT "wild"'] },
  {
    rule: suffix,
    ask: 'alias.old.example.org. A',
    answer: ['alias.old.example.org. 300 CNAME www.new.example.org.', 'www.new.example.org. 300 A 192.0.2.10'],
  },
  {
    rule: suffix,
    ask: 'broken.old.example.org. A',
    says: 'NXDOMAIN aa',
    answer: ['broken.old.example.org. 300 CNAME nx.new.example.org.'],
    authority: [soa('new.example.org.')],
  },
  {
    rule: suffix,
    ask: 'x.sub.old.example.org. A',
    says: 'NOERROR',
    authority: ['sub.old.example.org. 300 NS ns.sub.new.example.org.'],
    additional: ['ns.sub.new.example.org. 300 A 192.0.2.53'],
  },
  {
    rule: suffix,
    ask: 'h.d.old.example.org. A',
    answer: [
      'd.old.example.org. 300 DNAME t.new.example.org.',
      'h.d.old.example.org. 300 CNAME h.t.new.example.org.',
      'h.t.new.example.org. 300 A 192.0.2.30',
    ],
  },
])

check('suffix with values: all names, in data as well', [
  {
    rule: whole,
    ask: 'alias.old.example.org. A',
    answer: ['alias.old.example.org. 300 CNAME www.old.example.org.', 'www.old.example.org. 300 A 192.0.2.10'],
  },
  { rule: whole, ask: 'far.old.example.org. A', answer: ['far.old.example.org. 300 CNAME www.example.net.'] },
  {
    rule: whole,
    ask: 'broken.old.example.org. A',
    says: 'NXDOMAIN aa',
    answer: ['broken.old.example.org. 300 CNAME nx.old.example.org.'],
    authority: [soa('old.example.org.').replaceAll('.new.', '.old.')],
  },
  {
    rule: whole,
    ask: 'x.sub.old.example.org. A',
    says: 'NOERROR',
    authority: ['sub.old.example.org. 300 NS ns.sub.old.example.org.'],
    additional: ['ns.sub.old.example.org. 300 A 192.0.2.53'],
  },
  {
    rule: whole,
    ask: 'h.d.old.example.org. A',
    answer: [
      'd.old.example.org. 300 DNAME t.old.example.org.',
      'h.d.old.example.org. 300 CNAME h.t.old.example.org.',
      'h.t.old.example.org. 300 A 192.0.2.30',
    ],
  },
  {
    rule: whole,
    ask: '_s._tcp.old.example.org. SRV',
    answer: ['_s._tcp.old.example.org. 300 SRV 0 0 443 www.old.example.org.'],
    additional: ['www.old.example.org. 300 A 192.0.2.10'],
  },
  {
    rule: whole,
    ask: 'www.old.example.org. MX',
    answer: ['www.old.example.org. 300 MX 10 mail.old.example.org.'],
    additional: ['mail.old.example.org. 300 A 192.0.2.25'],
  },
  {
    rule: whole,
    ask: 'svc.old.example.org. HTTPS',
    answer: ['svc.old.example.org. 300 HTTPS 1 www.old.example.org. alpn="h2"'],
    additional: ['www.old.example.org. 300 A 192.0.2.10'],
  },
])

check('text of the name', [
  {
    rule: { match: 'prefix', from: 'old-', to: '' },
    ask: 'old-www.new.example.org. A',
    answer: ['old-www.new.example.org. 300 A 192.0.2.10'],
  },
  {
    rule: { match: 'prefix', from: 'www', to: 'old' },
    ask: 'x.www.new.example.org. A',
    says: 'NXDOMAIN aa',
    authority: [soa('new.example.org.')],
  },
  {
    rule: { match: 'substring', from: '.us-west-1.', to: '.' },
    ask: 'www.us-west-1.new.example.org. A',
    answer: ['www.us-west-1.new.example.org. 300 A 192.0.2.10'],
  },
  {
    rule: { match: 'substring', from: 'www', to: '$&' },
    ask: 'www.new.example.org. A',
    says: 'NXDOMAIN aa',
    authority: [soa('new.example.org.')],
  },
  {
    rule: { match: 'regex', from: '^([a-z]+)-(us|eu)-west-1\\.example\\.org\\.$', to: '{1}.new.example.org' },
    ask: 'WWW-eu-west-1.example.org. A',
    answer: ['www-eu-west-1.example.org. 300 A 192.0.2.10'],
  },
  {
    rule: { match: 'regex', from: '^(\\D+)\\d\\.NEW', to: '{1}.NEW.example.org' },
    ask: 'www7.new.example.org. A',
    answer: ['www7.new.example.org. 300 A 192.0.2.10'],
  },
  {
    rule: { match: 'prefix', from: 'OLD-', to: '' },
    ask: 'old-www.new.example.org. A',
    answer: ['old-www.new.example.org. 300 A 192.0.2.10'],
  },
  {
    rule: { match: 'regex', from: '(.*)_(.*)\\.old\\.', to: '{1}-{2}.new.example.org.' },
    ask: 'a_b.old.example.org. TXT',
    answer: ['a_b.old.example.org. 300 TXT "a-b"'],
  },
])

check('what is no name, or is one no more, is looked up as it was asked', [
  {
    rule: { match: 'prefix', from: 'www', to: '..' },
    ask: 'www.new.example.org. A',
    answer: ['www.new.example.org. 300 A 192.0.2.10'],
  },
  {
    rule: { match: 'prefix', from: 'www', to: 'x'.repeat(61) },
    ask: 'www.new.example.org. A',
    says: 'NXDOMAIN aa',
    authority: [soa('new.example.org.')],
  },
  {
    rule: { match: 'prefix', from: 'www', to: 'x'.repeat(64) },
    ask: 'www.new.example.org. A',
    answer: ['www.new.example.org. 300 A 192.0.2.10'],
  },
  {
    rule: { match: 'suffix', from: 'new.example.org', to: [1, 2, 3, 4].map((i) => String(i).repeat(60)).join('.') },
    ask: `${'w'.repeat(11)}.new.example.org. A`,
    says: 'NXDOMAIN aa',
    authority: [soa('new.example.org.')],
  },
])

check('rules follow one another', [
  {
    rule: [
      { match: 'prefix', from: 'v1-', to: '', continue: true },
      { match: 'prefix', from: 'v2-', to: '' },
    ],
    ask: 'v1-v2-www.new.example.org. A',
    answer: ['v1-v2-www.new.example.org. 300 A 192.0.2.10'],
  },
  {
    rule: [exact, { match: 'exact', from: 'www.new.example.org', to: 'mail.new.example.org' }],
    ask: 'old.example.org. A',
    answer: ['old.example.org. 300 A 192.0.2.10'],
  },
  {
    rule: [
      { ...exact, continue: true },
      { match: 'exact', from: 'www.new.example.org', to: 'mail.new.example.org' },
    ],
    ask: 'old.example.org. A',
    answer: ['old.example.org. 300 A 192.0.2.25'],
  },
  {
    rule: [{ match: 'prefix', from: 'v1-', to: '', continue: true }, whole],
    ask: 'v1-alias.old.example.org. A',
    answer: ['v1-alias.old.example.org. 300 CNAME www.old.example.org.', 'www.old.example.org. 300 A 192.0.2.10'],
  },
  {
    rule: [{ match: 'exact', from: 'x.example.org', to: 'y.example.org' }, exact],
    ask: 'old.example.org. A',
    answer: ['old.example.org. 300 A 192.0.2.10'],
  },
])

check('TTL', [
  { rule: { ...exact, ttl: { min: 400 } }, ask: 'old.example.org. A', answer: ['old.example.org. 400 A 192.0.2.10'] },
  { rule: { ...exact, ttl: { max: 7 } }, ask: 'old.example.org. A', answer: ['old.example.org. 7 A 192.0.2.10'] },
  {
    rule: { ...exact, ttl: { min: 10, max: 600 } },
    ask: 'old.example.org. A',
    answer: ['old.example.org. 300 A 192.0.2.10'],
  },
  {
    rule: { match: 'suffix', from: 'new.example.org', ttl: { max: 5 } },
    ask: 'www.new.example.org. A',
    answer: ['www.new.example.org. 5 A 192.0.2.10'],
  },
  {
    rule: { match: 'suffix', from: 'new.example.org', ttl: { max: 5 } },
    ask: 'nx.new.example.org. A',
    says: 'NXDOMAIN aa',
    authority: [soa('new.example.org.')],
  },
  {
    rule: { match: 'regex', from: '^www', ttl: { max: 5 } },
    ask: 'www.new.example.org. A',
    answer: ['www.new.example.org. 5 A 192.0.2.10'],
  },
])

test('the question comes back octet by octet, and the answer points at it', () => {
  const answer = answering(zones, linksOf({ rewrite: [exact] }))
  const query = encodeQuery({ id: 1, name: parseName('old.example.org.'), type: 1 })
  query.set(Buffer.from('\x03oLd\x07eXAMPLE\x03Org', 'latin1'), 12)
  const reply = answer(query, fromTransport('udp')) ?? assert.fail()
  assert.deepEqual([...reply.subarray(12, 33)], [...query.subarray(12, 33)])
  assert.deepEqual([...reply.subarray(33, 35)], [0xc0, 12])
  assert.equal(reply.length, 33 + 2 + 10 + 4)
})

test('whatever rules do to whatever name, the first owner name is the one that was asked for', () => {
  const text = fc.constantFrom('a', 'w', 'www', 'alias', '.', 'old.', 'new', 'x.new.example.org.', '\\000')
  const name = fc.array(fc.constantFrom('a', 'www', 'alias', 'old', 'd', 'sub', '\x00', 'new'), { maxLength: 4 })
  const rule = fc.record({
    match: fc.constantFrom('prefix', 'substring', 'suffix', 'exact'),
    from: text,
    to: text,
    continue: fc.boolean(),
    values: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 3 }), name, (rules, labels) => {
      let links: ReturnType<typeof linksOf>
      try {
        links = linksOf({ rewrite: rules })
      } catch {
        return fc.pre(false) // a dot is no name
      }
      const qname = parseName([...labels.map((label) => label.replace('\0', '\\000')), 'new.example.org.'].join('.'))
      const reply = answering(zones, links)(encodeQuery({ id: 1, name: qname, type: 1 }), fromTransport('tcp'))
      const {
        answer: [first],
        questions,
      } = decodeMessage(reply ?? assert.fail())
      assert.equal(questions[0]?.name, qname)
      assert.ok(first === undefined || first.owner === qname || (first.type === 39 && isAtOrBelow(qname, first.owner)))
    }),
    { numRuns: 1000 },
  )
})

describe('is refused', () => {
  for (const [rule, complaint] of [
    [{ ...exact, from: 'a..b' }, /^file: links\.rewrite\.0: from: the name has an empty label$/],
    [{ ...exact, to: 'é' }, /^file: links\.rewrite\.0: to: the character/],
    [{ match: 'exact', from: 'a' }, /^file: links\.rewrite\.0: a rule has "to", or "ttl", or both$/],
    [{ match: 'regex', from: '(a', to: 'b' }, /^file: links\.rewrite\.0: from: a group is not closed$/],
    [{ match: 'regex', from: '(a)\\1', to: 'b' }, /^file: links\.rewrite\.0: from: \\1 is not known/],
    [{ match: 'regex', from: '(a)', to: '{2}' }, /^file: links\.rewrite\.0: to: \{2\} is no group of the pattern$/],
    [{ match: 'prefix', from: '', to: 'b' }, /^file: links\.rewrite\.0: from: /],
    [{ match: 'substring', from: 'a b', to: 'b' }, /^file: links\.rewrite\.0: from: /],
    [{ ...exact, types: ['X'] }, /^file: links\.rewrite\.0\.types\.0: X is no RR type$/],
    [{ ...exact, ttl: { min: -1 } }, /^file: links\.rewrite\.0\.ttl\.min: /],
    [{ ...exact, ttl: { min: 2, max: 1 } }, /^file: links\.rewrite\.0: ttl: the least is above the most$/],
    [{ ...exact, match: 'glob' }, /^file: links\.rewrite\.0\.match: /],
  ] as const) {
    test(JSON.stringify(rule), () => assert.throws(() => linksOf({ rewrite: [rule] }), { message: complaint }))
  }
})
