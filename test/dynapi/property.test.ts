import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isAtOrBelow, parseName } from '../../shared/dns/name.ts'
import {
  ABSENT,
  assertResponse,
  BADDATA,
  BADJSON,
  BADTYPE,
  EXISTS,
  type Expected,
  type HttpResponse,
  METHOD,
  NOPATH,
  NOZONE,
  OK,
  TOOLARGE,
} from './expect.ts'
import { naming } from './naming.ts'

const listed: readonly Expected[] = [
  OK,
  NOZONE,
  EXISTS,
  ABSENT,
  { ...BADTYPE(''), body: /^unsupported DNS record resource type: .*\. Only A or AAAA are allowed\n$/s },
  BADDATA(),
  BADJSON(),
  METHOD,
  NOPATH,
  TOOLARGE,
]

const junk = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.jsonValue())
const or = (...good: unknown[]) => fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...good) }, junk)
const members = fc.record(
  {
    zone: or('example.org.', 'example.org.', 'example.org'),
    name: or('h', 'H', '@', '*', 'a.b', 'a\\.b', 'h.', '', 'x'.repeat(64), ';', 'h IN A 192.0.2.9 ;'),
    type: or('A', 'A', 'AAAA', 'a', 'TXT'),
    address: or('192.0.2.1', '192.0.2.2', '2001:db8::1', '::ffff:192.0.2.1', '192.0.2.1 ; x'),
    TTL: or(60, 0, 3600, 2147483648, -1),
    ttl: or(null, 61),
  },
  { requiredKeys: ['zone'] },
)
const body = fc.oneof(
  { weight: 8, arbitrary: members.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.tuple(members, fc.nat()).map(([value, cut]) => JSON.stringify(value).slice(0, cut % 80)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
)
const request = fc.record({
  verb: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('POST', 'PUT', 'PATCH', 'DELETE', 'PUT') }, fc.string()),
  path: fc.oneof({ weight: 9, arbitrary: fc.constant('/dynapi') }, fc.webPath()),
  headers: fc.constantFrom<Record<string, string>>({}, { 'Content-Type': 'application/json' }),
  body,
})

test('whatever is sent, the response is a listed one and a refusal stores nothing', async () => {
  const { send, versions, held } = naming()
  await fc.assert(
    fc.asyncProperty(request, async (sent) => {
      const before = await versions()
      const response = await send(sent)
      assert.ok(
        listed.some((expected) => matches(response, expected)),
        `${response.status} ${response.body}`,
      )
      if (response.status !== 200) assert.deepEqual(await versions(), before)
      for (const [owner, rrsets] of Object.entries(await held())) {
        assert.ok(isAtOrBelow(parseName(owner), parseName('example.org.')), owner)
        assert.deepEqual(
          Object.values(rrsets).map(({ rdata }) => rdata.length),
          [1],
          owner,
        ) // one address per name
      }
    }),
    { numRuns: 3000 },
  )
})

// ---------------------------------------------------------------------------

function matches(response: HttpResponse, expected: Expected): boolean {
  try {
    assertResponse(response, expected)
    return true
  } catch {
    return false
  }
}
