import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { parseName } from '../../shared/dns/name.ts'
import {
  canonicalRdata,
  formatRdata,
  parseRdata,
  RdataError,
  typeMnemonic,
  typeNumber,
} from '../../shared/dns/rdata.ts'
import { rdataOf } from './arbitraries.ts'

const X255 = 'x'.repeat(255)

function numberOf(mnemonic: string): number {
  const type = typeNumber(mnemonic)
  assert.ok(type !== undefined, mnemonic)
  return type
}

describe('canonicalRdata', () => {
  const rows: [type: string, text: string, canonical: string][] = [
    ['A', '192.0.2.1', '192.0.2.1'],
    ['A', '  192.0.2.1\t', '192.0.2.1'],
    ['A', '\\# 4 C0000201', '192.0.2.1'], // RFC 3597 5
    ['AAAA', '2001:DB8:0:0::1', '2001:db8::1'],
    ['AAAA', '::FFFF:192.0.2.1', '::ffff:192.0.2.1'],
    ['NS', 'NS1.Example.ORG.', 'ns1.example.org.'],
    ['NS', 'ns1.example.org', 'ns1.example.org.'],
    ['CNAME', '.', '.'],
    ['CNAME', '\\# 5 03 574157 00', 'waw.'],
    ['PTR', 'a\\.b.example.org.', 'a\\.b.example.org.'],
    ['DNAME', 'Example.ORG.', 'example.org.'],
    [
      'SOA',
      'ns1.example.org. host\\.master.example.org. 4294967295 1h 10M 2w1d 60',
      'ns1.example.org. host\\.master.example.org. 4294967295 3600 600 1296000 60',
    ],
    ['MX', '010 Mail.example.org.', '10 mail.example.org.'],
    ['MX', '0 .', '0 .'], // RFC 7505
    ['SRV', '0 5 5060 SIP.example.org.', '0 5 5060 sip.example.org.'],
    ['TXT', 'plain', '"plain"'],
    ['TXT', 'two words', '"two" "words"'],
    ['TXT', '"two words" "b"', '"two words" "b"'],
    ['TXT', '"a""b"', '"a" "b"'],
    ['TXT', '""', '""'],
    ['TXT', '"a;b (c) @ $"', '"a;b (c) @ $"'],
    ['TXT', 'a\\;b', '"a;b"'],
    ['TXT', '"say \\"hi\\" \\\\ \\065\\000\\255"', '"say \\"hi\\" \\\\ A\\000\\255"'],
    ['TXT', '"grün"', '"gr\\195\\188n"'],
    ['TXT', '"\\127\t"', '"\\127\\009"'],
    ['TXT', X255, `"${X255}"`],
    ['SPF', '"v=spf1 -all"', '"v=spf1 -all"'],
    ['HINFO', 'RFC8482 ""', '"RFC8482" ""'],
    ['CAA', '0 issue letsencrypt.org', '0 issue "letsencrypt.org"'],
    ['CAA', '128 iodef "mailto:a@example.org"', '128 iodef "mailto:a@example.org"'],
    ['CAA', '0 issue ";"', '0 issue ";"'],
    ['CAA', `0 x "${X255}${X255}"`, `0 x "${X255}${X255}"`],
    ['NAPTR', '100 50 s z3950+I2L "" _z3950._tcp.Example.org.', '100 50 "s" "z3950+I2L" "" _z3950._tcp.example.org.'],
    ['DS', '60485 5 1 2BB183AF5F22588179A53B0A 98631FAD1A292118', '60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118'],
    ['SSHFP', '2 1 123456789abcdef67890123456789abcdef67890', '2 1 123456789ABCDEF67890123456789ABCDEF67890'],
    ['TLSA', '3 1 1 0123ab', '3 1 1 0123AB'],
    // RFC 1876 4, and what stands for what is left out (3)
    ['LOC', '42 21 43.952 N 71 5 6.344 W -24m 1m 200m', '42 21 43.952 N 71 5 6.344 W -24.00m 1m 200m 10m'],
    ['LOC', '52 14 05 N 00 08 50 E 10m', '52 14 5.000 N 0 8 50.000 E 10.00m 1m 10000m 10m'],
    ['LOC', '1 s 2 3 w 10', '1 0 0.000 S 2 3 0.000 W 10.00m 1m 10000m 10m'],
    ['LOC', '90 N 180 W -100000.00 0 0 0', '90 0 0.000 N 180 0 0.000 W -100000.00m 0.00m 0.00m 0.00m'],
    [
      'LOC',
      '90 S 180 E 42849672.95m 90000000.00m 12m 1234.56m', // one digit is kept
      '90 0 0.000 S 180 0 0.000 E 42849672.95m 90000000m 10m 1000m',
    ],
    ['LOC', '0 0 0.001 S 0 0 0.999 W -0.01m 0.01m 0.1m 0.99m', '0 0 0.001 S 0 0 0.999 W -0.01m 0.01m 0.10m 0.90m'],
    ['URI', '10 1 "ftp://ftp1.example.com/public"', '10 1 "ftp://ftp1.example.com/public"'], // RFC 7553 4.6
    ['URI', '0 65535 plain', '0 65535 "plain"'],
    ['TYPE65400', '\\# 3 01 0203', '\\# 3 010203'],
    ['TYPE65400', '\\# 0', '\\# 0'],
    // RFC 9460 appendix D
    ['HTTPS', '0 foo.example.com.', '0 foo.example.com.'],
    ['SVCB', '1 .', '1 .'],
    ['SVCB', '16 foo.example.com. port=53', '16 foo.example.com. port=53'],
    ['SVCB', '1 foo.example.com. key667=hello', '1 foo.example.com. key667="hello"'],
    ['SVCB', '1 foo.example.com. key667="hello\\210qoo"', '1 foo.example.com. key667="hello\\210qoo"'],
    [
      'SVCB',
      '1 foo.example.com. ipv6hint="2001:db8::1,2001:db8::53:1"',
      '1 foo.example.com. ipv6hint=2001:db8::1,2001:db8::53:1',
    ],
    [
      'SVCB',
      '16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1',
      '16 foo.example.org. mandatory=alpn,ipv4hint alpn="h2,h3-19" ipv4hint=192.0.2.1',
    ],
    ['SVCB', '16 foo.example.org. alpn=f\\\\\\092oo\\092,bar,h2', '16 foo.example.org. alpn="f\\\\\\\\oo\\\\,bar,h2"'],
    ['HTTPS', '1 . key1="\\002h2" no-default-alpn', '1 . alpn="h2" no-default-alpn'],
    ['HTTPS', '1 . key3=\\001\\187', '1 . port=443'],
    ['HTTPS', '1 . ech="AEj+DQ=="', '1 . ech=AEj+DQ=='],
    ['HTTPS', '1 . key667= dohpath=/dns-query{?dns}', '1 . dohpath="/dns-query{?dns}" key667'],
  ]
  for (const [type, text, canonical] of rows) {
    test(`${type} ${text.slice(0, 60)}`, () => {
      assert.equal(canonicalRdata(numberOf(type), text), canonical)
      assert.equal(canonicalRdata(numberOf(type), canonical), canonical)
    })
  }
})

