import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { formatName, parseName } from '../../shared/dns/name.ts'
import { formatRdata, typeMnemonic, typeNumber } from '../../shared/dns/rdata.ts'
import type { RRset } from '../../shared/dns/rrset.ts'
import { parseZoneFile, ZoneFileError } from '../../shared/dns/zone-file.ts'
import { rdataOf, wireName } from './arbitraries.ts'

const APEX = `@ 3600 IN SOA ns1 hostmaster 2024 3600 600 86400 60\n@ 3600 IN NS ns1\n`
const options = { origin: parseName('example.org'), file: 'zones/example.org.zone' }

/** The RRs of a zone file in presentation form, without those of APEX. */
function read(text: string): string[] {
  return show(parseZoneFile(text, options)).slice(2)
}

function show(rrsets: readonly RRset[]): string[] {
  return rrsets.flatMap(({ owner, ttl, type, rdata }) =>
    rdata.map((octets) => `${formatName(owner)} ${ttl} ${typeMnemonic(type)} ${formatRdata(type, octets)}`),
  )
}

function refusal(text: string): string {
  try {
    parseZoneFile(text, options)
  } catch (error) {
    assert.ok(error instanceof ZoneFileError, String(error))
    return error.message
  }
  return 'accepted'
}

describe('syntax: RFC 1035 5.1', () => {
  const rows: [what: string, text: string, records: string[]][] = [
    ['owner, TTL, class, type, rdata', 'www 300 IN A 192.0.2.1', ['www.example.org. 300 A 192.0.2.1']],
    ['class before TTL', 'www IN 300 A 192.0.2.1', ['www.example.org. 300 A 192.0.2.1']],
    ['any letter case', 'WWW 300 in a 192.0.2.1', ['www.example.org. 300 A 192.0.2.1']],
    ['CLASS1 and TYPE1, RFC 3597 5', 'www 300 CLASS1 TYPE1 \\# 4 C0000201', ['www.example.org. 300 A 192.0.2.1']],
    ['an absolute owner', 'www.example.org. 300 A 192.0.2.1', ['www.example.org. 300 A 192.0.2.1']],
    ['@ is the origin', '@ 300 MX 10 @', ['example.org. 300 MX 10 example.org.']],
    ['relative names in rdata', 'www 300 CNAME a.b', ['www.example.org. 300 CNAME a.b.example.org.']],
    [
      'an owner that is left out',
      'www 300 A 192.0.2.1\n\t301 AAAA 2001:db8::1\n \n; comment\n   IN 302 TXT x',
      ['www.example.org. 300 A 192.0.2.1', 'www.example.org. 301 AAAA 2001:db8::1', 'www.example.org. 302 TXT "x"'],
    ],
    [
      'the owner stays what it was when the origin changes',
      'www 1 A 192.0.2.1\n$ORIGIN sub\n\t1 TXT x\nwww 1 A 192.0.2.2\n$ORIGIN example.org.\nb 1 NS c',
      [
        'www.example.org. 1 A 192.0.2.1',
        'www.example.org. 1 TXT "x"',
        'www.sub.example.org. 1 A 192.0.2.2',
        'b.example.org. 1 NS c.example.org.',
      ],
    ],
    [
      'a type as owner, a number as owner',
      'mx 1 A 192.0.2.1\n7 1 A 192.0.2.2\nin 1 A 192.0.2.3',
      ['mx.example.org. 1 A 192.0.2.1', '7.example.org. 1 A 192.0.2.2', 'in.example.org. 1 A 192.0.2.3'],
    ],
    [
      'parentheses join lines',
      'www 1 MX ( 10 ; ten\n\n mail ; mail\n)',
      ['www.example.org. 1 MX 10 mail.example.org.'],
    ],
    ['parentheses where no blank is', 'www 1 MX(10\nmail)', ['www.example.org. 1 MX 10 mail.example.org.']],
    ['parentheses around all', '(www 1 A\n192.0.2.1)', ['www.example.org. 1 A 192.0.2.1']],
    [
      'quoted strings and escapes',
      't 1 TXT "a;b (c)" "\\"\\\\\\000" d\\;e',
      ['t.example.org. 1 TXT "a;b (c)" "\\"\\\\\\000" "d;e"'],
    ],
    ['UTF-8', 't 1 TXT grün', ['t.example.org. 1 TXT "gr\\195\\188n"']],
    ['escapes in owners', 'a\\.b\\032\\064 1 A 192.0.2.1', ['a\\.b\\032\\@.example.org. 1 A 192.0.2.1']],
    ['comments right behind words', 'www 1 A 192.0.2.1;comment', ['www.example.org. 1 A 192.0.2.1']],
    [
      'CRLF',
      'www 1 A 192.0.2.1\r\n\r\n\t1 TXT "x"\r\n',
      ['www.example.org. 1 A 192.0.2.1', 'www.example.org. 1 TXT "x"'],
    ],
    [
      'wildcards',
      '* 1 A 192.0.2.1\n*.w 1 A 192.0.2.2',
      ['*.example.org. 1 A 192.0.2.1', '*.w.example.org. 1 A 192.0.2.2'],
    ],
    [
      'keys with values in quotes',
      'h 1 HTTPS 1 . alpn="h2,h3" key667="a b;c"',
      ['h.example.org. 1 HTTPS 1 . alpn="h2,h3" key667="a b;c"'],
    ],
    ['unknown types', 'u 1 TYPE65400 \\# 4 (01020304)', ['u.example.org. 1 TYPE65400 \\# 4 01020304']],
    ['no records', '; nothing\n\n', []],
  ]
  for (const [what, text, records] of rows) test(what, () => assert.deepEqual(read(`${APEX}${text}`), records))

  test('a byte order mark and a missing last line end', () => {
    assert.deepEqual(read(`\ufeff${APEX}www 1 A 192.0.2.1`), ['www.example.org. 1 A 192.0.2.1'])
  })

  test('an SOA over several lines, as people write it', () => {
    const text = `$TTL 1d
@       IN  SOA ns1.example.org. hostmaster (
            2024010101 ; serial
            3h         ; refresh
            1h         ; retry
            1w         ; expire
            1h30m )    ; minimum
        IN  NS  ns1
`
    assert.deepEqual(show(parseZoneFile(text, options)), [
      'example.org. 86400 SOA ns1.example.org. hostmaster.example.org. 2024010101 10800 3600 604800 5400',
      'example.org. 86400 NS ns1.example.org.',
    ])
  })

  test('the root zone', () => {
    const text = '. 1 SOA . . 1 2 3 4 5\n. 1 NS a.root-servers.net.\norg. 1 NS b'
    assert.deepEqual(show(parseZoneFile(text, { origin: parseName('.'), file: 'root' })).slice(1), [
      '. 1 NS a.root-servers.net.',
      'org. 1 NS b.',
    ])
  })
})

