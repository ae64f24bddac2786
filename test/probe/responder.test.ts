/** The responder as a place of the probe, the lookup invoked through a Lambda endpoint, or played by the test. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { type ResponderParts, responderPlace } from '../../functions/probe/responder.ts'
import { handler } from '../../functions/probe-lookup/handler.ts'
import type { LocalFunction } from '../../local/lambda.ts'
import { startLambdaEndpoint } from '../../local/lambda-endpoint.ts'
import { invokeFunction } from '../../shared/aws/invoke.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import type { LookupReply } from '../../shared/probe/lookup.ts'
import { probeName } from '../../shared/probe/name.ts'
import { answer, startDnsServer } from './dns-server.ts'

const ADDRESS = '198.18.0.1'
const zone = canonicalName('example.org')
const servers = [{ host: '127.0.0.1', port: 53 }]
const never = new AbortController().signal
const clock = { ms: 0 }

const placeOf = (invoke: ResponderParts['invoke'], asked = servers) =>
  responderPlace({ invoke, servers: asked, zone, name: probeName(zone), withinMs: 300, now: () => clock.ms })
/** A lookup whose replies come after so many milliseconds. */
const replying =
  (ms: number, ...replies: unknown[]) =>
  async () => {
    clock.ms += ms
    return replies.shift()
  }
const found: LookupReply = { cold: false, tookMs: 150, sinceMs: 4 }

describe('what the reply of the lookup means', () => {
  test('how long ago it was, and for the log how long the invocation was under way', async () => {
    assert.deepEqual(await placeOf(replying(180, found)).find(ADDRESS, never), {
      sinceMs: 4,
      told: { cold: false, underwayMs: 30 },
    })
  })

  test('with the serials of before', async () => {
    const place = placeOf(
      replying(1, { cold: true, tookMs: 1, serials: [7, 8] }, found, { cold: false, tookMs: 1 }, found),
    )
    await place.prepare(never)
    assert.deepEqual((await place.find(ADDRESS, never)).told?.serials, [7, 8])
    await place.prepare(never)
    assert.equal((await place.find(ADDRESS, never)).told?.serials, undefined)
  })

  test('no time where the lookup had to be started: it may have asked too late', async () => {
    const { sinceMs, failure, told } = await placeOf(replying(900, { ...found, cold: true })).find(ADDRESS, never)
    assert.deepEqual([sinceMs, failure, told?.cold], [undefined, undefined, true])
  })

  test('a failure beside the time', async () => {
    const reply = { ...found, failure: 'over TCP: no answer' }
    const { sinceMs, failure } = await placeOf(replying(180, reply)).find(ADDRESS, never)
    assert.deepEqual([sinceMs, failure], [4, 'over TCP: no answer'])
  })

  test('a failure and no time', async () => {
    const reply = { cold: false, tookMs: 300, failure: 'no right answer of 127.0.0.1:53 (NXDOMAIN)' }
    await assert.rejects(placeOf(replying(310, reply)).find(ADDRESS, never), { message: reply.failure })
  })

  for (const reply of [
    null,
    undefined,
    'OK',
    {},
    { ...found, tookMs: -1 },
    { ...found, more: 1 },
    { cold: false, tookMs: 1 },
  ]) {
    test(`nothing: ${JSON.stringify(reply)}`, () => assert.rejects(placeOf(replying(1, reply)).find(ADDRESS, never)))
  }
})

describe('through Lambda', async () => {
  const functions = new Map<string, LocalFunction>()
  const endpoint = await startLambdaEndpoint({ functions, log: assert.fail, graceMs: 10 })
  after(() => endpoint.stop())
  const keys = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }
  Object.assign(process.env, keys, { AWS_ENDPOINT_URL_LAMBDA: endpoint.url })
  const serve = (name: string, fn: LocalFunction['handler']) => {
    functions.set(name, { name, handler: fn, timeoutMs: 2_000 })
    return invokeFunction(name)
  }

  test('the lookup is warmed, and finds the address', async () => {
    const { host, port } = await startDnsServer((query) =>
      query.questions?.[0]?.type === 'SOA'
        ? [
            {
              ...answer(query),
              answers: [{ type: 'SOA', name: zone, ttl: 1, data: { mname: 'ns', rname: 'h', serial: 4711 } }],
            },
          ]
        : [answer(query, ADDRESS)],
    )
    const place = placeOf(serve('lookup', handler as LocalFunction['handler']), [{ host, port }])
    await place.prepare(never)
    const { failure, told, sinceMs } = await place.find(ADDRESS, never)
    assert.deepEqual([failure, told?.cold, told?.serials], [undefined, false, [4711]])
    assert.ok(sinceMs !== undefined)
  })

  test('one that throws', async () => {
    const invoke = serve('throws', () => Promise.reject(new TypeError('of no use')))
    await assert.rejects(placeOf(invoke).find(ADDRESS, never), { message: 'throws failed: of no use' })
  })

  test('one that is not there', () => assert.rejects(placeOf(invokeFunction('nobody')).find(ADDRESS, never), /nobody/))

  test('one that hangs, until the signal is aborted', async () => {
    const ending = new AbortController()
    const invoke = serve('hangs', () => {
      ending.abort()
      return new Promise(() => {})
    })
    await assert.rejects(placeOf(invoke).find(ADDRESS, ending.signal), /abort/i)
  })
})
