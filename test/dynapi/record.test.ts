import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseRecord } from '../../functions/dynapi/record.ts'
import { canonicalName } from '../../shared/dns/name.ts'

const zone = canonicalName('example.org')
const B = { zone: 'example.org.', name: 'h', type: 'A', address: '192.0.2.1', TTL: 60 }

test('a record in canonical form', () => {
  assert.deepEqual(parseRecord({ ...B, name: 'Api.H', type: 'AAAA', address: '2001:DB8::0:1', TTL: 0 }, zone), {
    zone,
    name: 'api.h.example.org.',
    type: 'AAAA',
    address: '2001:db8::1',
    ttl: 3600,
  })
})

describe('texts, with their counts of octets', () => {
  const refused: readonly (readonly [edit: Partial<typeof B>, code: string, message: string])[] = [
    [{ type: 'TXT' }, 'unsupported_type', 'unsupported DNS record resource type: TXT. Only A or AAAA are allowed'],
    [{ type: '' }, 'unsupported_type', 'unsupported DNS record resource type: . Only A or AAAA are allowed'],
    [
      { type: 'a', name: '', address: '' },
      'unsupported_type',
      'unsupported DNS record resource type: a. Only A or AAAA are allowed',
    ],
    [{ name: '' }, 'invalid_name', 'dns: bad owner name: ".example.org." at line: 1:14'],
    [{ name: 'h.', address: '' }, 'invalid_name', 'dns: bad owner name: "h..example.org." at line: 1:16'],
    [{ name: 'x"\u00e9\n' }, 'invalid_name', 'dns: bad owner name: "x\\"\\u00e9\\n.example.org." at line: 1:19'],
    [{ address: '' }, 'invalid_record', 'dns: bad A A: "\\n" at line: 1:20'],
    [{ address: '192.0.2.400' }, 'invalid_record', 'dns: bad A A: "192.0.2.400" at line: 1:31'],
    [{ type: 'AAAA' }, 'invalid_record', 'dns: bad AAAA AAAA: "192.0.2.1" at line: 1:32'],
    [{ address: '\u{1f600}\u0000' }, 'invalid_record', 'dns: bad A A: "\\U0001f600\\x00" at line: 1:25'],
    [{ address: '~\u007f\u0080' }, 'invalid_record', 'dns: bad A A: "~\\x7f\\u0080" at line: 1:24'],
    [{ address: '\uffff\u{10000}' }, 'invalid_record', 'dns: bad A A: "\\uffff\\U00010000" at line: 1:27'],
    [{ TTL: 2147483648 }, 'invalid_record', 'dns: bad TTL: 2147483648 is above 2147483647 (RFC 2181 8)'],
  ]
  for (const [edit, code, message] of refused) {
    test(message, () => assert.throws(() => parseRecord({ ...B, ...edit }, zone), { code, message }))
  }
})

test('no name leaves its zone', () => {
  for (const name of ['h\\', 'h.example.org.', 'evil.example.', '..', '\\.', 'a\\.']) {
    let owner = 'refused'
    try {
      owner = parseRecord({ ...B, name }, zone).name
    } catch {}
    assert.match(owner, /^refused$|[^\\]\.example\.org\.$/, name)
  }
})