describe('TTLs: RFC 2308 4, RFC 1035 5.1', () => {
  const soa = (ttl: string) => `@ ${ttl} SOA ns1 hostmaster 1 2 3 4 77\n`
  const rows: [what: string, text: string, ttls: number[]][] = [
    ['$TTL for all behind it', `$TTL 10\n${soa('')}@ NS a\n$TTL 20\nb NS a\nc 5 NS a\nd NS a`, [10, 10, 20, 5, 20]],
    ['units', `$TTL 1h30m\n${soa('1w2d')}@ 1D NS a\nb 90s NS a\nc NS a`, [777600, 86400, 90, 5400]],
    ['without $TTL the last one given', `${soa('30')}@ NS a\nb 40 NS a\nc NS a`, [30, 30, 40, 40]],
    ['without any the minimum of the SOA', `${soa('')}@ NS a\nb NS a\nc 5 NS a\nd NS a`, [77, 77, 77, 5, 5]],
    ['0 and the largest', `${soa('0')}@ 2147483647 NS a`, [0, 2147483647]],
    ['RRs of an RRset get the lowest, RFC 2181 5.2', `${soa('9')}@ 7 NS a\n@ 5 NS b\n@ 6 NS c`, [9, 5]],
  ]
  for (const [what, text, ttls] of rows) {
    test(what, () => {
      assert.deepEqual(
        parseZoneFile(text, options).map(({ ttl }) => ttl),
        ttls,
      )
    })
  }
})

