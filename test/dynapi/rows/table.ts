import { ABSENT, BADJSON, BADTYPE, EXISTS, METHOD, NOPATH, NOZONE, OK } from '../expect.ts'
import { ALL, B, badAddress, type Row, rrset, SIX, unreadable } from './row.ts'

const rows: readonly Row[] = [
  { title: '1', verb: 'POST', response: OK, after: B },
  { title: '2', before: B, verb: 'POST', response: EXISTS },
  { title: '3', before: B, verb: 'POST', edit: { address: '192.0.2.9' }, response: EXISTS },
  { title: '4', before: B, verb: 'POST', edit: { type: 'AAAA', address: '2001:db8::1' }, response: EXISTS },
  {
    title: '5',
    before: B,
    verb: 'PUT',
    edit: { address: '192.0.2.2', TTL: 9 },
    response: OK,
    after: rrset('A', 9, '192.0.2.2'),
  },
  { title: '6', before: B, verb: 'PUT', edit: { type: 'AAAA', address: '2001:db8::1' }, response: OK, after: SIX },
  {
    title: '7',
    before: B,
    verb: 'PATCH',
    edit: { address: '192.0.2.3', TTL: undefined },
    response: OK,
    after: rrset('A', 3600, '192.0.2.3'),
  },
  { title: '8', verb: 'PATCH', response: ABSENT },
  { title: '9, other TTL', before: B, verb: 'DELETE', edit: { TTL: 61 }, response: ABSENT },
  { title: '9, other address', before: B, verb: 'DELETE', edit: { address: '192.0.2.9' }, response: ABSENT },
  { title: '9, no address', before: B, verb: 'DELETE', edit: { address: undefined }, response: ABSENT },
  { title: '10', before: B, verb: 'DELETE', response: OK, after: {} },
  { title: '11', earlier: ['PUT', 'DELETE'], verb: 'DELETE', response: ABSENT },
  { title: '12', verb: 'PUT', response: OK, after: B },
  { title: '13', verb: 'PUT', name: 'com.alipay.userservice.interface1', response: OK, after: B },
  ...ALL.flatMap((verb) =>
    ['example.org', 'EXAMPLE.ORG.', undefined, 'sub.example.org.'].map((zone) => ({
      title: `14, zone ${zone}`,
      before: B,
      verb,
      edit: { zone, address: '192.0.2.7' },
      response: NOZONE,
    })),
  ),
  ...['TXT', 'a', undefined].flatMap((type) =>
    unreadable({ title: `15, type ${type}`, edit: { type }, response: BADTYPE(type ?? '') }),
  ),
  ...['192.0.2.400', 'nonsense', ''].flatMap((address) =>
    unreadable({ title: `16, address "${address}"`, edit: { address }, response: badAddress('A', address) }),
  ),
  ...['GET', 'HEAD', 'OPTIONS'].map((verb) => ({ title: '17', verb, before: B, raw: '', response: METHOD })),
  { title: '18', verb: 'PUT', path: '/dynapi/', response: NOPATH },
  { title: '18', verb: 'GET', path: '/', raw: '', response: NOPATH },
  { title: '19', verb: 'PUT', path: '/dynapi?x=1', response: OK, after: B },
  ...(
    [
      ['', 'unexpected end of JSON input'],
      ['{bad}', "invalid character 'b' looking for beginning of object key string"],
      ['{"zone":"example.org.","name":"%h"', 'unexpected end of JSON input'],
      ['[]', 'json: cannot unmarshal array into Go value of type dynapi.Request'],
      ['"s"', 'json: cannot unmarshal string into Go value of type dynapi.Request'],
      ['1', 'json: cannot unmarshal number into Go value of type dynapi.Request'],
      ['true', 'json: cannot unmarshal bool into Go value of type dynapi.Request'],
      ['%B{}', "invalid character '{' after top-level value"],
      ['{"TTL":-1}', 'json: cannot unmarshal number -1 into Go struct field Request.TTL of type uint32'],
      ['{"TTL":1.5}', 'json: cannot unmarshal number 1.5 into Go struct field Request.TTL of type uint32'],
      ['{"TTL":60.0}', 'json: cannot unmarshal number 60.0 into Go struct field Request.TTL of type uint32'],
      ['{"TTL":6e1}', 'json: cannot unmarshal number 6e1 into Go struct field Request.TTL of type uint32'],
      ['{"TTL":"60"}', 'json: cannot unmarshal string into Go struct field Request.TTL of type uint32'],
      ['{"TTL":true}', 'json: cannot unmarshal bool into Go struct field Request.TTL of type uint32'],
      ['{"TTL":[]}', 'json: cannot unmarshal array into Go struct field Request.TTL of type uint32'],
      [
        '{"TTL":4294967296}',
        'json: cannot unmarshal number 4294967296 into Go struct field Request.TTL of type uint32',
      ],
      ['{"zone":1}', 'json: cannot unmarshal number into Go struct field Request.zone of type string'],
    ] as const
  ).map(([raw, text]) => ({ title: `20, body ${raw}`, before: SIX, verb: 'PUT', raw, response: BADJSON(text) })),
  ...['{', '{"zone"}', '{"zone":"\u0001"}', '{"x":[1,]}', '{"TTL":01}', '%B%B', '\ufeff%B', '{"x":tru}'].map((raw) => ({
    title: `20, body ${raw}`,
    before: SIX,
    verb: 'PUT',
    raw,
    response: BADJSON(),
  })),
  { title: '21', verb: 'PUT', edit: { x: 1, y: { zone: [null, -1.5e3] } }, response: OK, after: B },
  {
    title: '22',
    verb: 'PUT',
    raw: '{"ZONE":"example.org.","Name":"%h","tYPe":"A","addre\u017f\u017f":"192.0.2.1","ttl":60}',
    response: OK,
    after: B,
  },
  { title: '23', verb: 'PUT', edit: { TTL: 5, ttl: 7 }, response: OK, after: rrset('A', 7, '192.0.2.1') },
  {
    title: '23, repeated key',
    verb: 'PUT',
    raw: '{"TTL":5,"ttl":6,"TTL":7,"zone":"example.org.","name":"%h","type":"A","address":"192.0.2.1"}',
    response: OK,
    after: rrset('A', 7, '192.0.2.1'),
  },
  { title: '24', verb: 'PUT', edit: { TTL: 0 }, response: OK, after: rrset('A', 3600, '192.0.2.1') },
  ...['application/x-www-form-urlencoded', 'text/plain', 'application/json', undefined].map((type) => ({
    title: `25, content type ${type}`,
    verb: 'PUT',
    headers: type === undefined ? {} : { 'Content-Type': type },
    response: OK,
    after: B,
  })),
  { title: '26', verb: 'PUT', name: '*.wild', response: OK, after: B, ask: 'x.wild.example.org.' },
]

/** The conformance table of the dialect, by its numbers. */
export const table = rows.map((row) => ({ ...row, title: `case ${row.title}` }))
