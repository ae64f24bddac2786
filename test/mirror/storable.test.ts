import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalName } from '../../shared/dns/name.ts'
import { unstorable } from '../../shared/mirror/storable.ts'

const apex = canonicalName('example.org')
const txt = (length: number) => `"${'x'.repeat(length - 2)}"`
const addresses = (count: number) => Array.from({ length: count }, (_, i) => `192.0.${i >> 8}.${i & 255}`)
/** A TXT value of so many characters, in strings of 255 octets. */
const value = (length: number) => {
  const whole = Math.floor(length / 258)
  return [...Array.from({ length: whole }, () => txt(257)), txt(length - whole * 258)].join(' ')
}

describe('unstorable', () => {
  const rows: [what: string, name: string, type: string, rdata: string[], reason: RegExp][] = [
    ['a type of its own', 'a', 'TYPE65400', ['\\# 0'], /no records of type TYPE65400/],
    ['DNAME', 'a', 'DNAME', ['example.net.'], /no records of type DNAME/],
    ['HINFO', 'a', 'HINFO', ['"a" "b"'], /no records of type HINFO/],
    ['SOA at the apex', '', 'SOA', ['a. b. 1 2 3 4 5'], /its own SOA/],
    ['SOA below it', 'a', 'SOA', ['a. b. 1 2 3 4 5'], /its own SOA/],
    ['NS at the apex', '', 'NS', ['ns.example.net.'], /its own NS/],
    ['NS at a wildcard', '*.a', 'NS', ['ns.example.net.'], /no NS records at a wildcard/],
    ['CNAME at the apex', '', 'CNAME', ['example.net.'], /apex cannot be an alias/],
    ['401 values', 'a', 'A', addresses(401), /401 values, Route 53 holds 400/],
    ['a value of 4,001 characters', 'a', 'TXT', [value(4001)], /a value of 4001 characters/],
    [
      'a value that is too long in octal only',
      'a',
      'TXT',
      [
        Array(4)
          .fill(`"${'\\000'.repeat(255)}"`)
          .join(' '),
      ],
      /4091/,
    ],
    ['values of 32,001 characters', 'a', 'TXT', [...Array(8).fill(value(4000)), 'x'], /values of 32001/],
  ]
  for (const [what, label, type, rdata, reason] of rows) {
    test(what, () => {
      assert.match(unstorable(apex, nameAt(label), type, { ttl: 60, rdata }) ?? '', reason)
    })
  }

  const storable: [what: string, name: string, type: string, rdata: string[]][] = [
    ['an address at the apex', '', 'A', ['192.0.2.1']],
    ['an address at a wildcard', '*', 'A', ['192.0.2.1']],
    ['a delegation', 'a', 'NS', ['ns.example.net.']],
    ['a delegation of what only looks like a wildcard', 'x.*', 'NS', ['ns.example.net.']],
    ['an alias', 'a', 'CNAME', ['example.net.']],
    ['400 values', 'a', 'A', addresses(400)],
    ['a value of 4,000 characters', 'a', 'TXT', [value(4000)]],
    ['values of 32,000 characters', 'a', 'TXT', Array(8).fill(value(4000))],
  ]
  for (const [what, label, type, rdata] of storable) {
    test(what, () => assert.equal(unstorable(apex, nameAt(label), type, { ttl: 0, rdata }), undefined))
  }
})

// ---------------------------------------------------------------------------

function nameAt(label: string) {
  return label === '' ? apex : canonicalName(`${label}.${apex}`)
}