describe('RRsets: RFC 2181 5', () => {
  test('RRs given twice count once, whatever their letter case', () => {
    const text = `${APEX}b 1 NS a\nc 1 TXT x\nb 1 NS A.EXAMPLE.org.\nb 1 NS d\nc 1 TXT "x"\nc 1 TXT X\n${APEX}`
    assert.deepEqual(read(text), [
      'b.example.org. 1 NS a.example.org.',
      'b.example.org. 1 NS d.example.org.',
      'c.example.org. 1 TXT "x"',
      'c.example.org. 1 TXT "X"',
    ])
  })

  test('the SOA is first and the RRsets of a name stand together, wherever they were', () => {
    const text = `$TTL 1\na A 192.0.2.1\nb A 192.0.2.2\n${APEX}a AAAA 2001:db8::1\n@ TXT x\na TXT y`
    assert.deepEqual(
      parseZoneFile(text, options).map(({ owner, type }) => `${formatName(owner)} ${typeMnemonic(type)}`),
      [
        ...['example.org. SOA', 'example.org. NS', 'example.org. TXT'],
        ...['a.example.org. A', 'a.example.org. AAAA', 'a.example.org. TXT', 'b.example.org. A'],
      ],
    )
  })

  test('20,000 RRs of one RRset', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `many 1 A 10.0.${(i >> 8) & 63}.${i & 255}`)
    const [, , many] = parseZoneFile(APEX + lines.join('\n'), options)
    assert.equal(many?.rdata.length, 16_384)
  })
})

