import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { canonicalName } from '../../shared/dns/name.ts'
import type { Change } from '../../shared/mirror/model.ts'
import { blame, readMessage, splitMessages } from '../../shared/mirror/refusals.ts'

const ILLEGAL_ADDRESS = 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with'

describe('readMessage', () => {
  const rows: [message: string, kind: string, name?: string | undefined, type?: string][] = [
    ["A text of later years about [name='x.example.com.', type='A'], whatever it says", 'invalid', 'x', 'A'],
    ["Invalid Resource Record: 'x [name='x.example.com.', type='A']'", 'invalid'],
    ["Whatever '\"[name='x.example.com.', type='A']\"' is", 'invalid'],
    ["Tried to create resource record set [name='x.example.com.', type='A'] but it already exists", 'exists', 'x', 'A'],
    [
      "Tried to delete resource record set [name='x.example.com.', type='A'] but it was not found",
      'not-found',
      'x',
      'A',
    ],
    [
      "Tried to delete resource record set [name='x.example.com.', type='A', set-identifier='a, but it was'] but it was not found",
      'not-found',
      'x',
      'A',
    ],
    [
      "Tried to delete resource record set [name='x.example.com.', type='TXT'] but the values provided do not match the current values",
      'mismatch',
      'x',
      'TXT',
    ],
    ['Tried to create resource record set x.example.com. type A, but it already exists', 'exists', 'x', 'A'],
    ['Tried to delete resource record set x.example.com., type A but it was not found', 'not-found', 'x', 'A'],
    [
      "Tried to delete resource record set [name='\\052.example.com.', type='A'] but it was not found",
      'not-found',
      '*',
      'A',
    ],
    [
      "Tried to delete resource record set [name='\\\\052.example.com.', type='A'] but it was not found",
      'not-found',
      '*',
      'A',
    ],
    ['RRSet with DNS name x.example.com. is not permitted in zone example.net.', 'outside', 'x'],
    [
      'RRSet of type CNAME with DNS name x.example.com. is not permitted as it conflicts with other records with the same DNS name in zone example.com.',
      'conflict',
      'x',
      'CNAME',
    ],
    [
      'RRSet of type A with DNS name x.example.com. is not permitted because a conflicting RRSet of type  CNAME with the same DNS name already exists in zone example.com.',
      'conflict',
      'x',
      'A',
    ],
    [
      'RRSet with DNS name x.example.com., type A, SetIdentifier null cannot be created as a non-simple/weighted set exists with the same name and type.',
      'conflict',
      'x',
      'A',
    ],
    [
      'RRSet with DNS name x.example.com., type TXT, SetIdentifier "y" cannot be created because a non multivalue answer rrset exists with the same name and type.',
      'conflict',
      'x',
      'TXT',
    ],
    [
      'RRSet of type CNAME with DNS name x.example.com. is not permitted at apex in zone x.example.com.',
      'invalid',
      'x',
      'CNAME',
    ],
    [
      "The request contains an invalid set of changes for a resource record set 'A \\052.example.com.'",
      'invalid',
      '*',
      'A',
    ],
    ["Exceeded limit MAX_RRSETS_BY_ZONE, you have '10000' and are requesting '1'.", 'zone-full'],
    [`Invalid Resource Record: '${ILLEGAL_ADDRESS} '1.2.3''`, 'invalid'],
    [
      "Invalid Resource Record: FATAL problem: InvalidCharacterString (…) encountered with 'a conflict but it was not found'",
      'invalid',
    ],
    ["Duplicate Resource Record: '192.0.2.1'", 'invalid'],
    ['Cannot have more than 100 records in a RRSet.', 'invalid'],
    ['Number of records limit of 1000 exceeded.', 'invalid'],
    ['A HostedZone must contain at least one NS record for the zone itself.', 'invalid'],
    ['Invalid request', 'invalid'],
    ['', 'invalid'],
    ["Tried to delete resource record set [name='a..b', type='A'] but it was not found", 'not-found', undefined, 'A'],
  ]
  for (const [message, kind, label, type] of rows) {
    test(message, () => {
      const name = label === undefined ? {} : { name: canonicalName(`${label}.example.com.`) }
      assert.deepEqual(readMessage(message), { kind, ...name, ...(type !== undefined && { type }) })
    })
  }
})