describe('wire form, octet by octet', () => {
  const rows: [type: string, text: string, hex: string][] = [
    ['A', '192.0.2.1', 'c0000201'],
    ['MX', '10 a.b.', '000a 0161 0162 00'],
    ['TXT', 'ab ""', '026162 00'],
    ['CAA', '128 issue "ca"', '80 05 6973737565 6361'],
    ['SRV', '1 2 3 a.', '0001 0002 0003 0161 00'],
    ['NAPTR', '1 2 u E2U "!x!" .', '0001 0002 0175 03453255 03217821 00'],
    // As BIND 9.18 and Knot DNS 3.2 have them
    ['LOC', '42 21 54 N 71 06 18 W -24m 30m', '00331613 89172dd0 70be15f0 00988d20'],
    ['LOC', '90 S 180 E 42849672.95m 90000000.00m 12m 1234.56m', '00991315 6cb02700 a69fb200 ffffffff'],
    ['LOC', '0 0 0.001 S 0 0 0.999 W 0.5m 0.01m 0.1m 0.99m', '00101191 7fffffff 7ffffc19 009896b2'],
    ['URI', '10 1 "ftp:a"', '000a 0001 6674703a61'],
    // RFC 9460 D.2, figures 3, 8, 9 and 10
    ['SVCB', '16 foo.example.com. port=53', '0010 03666f6f 076578616d706c65 03636f6d 00 0003 0002 0035'],
    [
      'SVCB',
      '1 foo.example.com. ipv6hint="2001:db8::1,2001:db8::53:1"',
      '0001 03666f6f 076578616d706c65 03636f6d 00 0006 0020 20010db8000000000000000000000001 20010db8000000000000000000530001',
    ],
    [
      'SVCB',
      '16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1',
      '0010 03666f6f 076578616d706c65 036f7267 00 0000 0004 00010004 0001 0009 02 6832 05 68332d3139 0004 0004 c0000201',
    ],
    [
      'SVCB',
      '16 foo.example.org. alpn="f\\\\\\\\oo\\\\,bar,h2"',
      '0010 03666f6f 076578616d706c65 036f7267 00 0001 000c 08 665c6f6f2c626172 02 6832',
    ],
  ]
  for (const [type, text, hex] of rows) {
    test(`${type} ${text}`, () => {
      const rdata = parseRdata(numberOf(type), text)
      assert.equal(Buffer.from(rdata).toString('hex'), hex.replaceAll(' ', ''))
    })
  }
})