describe('what is refused: file, line and reason', () => {
  const rows: [line: number, reason: RegExp, text: string][] = [
    [3, /^AAAA: 192\.0\.2\.1 is not an IPv6 address/, 'www 1 AAAA 192.0.2.1'],
    [4, /^A: 192\.0\.2\.300 is not an IPv4 address/, 'www 1 A (\n192.0.2.300\n)'],
    [6, /^MX: the preference must be a number/, '\n\nwww 1 MX (\nten\nmail )'],
    [3, /^A: the IPv4 address is missing/, 'www 1 A'],
    [3, /^the type is missing/, 'www 1 IN'],
    [3, /^the type is missing/, 'www'],
    [3, /^FOO is not a record type/, 'www 1 FOO bar'],
    [3, /^2 is not a record type/, 'www 1 2 A 192.0.2.1'],
    [3, /^IN is not a record type/, 'www IN IN A 192.0.2.1'],
    [3, /records cannot have the type ANY/, 'www 1 ANY \\# 0'],
    [3, /^the class must be IN, not CH/, 'www 1 CH A 192.0.2.1'],
    [3, /^the class must be IN, not CLASS3/, 'www CLASS3 1 A 192.0.2.1'],
    [3, /^the TTL must be a time as 3600 or 1h30m, not 1x/, 'www 1x A 192.0.2.1'],
    [3, /^the TTL is 2147483648, at most 2147483647 seconds/, 'www 2147483648 A 192.0.2.1'],
    [3, /^the TTL must be a time/, '$TTL soon'],
    [3, /empty label/, 'a..b 1 A 192.0.2.1'],
    [3, /label has 64 octets/, `${'x'.repeat(64)} 1 A 192.0.2.1`],
    [3, /takes \d+ octets on the wire/, `${'0123456789.'.repeat(30)} 1 A 192.0.2.1`],
    [3, /outside the zone example\.org\./, 'www.example.net. 1 A 192.0.2.1'],
    [3, /outside the zone/, 'badexample.org. 1 A 192.0.2.1'],
    [3, /outside the zone/, 'org. 1 A 192.0.2.1'],
    [4, /www\.example\.org\. has a CNAME and other data \(RFC 2181 10\.1\)/, 'www 1 CNAME a\nwww 1 A 192.0.2.1'],
    [5, /has a CNAME and other data/, 'www 1 A 192.0.2.1\nb 1 A 192.0.2.1\nwww 1 CNAME a'],
    [3, /example\.org\. has a CNAME and other data/, '@ 1 CNAME a'],
    [4, /www\.example\.org\. has another CNAME already/, 'www 1 CNAME a\nwww 1 CNAME b'],
    [4, /has another DNAME already/, 'www 1 DNAME a\nwww 1 DNAME b'],
    [3, /example\.org\. has another SOA already/, '@ 1 SOA ns1 hostmaster 2025 3600 600 86400 60'],
    [3, /an SOA belongs to example\.org\., not to sub/, 'sub 1 SOA a b 1 2 3 4 5'],
    [3, /^\$INCLUDE is not supported/, '$INCLUDE other.zone'],
    [3, /^\$GENERATE is not a directive/, '$GENERATE 1-10 a$ A 192.0.2.$'],
    [3, /^the origin is missing/, '$ORIGIN'],
    [3, /example\.net is more than \$ORIGIN takes/, '$ORIGIN example.org example.net'],
    [3, /quoted string is not closed on its line/, 'www 1 TXT "abc\nb 1 TXT "x"'],
    [3, /quote inside a word/, 'www 1 TXT a"b c"d'],
    [3, /backslash ends the line/, 'www 1 TXT abc\\\nb 1 TXT x'],
    [4, /parenthesis is opened that is not closed/, '\nwww 1 A ( 192.0.2.1\nb 1 A 192.0.2.2\n'],
    [3, /parenthesis is closed that was not opened/, 'www 1 A 192.0.2.1 )'],
    [4, /parentheses cannot be nested/, 'www 1 A (\n( 192.0.2.1 ) )'],
    [3, /more than the type takes: 192\.0\.2\.2/, 'www 1 A 192.0.2.1 192.0.2.2'],
    [3, /must be escaped in a name/, 'www\0 1 A 192.0.2.1'],
    [3, /a record of more than 262144 words is too long/, `www 1 TXT ${'x '.repeat(262_145)}`],
    [65_538, /www\.example\.org\. has more than 65535 RRs of type A/, manyRecords(65_536)],
    [3, /not UTF-8/, 'www 1 TXT gr\ufffdn'],
  ]
  for (const [line, reason, text] of rows) {
    test(`${JSON.stringify(text.slice(0, 50))}: ${reason.source}`, () => {
      const [, at, why = ''] = /^zones\/example\.org\.zone:(\d+): (.*)$/s.exec(refusal(APEX + text)) ?? []
      assert.match(why, reason)
      assert.equal(Number(at), line)
    })
  }

  test('a zone without SOA or NS at its apex', () => {
    assert.match(refusal('@ 1 NS a\n'), /:2: there is no SOA at example\.org\./)
    assert.match(refusal('@ 1 SOA a b 1 2 3 4 5\nsub 1 NS a\n'), /:3: there is no NS at example\.org\./)
    assert.match(refusal(''), /:1: there is no SOA/)
  })

  test('what has to come before: an owner, a TTL', () => {
    assert.match(refusal(' 1 A 192.0.2.1'), /:1: there is no line before that gives an owner name/)
    assert.match(refusal('www A 192.0.2.1'), /:1: there is no TTL: give one here or with \$TTL/)
  })

  test('what may stand beside a CNAME: RFC 4034 3, 4', () => {
    assert.equal(refusal(`${APEX}www 1 CNAME a\nwww 1 TYPE46 \\# 0\nwww 1 TYPE47 \\# 0`), 'accepted')
    assert.equal(refusal(`${APEX}www 1 TYPE47 \\# 0\nwww 1 CNAME a`), 'accepted')
  })
})

