import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { canonicalName, formatName, NameError } from '../../shared/dns/name.ts'
import { canonicalRdata, formatRdata, RdataError, typeNumber } from '../../shared/dns/rdata.ts'
import { nameFromRoute53, rdataFromRoute53, route53Name, route53Value, storedRdata } from '../../shared/mirror/forms.ts'
import { rdataOf, wireName } from '../dns/arbitraries.ts'

const STORED = 'A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA TXT'.split(' ')

describe('route53Name', () => {
  const rows: [name: string, text: string][] = [
    ['.', '.'],
    ['Api.Example.ORG', 'api.example.org.'],
    ['_sip._tcp.a-b.example.org.', '_sip._tcp.a-b.example.org.'],
    ['*.example.org.', '*.example.org.'],
    ['*.', '*.'],
    ['**.example.org.', '\\052\\052.example.org.'],
    ['a*.example.org.', 'a\\052.example.org.'],
    ['x.*.example.org.', 'x.\\052.example.org.'],
    ['*.*.example.org.', '*.\\052.example.org.'],
    ['a\\.b.example.org.', 'a\\056b.example.org.'],
    ['a\\\\b.example.org.', 'a\\134b.example.org.'],
    ['\\\\101.example.org.', '\\134101.example.org.'],
    ['\\@.example.org.', '\\100.example.org.'],
    ['\\000\\032\\255.example.org.', '\\000\\040\\377.example.org.'],
    ['0/25.2.0.192.in-addr.arpa.', '0\\05725.2.0.192.in-addr.arpa.'], // RFC 2317
  ]
  for (const [name, text] of rows) {
    test(`${name} is ${text}`, () => {
      assert.equal(route53Name(canonicalName(name)), text)
      assert.equal(nameFromRoute53(text), canonicalName(name))
    })
  }

  test('every name goes there and comes back', () => {
    fc.assert(
      fc.property(wireName.map(formatName), (name) => {
        const text = route53Name(name)
        assert.match(text, /^(\*\.)?(([a-z0-9_-]|\\[0-3][0-7]{2})+\.)*$|^\.$/)
        assert.equal(nameFromRoute53(text), name)
      }),
    )
  })
})

describe('nameFromRoute53', () => {
  const rows: [text: string, name: string][] = [
    ['\\052.example.org.', '*.example.org.'],
    ['EXAMPLE.org', 'example.org.'],
    ['\\101\\142c.example.org', 'abc.example.org.'],
    ['@', '\\@.'],
    ['@.example.org', '\\@.example.org.'],
    ['a;b(c)".example.org', 'a\\;b\\(c\\)\\".example.org.'],
    ['a\\.b.example.org', 'a\\.b.example.org.'],
  ]
  for (const [text, name] of rows) test(`${text} is ${name}`, () => assert.equal(nameFromRoute53(text), name))

  for (const text of ['', '..', 'a..b', '\\400.org', '\\04.org', '\\049.org', 'a\\', 'a b', 'ü.org', 'x'.repeat(64)]) {
    test(`${JSON.stringify(text)} is no name`, () => assert.throws(() => nameFromRoute53(text), NameError))
  }
})

