import { ABSENT, BADDATA, BADJSON, CONFLICT, EXISTS, METHOD, OK, TOOLARGE } from '../expect.ts'
import { ALL, B, badAddress, type Row, rrset, SIX, TEXT, unreadable, ZONE } from './row.ts'

/** The bugs of the original that are not copied, by their numbers. */
export const bugs: readonly Row[] = [
  ...['2001:db8::1', '::ffff:192.0.2.1', '192.0.2.01', '192.0.2', '0x7f.1', '192.0.2.1/32', ' 192.0.2.1'].flatMap(
    (address) => unreadable({ title: `B1: A ${address}`, edit: { address }, response: badAddress('A', address) }),
  ),
  ...['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201', 'fe80::1%lo0', '[2001:db8::1]', '2001:db8::1::'].flatMap(
    (address) =>
      unreadable({
        title: `B2: AAAA ${address}`,
        edit: { type: 'AAAA', address },
        response: badAddress('AAAA', address),
      }),
  ),
  ...ALL.map((verb) => ({
    title: 'B3',
    before: B,
    verb,
    raw: 'null',
    response: BADJSON('json: cannot unmarshal null into Go value of type dynapi.Request'),
  })),
  ...unreadable({ title: 'B4', edit: { name: ';' }, response: BADDATA() }),
  ...[
    'evil.example. 5 IN A 192.0.2.9 ;',
    '$INCLUDE /etc/passwd',
    'h\n$ORIGIN evil.example.\nx',
    'h IN A 192.0.2.9\n',
    'h\t5',
    'h;',
    '"h"',
    'h (',
    'h)',
    'h\\',
    'h\\04',
    'h\\256',
    'h\u0000',
    'h\u00e9',
    'h\ud800',
  ].flatMap((name) =>
    unreadable({
      title: `B5: name ${JSON.stringify(name)}`,
      edit: { name },
      response: BADDATA(),
    }),
  ),
  ...[
    '192.0.2.4 ; x',
    '192.0.2.4\n',
    '192.0.2.4\nevil.example. IN A 192.0.2.9',
    '(192.0.2.4)',
    '"192.0.2.4"',
    '192.0.2.4 IN',
    '\\# 4 c0000204',
  ].flatMap((address) =>
    unreadable({ title: `B5: address ${JSON.stringify(address)}`, edit: { address }, response: BADDATA() }),
  ),
  ...ALL.map((verb) => ({
    title: 'B6',
    before: rrset('CNAME', 60, 'target.example.org.'),
    verb,
    response: (name: string) => (verb === 'POST' || verb === 'PUT' ? CONFLICT(`${name}.${ZONE}`) : ABSENT),
  })),
  { title: 'B7: the apex', verb: 'PUT', name: '@', owner: ZONE, response: OK, after: B },
  ...['', undefined, null].flatMap((name) =>
    unreadable({
      title: `B7: name ${JSON.stringify(name)}`,
      edit: { name },
      response: BADDATA(),
    }),
  ),
  { title: 'B8', earlier: ['PUT'], verb: 'POST', name: 'H-Case', response: EXISTS, after: B },
  { title: 'B8: DELETE', earlier: ['PUT'], verb: 'DELETE', name: 'H-Case-2', response: OK, after: {} },
  { title: 'B9', before: { ...B, ...SIX, ...TEXT }, verb: 'DELETE', response: OK, after: { ...SIX, ...TEXT } },
  ...[2147483648, 4294967295].flatMap((TTL) =>
    unreadable({ title: `B13: TTL ${TTL}`, edit: { TTL }, response: BADDATA() }),
  ),
  {
    title: 'B13: the largest TTL',
    verb: 'PUT',
    edit: { TTL: 2147483647 },
    response: OK,
    after: rrset('A', 2147483647, '192.0.2.1'),
  },
  {
    title: 'B14: a body of 64 KiB',
    verb: 'PUT',
    raw: (b) => Buffer.from(b.padEnd(65536)),
    response: OK,
    after: B,
  },
  ...ALL.map((verb) => ({
    title: 'B14: a body over 64 KiB',
    before: B,
    verb,
    raw: (b: string) => Buffer.from(b.padEnd(65537)),
    response: TOOLARGE,
  })),
  {
    title: 'B14: METHOD before the body is looked at',
    verb: 'OPTIONS',
    raw: (b) => Buffer.from(b.padEnd(65537)),
    response: METHOD,
  },
]