describe('properties', () => {
  test('records written in presentation form are read back, whatever they hold', () => {
    const record = fc
      .constantFrom(...Object.entries(rdataOf))
      .filter(([mnemonic]) => !['SOA', 'CNAME', 'DNAME'].includes(mnemonic))
      .chain(([mnemonic, rdata]) =>
        fc.tuple(wireName, fc.nat(2 ** 31 - 1), fc.constant(typeNumber(mnemonic) ?? 0), rdata),
      )
    const origin = parseName('.')
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), (records) => {
        const lines = records.map(
          ([owner, ttl, type, rdata]) =>
            `${formatName(owner)} ${ttl} ${typeMnemonic(type)} ${formatRdata(type, rdata)}`,
        )
        const text = `. 1 SOA a. b. 1 2 3 4 5\n. 0 NS zz.\n${lines.join('\n')}`
        const found = new Set(show(parseZoneFile(text, { origin, file: 'random' })).map(withoutTtl))
        for (const line of lines) assert.ok(found.has(withoutTtl(line)), line)
      }),
      { numRuns: 500 },
    )
  })

  test('any text is a zone or refused with ZoneFileError', () => {
    const unit = fc.constantFrom(
      ...[
        'www',
        '@',
        ' ',
        '\t',
        '\n',
        '\r\n',
        '(',
        ')',
        ';',
        '"',
        '\\',
        '\\#',
        '.',
        '1',
        '300',
        'IN',
        'A',
        'TXT',
        'MX',
      ],
      ...['192.0.2.1', '$TTL', '$ORIGIN', '$INCLUDE', 'ü', '\0', 'CNAME', 'HTTPS', 'alpn="h2"', '4', 'c0000201'],
    )
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        const message = refusal(APEX + text)
        const line = Number(/^zones\/example\.org\.zone:(\d+): /.exec(message)?.[1] ?? 1)
        assert.ok(line >= 1 && line <= `${APEX}${text}`.split('\n').length, message)
      }),
      { numRuns: 5000 },
    )
  })
})

describe('a plain line is read as its words are', () => {
  const owner = fc.oneof(
    fc.stringMatching(/^[a-zA-Z0-9_-]{1,8}(\.[a-z0-9]{1,3})?$/),
    fc.constantFrom(
      'x'.repeat(63),
      'x'.repeat(64),
      `${'0123456.'.repeat(30)}x`,
      `${'0123456.'.repeat(30)}xyz`,
      'a.',
      'a..b',
    ),
  )
  const ttl = fc.constantFrom('', '0', '300', '007', '999999999', '2147483647', '2147483648', '1h', '-1')
  const order = fc.constantFrom('TTL IN', 'IN TTL', 'TTL', 'in TTL', 'TTL iN IN', 'TTL TTL', 'CH TTL', 'I TTL')
  const type = fc.constantFrom('A', 'A', 'A', 'a', 'AAAA', 'TXT')
  const octet = fc.oneof(
    { weight: 9, arbitrary: fc.nat(255).map(String) },
    fc.constantFrom('256', '01', '', '1000', 'x'),
  )
  const address = fc.array(octet, { minLength: 3, maxLength: 5, size: 'max' }).map((octets) => octets.join('.'))
  const quad = fc.oneof(
    fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.')),
    address,
  )
  const blank = fc.constantFrom(' ', '\t', '  ', '\r')
  const end = fc.constantFrom('', ' ', '\r', ' \t', ' 192.0.2.1')
  const line = fc
    .tuple(owner, order, ttl, type, quad, blank, end)
    .map(([name, words, given, ...rest]) => [name, words.replaceAll('TTL', given), ...rest] as const)
    .map(([name, words, mnemonic, data, gap, rest]) => [name, words, mnemonic, data].join(gap) + rest)

  test('whatever is in it, right or wrong', () => {
    const outcome = (text: string) => (refusal(text) === 'accepted' ? read(text) : refusal(text))
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '$TTL 60\n'), (lines, before) => {
        const [plain, worded] = ['', ';'].map((remark) => before + APEX + lines.map((text) => text + remark).join('\n'))
        assert.deepEqual(outcome(plain as string), outcome(worded as string))
      }),
      { numRuns: 3000 },
    )
  })
})

/** Lines that give one name so many RRs. */
function manyRecords(count: number): string {
  return Array.from({ length: count }, (_, i) => `www 1 A 10.0.${i >> 8}.${i & 255}`).join('\n')
}

function withoutTtl(line: string): string {
  const [owner, , ...rest] = line.split(' ')
  return [owner, ...rest].join(' ')
}