describe('blame', () => {
  const batch = [
    change('CREATE', 'new', 'A', '192.0.2.1'),
    change('DELETE', 'old', 'A', '192.0.2.1'),
    change('CREATE', 'old', 'TXT', '"it\'s \\195\\188"'),
    change('UPSERT', 'both', 'A', '192.0.2.1', '192.0.2.3'),
    change('UPSERT', 'both', 'AAAA', '2001:db8::1'),
    change('DELETE', 'turned', 'A', '192.0.2.7'),
    change('CREATE', 'turned', 'A', '192.0.2.8'),
    change('CREATE', '*', 'A', '192.0.2.9'),
  ]
  const exists = (name: string, type: string) =>
    `Tried to create resource record set [name='${name}.example.com.', type='${type}'] but it already exists`
  const gone = (name: string, type: string) =>
    `Tried to delete resource record set [name='${name}.example.com.', type='${type}'] but it was not found`
  const rows: [message: string, changes: number[]][] = [
    [exists('new', 'A'), [0]],
    [exists('NEW', 'A'), [0]],
    [exists('new', 'AAAA'), []],
    [exists('turned', 'A'), [6]],
    [gone('turned', 'A'), [5]],
    [exists('\\\\052', 'A'), [7]],
    [gone('old', 'TXT'), []],
    ['RRSet with DNS name both.example.com. is not permitted in zone example.net.', [3, 4]],
    ['RRSet with DNS name other.example.com. is not permitted in zone example.net.', []],
    ["The request contains an invalid set of changes for a resource record set 'A turned.example.com.'", [5, 6]],
    [`Invalid Resource Record: '${ILLEGAL_ADDRESS} '192.0.2.3''`, [3]],
    [`Invalid Resource Record: '${ILLEGAL_ADDRESS} '192.0.2.1''`, [0, 1, 3]],
    [`Invalid Resource Record: '${ILLEGAL_ADDRESS} '192.0.2.''`, []],
    [`Invalid Resource Record: 'FATAL problem: X (Y) encountered with '"it's \\303\\274"''`, [2]],
    ["Invalid Resource Record: FATAL problem: X (Y) encountered with 'both.example.com'", [3, 4]],
    ["FATAL problem: DomainLabelTooLong (Domain label is too long) encountered with 'old.example.com'", [1, 2]],
    ["Duplicate Resource Record: '2001:db8::1'", [4]],
    [
      "1 validation error detected: Value '-1' at 'changeBatch.changes.2.member.resourceRecordSet.tTL' failed to satisfy constraint: Member must have value greater than or equal to 0",
      [1],
    ],
    [
      "2 validation errors detected: Value 'a' at 'changeBatch.changes.1.member.resourceRecordSet.name' failed; Value 'b' at 'changeBatch.changes.8.member.resourceRecordSet.name' failed",
      [0, 7],
    ],
    ["Something about '192.0.2.1'", []],
    ['', []],
  ]
  for (const [message, blamed] of rows) {
    test(message, () => {
      const [told] = blame([message], batch)
      assert.deepEqual(
        told?.changes.map((one) => batch.indexOf(one)),
        blamed,
      )
      assert.deepEqual([told?.message, told?.kind], [message, readMessage(message).kind])
    })
  }

  test('each message has its own', () => {
    const told = blame([exists('new', 'A'), gone('old', 'A'), 'Invalid request'], batch)
    assert.deepEqual(
      told.map(({ kind, changes }) => [kind, changes.length]),
      [
        ['exists', 1],
        ['not-found', 1],
        ['invalid', 0],
      ],
    )
  })
})

describe('splitMessages', () => {
  const conflict =
    'RRSet of type A with DNS name x.example.com. is not permitted because a conflicting RRSet of type  CNAME with the same DNS name already exists in zone example.com.'
  const gone = "Tried to delete resource record set [name='x.example.com.', type='A'] but it was not found"
  const quoting = 'Invalid Resource Record: FATAL problem: X (Y) encountered with \'"a, Tried to delete "\''
  const rows: [text: string, messages: string[]][] = [
    [gone, [gone]],
    [`[${gone}]`, [gone]],
    [`[${gone}, ${conflict}, ${gone}]`, [gone, conflict, gone]],
    [`[${quoting}]`, [quoting]],
    [`[${conflict}, ${quoting}, ${quoting}]`, [conflict, `${quoting}, ${quoting}`]],
    [
      '[A HostedZone must contain exactly one SOA record., Exceeded limit MAX_RRSETS_BY_ZONE for zone: Z1]',
      ['A HostedZone must contain exactly one SOA record.', 'Exceeded limit MAX_RRSETS_BY_ZONE for zone: Z1'],
    ],
    ['Invalid request', ['Invalid request']],
  ]
  for (const [text, messages] of rows) test(text, () => assert.deepEqual(splitMessages(text), messages))
})

// ---------------------------------------------------------------------------

function change(action: Change['action'], label: string, type: string, ...rdata: string[]): Change {
  return { action, name: canonicalName(`${label}.example.com.`), type, rrset: { ttl: 60, rdata } }
}
