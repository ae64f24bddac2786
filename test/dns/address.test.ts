import assert from 'node:assert/strict'
import { isIPv4, isIPv6 } from 'node:net'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { formatAddress6, parseAddress4, parseAddress6 } from '../../shared/dns/address.ts'

test('IPv4: dotted quads only, RFC 6943 3.1.1', () => {
  assert.equal(parseAddress4('192.0.2.1'), 0xc0000201)
  assert.equal(parseAddress4('0.0.0.0'), 0)
  assert.equal(parseAddress4('255.255.255.255'), 0xffffffff)
  const bad = [
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '256.0.0.1',
    '01.2.3.4',
    '1.2.3.00',
    '1.2.3.4 ',
  ]
  bad.push(
    ' 1.2.3.4',
    '1.2.3.-4',
    '+1.2.3.4',
    '0x1.2.3.4',
    '1.2.3.4a',
    '１.2.3.4',
    '1.2.3.4\n',
    '1,2,3,4',
    '1.2.3.4/32',
  )
  for (const text of bad) assert.equal(parseAddress4(text), undefined, text)
})

describe('IPv6: RFC 4291 2.2 in, RFC 5952 4 out', () => {
  const rows: [text: string, canonical: string][] = [
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8::0001', '2001:db8::1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'], // 4.2.2: a single group stays
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'], // 4.2.3: the longest run
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'], // 4.2.3: the first of equals
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'], // 5: IPv4-mapped
    ['::FFFF:c000:0201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:c000:201'],
  ]
  for (const [text, canonical] of rows) {
    test(`${text} is ${canonical}`, () => {
      const octets = parseAddress6(text)
      assert.ok(octets)
      assert.equal(formatAddress6(octets), canonical)
    })
  }

  test('what is no address', () => {
    const bad = [
      '',
      ':',
      ':::',
      '1',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1::2::3',
      '12345::',
      'g::',
      '::1%eth0',
      '::1 ',
    ]
    bad.push(
      ':1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:',
      '1:2:3:4::5:6:7:8',
      '::192.0.2',
      '::192.0.2.256',
      '192.0.2.1',
      '::ffff:192.0.2.1:1',
    )
    bad.push('192.0.2.1::', '1:2:3:4:5:6:7:192.0.2.1', '[::1]', '::1/128', '::01.2.3.4', '-1::', '0x1::')
    for (const text of bad) assert.equal(parseAddress6(text), undefined, text)
  })

  test('it agrees with node:net on what is an address', () => {
    const unit = fc.constantFrom('0', '1', 'ab', 'ffff', ':', '::', '.', '192.0.2.1', '1.2')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 16 }), (text) => {
        assert.equal(parseAddress6(text) !== undefined, isIPv6(text))
        assert.equal(parseAddress4(text) !== undefined, isIPv4(text))
      }),
      { numRuns: 5000 },
    )
  })

  test('octets survive the way to text and back', () => {
    const octets = fc.array(fc.constantFrom(0, 0, 0, 1, 0xff), { minLength: 16, maxLength: 16 })
    fc.assert(
      fc.property(octets, (list) => {
        assert.deepEqual(parseAddress6(formatAddress6(Uint8Array.from(list))), Uint8Array.from(list))
      }),
      { numRuns: 2000 },
    )
  })
})