describe('what is refused, and why', () => {
  const rows: [type: string, text: string, reason: RegExp][] = [
    ['A', '', /IPv4 address is missing/],
    ['A', '192.0.2', /192\.0\.2 is not an IPv4 address/],
    ['A', '192.0.2.01', /not an IPv4 address/],
    ['A', '192.0.2.256', /not an IPv4 address/],
    ['A', '192.0.2.1 192.0.2.2', /more than the type takes: 192\.0\.2\.2/],
    ['A', '2001:db8::1', /not an IPv4 address/],
    ['A', '"192.0.2.1"', /not an IPv4 address/],
    ['A', '192.0.2.1\n192.0.2.2', /"\\n" must be quoted or escaped/],
    ['A', '192.0.2.1 ; comment', /";" must be quoted or escaped/],
    ['A', '( 192.0.2.1 )', /"\(" must be quoted or escaped/],
    ['A', '\\# 3 c00002', /4 octets expected, 3 are left/],
    ['A', '\\# 5 c000020100', /1 octets are left over/],
    ['A', '\u001b[31m', /^"\\u001b\[31m" is not an IPv4 address/],
    ['A', '7'.repeat(70_000), /^7{60}… is not an IPv4 address/],
    ['TYPE65400', `\\# 65536 ${'00'.repeat(65536)}`, /more than 65535 octets/],
    ['AAAA', '192.0.2.1', /not an IPv6 address/],
    ['AAAA', 'fe80::1%eth0', /not an IPv6 address/],
    ['NS', 'a..b', /empty label/],
    ['NS', '"ns1.example.org."', /must be escaped in a name/],
    ['NS', `${'x'.repeat(64)}.example.org.`, /label has 64 octets/],
    ['CNAME', '\\# 2 c00c', /label is of an unknown kind/], // no compression outside messages
    ['CNAME', '\\# 3 036161', /label ends early/],
    ['SOA', 'a. b. 1 2 3 4', /minimum is missing/],
    ['SOA', 'a. b. 4294967296 2 3 4 5', /serial must be a number from 0 to 4294967295, not 4294967296/],
    ['SOA', 'a. b. 1 2x 3 4 5', /refresh time must be a time as 3600 or 1h30m, not 2x/],
    ['SOA', 'a. b. 1 8000w 3 4 5', /refresh time must be a time/],
    ['MX', 'mail.example.org. 10', /preference must be a number from 0 to 65535, not mail/],
    ['MX', '65536 mail.example.org.', /from 0 to 65535/],
    ['MX', '-1 mail.example.org.', /from 0 to 65535/],
    ['MX', '1e1 mail.example.org.', /from 0 to 65535/],
    ['TXT', '', /string is missing/],
    ['TXT', `"${X255}x"`, /takes 256 octets, at most 255/],
    ['TXT', `"${'ü'.repeat(128)}"`, /takes 256 octets/],
    ['TXT', '"open', /not closed/],
    ['TXT', 'a"b', /not closed/],
    ['TXT', 'a"b"', /quote inside a word must be escaped/],
    ['TXT', '\\', /backslash/],
    ['TXT', '\\256', /above 255/],
    ['TXT', '\\25', /must have three digits/],
    ['TXT', '"\ud800"', /not UTF-8/],
    ['TXT', `"${'x'.repeat(200)}" `.repeat(400), /takes 80400 octets, at most 65535/],
    ['HINFO', 'cpu', /OS is missing/],
    ['CAA', '256 issue "ca"', /flags must be a number from 0 to 255/],
    ['CAA', '0 is-sue "ca"', /tag must be letters and digits/],
    ['CAA', '0 issue', /value is missing/],
    ['CAA', '0 issue a b', /more than the type takes: b/],
    ['DS', '1 2 3', /digest is missing/],
    ['DS', '1 2 3 abc', /pairs of hexadecimal digits/],
    ['SSHFP', '1 1 zz', /pairs of hexadecimal digits/],
    ['LOC', '91 N 0 E 0', /the degrees of latitude must be a number from 0 to 90, not 91/],
    ['LOC', '90 0 0.001 N 0 E 0', /latitude must be at most 90 degrees/],
    ['LOC', '1 60 N 1 E 0', /minutes of latitude must be a number from 0 to 59, not 60/],
    ['LOC', '1 2 3.4567 N 1 E 1', /seconds of latitude/],
    ['LOC', '1 2 3 4 N 1 E 1', /latitude must end with N or S, not 4/],
    ['LOC', '1 E 1 N 1', /latitude must end with N or S, not E/],
    ['LOC', '1 N 181 E 1', /degrees of longitude must be a number from 0 to 180/],
    ['LOC', '1 N 1 E', /altitude is missing/],
    ['LOC', '1 N 1 E -100000.01', /altitude must be in metres from -100000 to 42849672\.95, not -100000\.01/],
    ['LOC', '1 N 1 E 1 90000000.01', /size must be in metres from 0 to 90000000/],
    ['LOC', '1 N 1 E 1 -1', /size must be in metres/],
    ['LOC', '1 N 1 E 1km', /altitude must be in metres/],
    ['LOC', '1 N 1 E 1 1 1 1 1', /more than the type takes: 1/],
    ['LOC', '\\# 16 01 12 16 13 80000000 80000000 00989680', /version must be 0/],
    ['LOC', '\\# 16 00 a2 16 13 80000000 80000000 00989680', /size must be a digit and a power of ten/],
    ['LOC', '\\# 16 00 12 1a 13 80000000 80000000 00989680', /horizontal precision must be a digit/],
    ['LOC', '\\# 16 00 12 16 13 00000000 80000000 00989680', /latitude must be at most 90 degrees/],
    ['URI', '10 1', /target is missing/],
    ['URI', '10 1 ""', /target is empty/], // RFC 7553 4.4
    ['URI', '\\# 4 000a 0001', /target is empty/],
    ['URI', '10 1 a b', /more than the type takes: b/],
    ['TYPE65400', '010203', /must be written as \\# LENGTH HEXADECIMAL/],
    ['TYPE65400', '\\# 2 010203', /length behind \\# is 2, but there are 3 octets/],
    ['TYPE65400', '\\# x 01', /length behind \\# is x/],
    ['TYPE65400', '\\#', /length behind \\# is missing/],
    ['TYPE65400', '\\# 1 0', /pairs of hexadecimal digits/],
    ['ANY', '\\# 0', /records cannot have the type ANY/],
    ['OPT', '\\# 0', /records cannot have the type OPT/],
    ['TYPE0', '\\# 0', /records cannot have the type TYPE0/],
    ['TYPE200', '\\# 0', /records cannot have the type TYPE200/],
    ['SVCB', '1 foo.example.com. key123=abc key123=def', /key123 is given twice/],
    ['SVCB', '1 . mandatory', /mandatory/],
    ['SVCB', '1 . alpn', /parameter alpn must be a list of protocol ids/],
    ['SVCB', '1 . alpn=h2,,h3', /parameter alpn must be a list of protocol ids/],
    ['SVCB', '1 . port', /parameter port must be a number/],
    ['SVCB', '1 . port=65536', /parameter port must be a number/],
    ['SVCB', '1 . ipv4hint', /parameter ipv4hint must be a list of IPv4/],
    ['SVCB', '1 . ipv6hint=192.0.2.1', /parameter ipv6hint must be a list of IPv6/],
    ['SVCB', '1 . alpn=h2 no-default-alpn=abc', /parameter no-default-alpn takes no value/],
    ['SVCB', '1 . no-default-alpn', /no-default-alpn needs alpn/],
    ['SVCB', '1 . mandatory=key123', /key123 is mandatory but missing/],
    ['SVCB', '1 . mandatory=mandatory', /not itself/],
    ['SVCB', '1 . mandatory=key123,key123 key123=abc', /once each/],
    ['SVCB', '1 . ech=???', /parameter ech must be base64/],
    ['SVCB', '1 . key65535=x', /key65535 is not a parameter key/],
    ['SVCB', '1 . key01=x', /key01 is not a parameter key/],
    ['SVCB', '1 . nonsense=x', /nonsense is not a parameter key/],
    ['SVCB', '1 . key3=\\001', /parameter key3 must be two octets/],
    ['SVCB', '\\# 12 0001 00 0003 0001 01 0001 0000', /port must be two octets/],
    ['SVCB', '\\# 15 0001 00 0003 0002 0035 0001 0002 0161', /not in the order of their keys/],
  ]
  for (const [type, text, reason] of rows) {
    test(`${type} ${JSON.stringify(text.slice(0, 50))}: ${reason.source}`, () => {
      assert.throws(
        () => parseRdata(numberOf(type), text),
        (error) => error instanceof RdataError && reason.test(error.message),
      )
    })
  }
})

describe('types: RFC 3597 5', () => {
  test('mnemonics in any letter case, TYPEnnn for all', () => {
    assert.equal(typeNumber('A'), 1)
    assert.equal(typeNumber('aaaa'), 28)
    assert.equal(typeNumber('TYPE1'), 1)
    assert.equal(typeNumber('type65400'), 65400)
    assert.equal(typeNumber('Any'), 255)
    for (const text of ['', 'NOSUCH', 'TYPE', 'TYPE65536', 'TYPE01', 'TYPE-1', '1', 'ſrv', 'A ', 'constructor']) {
      assert.equal(typeNumber(text), undefined, text)
    }
  })
  test('numbers become mnemonics where there are some', () => {
    assert.equal(typeMnemonic(65), 'HTTPS')
    assert.equal(typeMnemonic(65400), 'TYPE65400')
    for (let type = 0; type <= 0xffff; type++) assert.equal(typeNumber(typeMnemonic(type)), type)
  })
})

test('relative names are below the origin', () => {
  const origin = parseName('example.org')
  assert.equal(formatRdata(15, parseRdata(15, '10 mail', origin)), '10 mail.example.org.')
  assert.equal(formatRdata(2, parseRdata(2, '@', origin)), 'example.org.')
})

describe('both forms of every type', () => {
  for (const [mnemonic, rdata] of Object.entries(rdataOf)) {
    const type = numberOf(mnemonic)
    test(`${mnemonic}: octets survive the way to text and back, also as \\#`, () => {
      fc.assert(
        fc.property(rdata, (octets) => {
          const text = formatRdata(type, octets)
          assert.match(text, /^[ -~]+$/)
          assert.deepEqual(parseRdata(type, text), octets)
          assert.deepEqual(parseRdata(type, `\\# ${octets.length} ${Buffer.from(octets).toString('hex')}`), octets)
        }),
        { numRuns: 300 },
      )
    })

    test(`${mnemonic}: any octets are rdata with a canonical text, or refused with RdataError`, () => {
      const damaged = fc.tuple(rdata, fc.nat(), fc.nat(255)).map(([octets, at, octet]) => {
        const copy = Uint8Array.from(octets)
        copy[at % (octets.length + 1)] = octet
        return copy.subarray(0, at % 5 === 0 ? at % (octets.length + 1) : octets.length)
      })
      fc.assert(
        fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), damaged), (octets) => {
          let text: string
          try {
            text = formatRdata(type, octets)
          } catch (error) {
            assert.ok(error instanceof RdataError, String(error))
            return
          }
          assert.equal(canonicalRdata(type, text), text)
        }),
        { numRuns: 500 },
      )
    })
  }
})