describe('route53Value', () => {
  const rows: [type: string, rdata: string, value: string][] = [
    ['A', '192.0.2.1', '192.0.2.1'],
    ['AAAA', '2001:db8::1', '2001:db8::1'],
    ['CNAME', '*.a\\.b.example.org.', '*.a\\056b.example.org.'],
    ['PTR', '.', '.'],
    ['MX', '0 .', '0 .'],
    ['MX', '10 mail.example.org.', '10 mail.example.org.'],
    ['SRV', '1 2 443 a/b.example.org.', '1 2 443 a\\057b.example.org.'],
    ['SOA', 'ns.example.org. a\\.b.example.org. 1 2 3 4 5', 'ns.example.org. a\\056b.example.org. 1 2 3 4 5'],
    ['TXT', '"v=spf1 -all"', '"v=spf1 -all"'],
    ['TXT', '"a b" ""', '"a b" ""'],
    ['TXT', '"gr\\195\\188n"', '"gr\\303\\274n"'],
    ['TXT', '"\\000\\009\\127"', '"\\000\\011\\177"'],
    ['TXT', '"\\"\\\\"', '"\\"\\\\"'],
    ['TXT', '"\\\\201 \\\\\\201"', '"\\\\201 \\\\\\311"'], // digits behind an escaped backslash are no escape
    ['SPF', '"v=spf1 -all"', '"v=spf1 -all"'],
    ['CAA', '0 issue "ca.example.net; a=\\195"', '0 issue "ca.example.net; a=\\303"'],
    ['NAPTR', '100 50 "u" "E2U+sip" "!^.*$!sip:\\\\1@a.b!" .', '100 50 "u" "E2U+sip" "!^.*$!sip:\\\\1@a.b!" .'],
    ['NAPTR', '1 2 "s" "x" "" _a\\.b._tcp.example.org.', '1 2 "s" "x" "" _a\\056b._tcp.example.org.'],
    ['DS', '60485 5 1 2BB183AF', '60485 5 1 2BB183AF'],
    ['SSHFP', '2 1 1234', '2 1 1234'],
    ['TLSA', '3 1 1 0123AB', '3 1 1 0123AB'],
    ['HTTPS', '0 a\\.b.example.org.', '0 a\\056b.example.org.'],
    ['HTTPS', '1 . alpn="h2,h3" ipv4hint=192.0.2.1', '1 . alpn="h2,h3" ipv4hint=192.0.2.1'],
    ['SVCB', '1 . key667="hello\\210qoo"', '1 . key667="hello\\322qoo"'],
  ]
  for (const [type, rdata, value] of rows) {
    test(`${type} ${rdata}`, () => {
      assert.equal(canonicalRdata(typeNumber(type) as number, rdata), rdata)
      assert.equal(route53Value(type, rdata), value)
      assert.equal(rdataFromRoute53(type, value), rdata)
    })
  }

  for (const type of STORED) {
    test(`every ${type} record goes there and comes back`, () => {
      const number = typeNumber(type) as number
      const rdata = rdataOf[type] as fc.Arbitrary<Uint8Array>
      fc.assert(
        fc.property(
          rdata.map((octets) => formatRdata(number, octets)),
          (text) => {
            const value = route53Value(type, text)
            assert.match(value, /^[ -~]*$/)
            assert.equal(rdataFromRoute53(type, value), text)
          },
        ),
        { numRuns: 50 },
      )
    })
  }
})

describe('rdataFromRoute53', () => {
  const rows: [type: string, value: string, rdata: string][] = [
    ['AAAA', '2001:DB8:0:0::1', '2001:db8::1'],
    ['CNAME', '\\052.Example.org', '*.example.org.'],
    ['MX', '10  mail.example.org', '10 mail.example.org.'],
    ['TXT', '"a""b"', '"a" "b"'],
    ['TXT', '"\\040\\101"', '" A"'],
    ['TXT', '"grün"', '"gr\\195\\188n"'],
    ['CAA', '0 issue ca.example.net', '0 issue "ca.example.net"'],
    ['HTTPS', '1 . port="443" ipv4hint="192.0.2.1,192.0.2.2"', '1 . port=443 ipv4hint=192.0.2.1,192.0.2.2'],
  ]
  for (const [type, value, rdata] of rows) {
    test(`${type} ${value}`, () => assert.equal(rdataFromRoute53(type, value), rdata))
  }

  const unreadable: [type: string, value: string][] = [
    ['A', 'www.example.org'],
    ['TXT', '"open'],
    ['TXT', '"\\400"'],
    ['TXT', '"\\08"'],
    ['TXT', '"\\089"'],
    ['CNAME', 'a..b'],
    ['CNAME', '\\9.b'],
    ['MX', 'mail.example.org'],
    ['LOC', '1 2 3'],
    ['ANY', ''],
  ]
  for (const [type, value] of unreadable) {
    test(`${type} ${value} cannot be read`, () => assert.throws(() => rdataFromRoute53(type, value), RdataError))
  }
})

test('storedRdata is canonical, sorted and without duplicates', () => {
  assert.deepEqual(storedRdata('A', ['192.0.2.2', '192.0.2.10', ' 192.0.2.2']), ['192.0.2.10', '192.0.2.2'])
  assert.deepEqual(storedRdata('TXT', ['b', 'a', '"a"']), ['"a"', '"b"'])
  assert.throws(() => storedRdata('A', ['x']), RdataError)
})
