/** From the Host header to the function, and what is said where that leads nowhere. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Response } from '../../functions/gateway/response.ts'
import type { Invoked } from '../../shared/gateway/ports.ts'
import { type FaultCode, NamingError } from '../../shared/records/faults.ts'
import { albEvent, arnOf, gatewayWorld, returned, ZONE } from './world.ts'

const echo = { pay: () => returned({ statusCode: 200, body: 'paid' }) }
const HOST = 'pay.fn.example.org'

function world() {
  const found = gatewayWorld(echo)
  found.publish('pay')
  return found
}

function refusal({ statusCode, statusDescription, multiValueHeaders, body }: Response) {
  assert.match(statusDescription, new RegExp(`^${statusCode} [A-Z]`))
  assert.deepEqual(multiValueHeaders['content-type'], ['application/json'])
  assert.deepEqual(multiValueHeaders['cache-control'], ['no-store'])
  return [statusCode, (JSON.parse(body) as { code: string }).code]
}

describe('hosts that lead to the function', () => {
  for (const host of [HOST, 'PAY.fn.Example.ORG', `${HOST}.`, `${HOST}:80`, `${HOST}.:8092`]) {
    test(host, async () => {
      const { ask, invocations, measured } = world()
      const { statusCode, body } = await ask(albEvent(host))
      assert.deepEqual([statusCode, body], [200, 'paid'])
      const [{ arn, event } = {}] = invocations
      assert.equal(arn, `${arnOf('pay')}:live`)
      assert.equal(event?.requestContext.domainName, HOST)
      assert.deepEqual(measured, ['Requests', 'AnswerTime'])
    })
  }
})

describe('hosts that lead nowhere', () => {
  const long = `${'a'.repeat(63)}.`.repeat(4)
  const rows: readonly [host: string | undefined, status: number, code: FaultCode][] = [
    [undefined, 400, 'invalid_host'],
    ['', 400, 'invalid_host'],
    ['.', 400, 'invalid_host'],
    ['a..b', 400, 'invalid_host'],
    ['pay.fn.example.org/x', 400, 'invalid_host'],
    ['pay.fn.example.org:port', 400, 'invalid_host'],
    ['any@pay.fn.example.org', 400, 'invalid_host'],
    ['pay\\.fn.example.org', 400, 'invalid_host'],
    ['pay .fn.example.org', 400, 'invalid_host'],
    ['[::1', 400, 'invalid_host'],
    [`${'a'.repeat(64)}.example.org`, 400, 'invalid_host'],
    [long, 400, 'invalid_host'],
    ['x'.repeat(60_000), 400, 'invalid_host'],
    ['[::1]', 404, 'function_not_found'],
    ['[2001:db8::1]:8092', 404, 'function_not_found'],
    ['127.0.0.1:8092', 404, 'function_not_found'],
    ['localhost', 404, 'function_not_found'],
    ['other.fn.example.org', 404, 'function_not_found'],
    ['fn.example.org', 404, 'function_not_found'],
    ['x.pay.fn.example.org', 404, 'function_not_found'],
  ]
  for (const [host, status, code] of rows) {
    test(`${host?.slice(0, 40)}`, async () => {
      const { ask, invocations, measured } = world()
      assert.deepEqual(refusal(await ask(albEvent(host))), [status, code])
      assert.deepEqual([invocations, measured], [[], ['Requests', 'AnswerTime', 'Refused']])
    })
  }

  test('two of them', async () => {
    const event = albEvent(undefined, { multiValueHeaders: { host: [HOST, 'other.example'] } })
    assert.deepEqual(refusal(await world().ask(event)), [400, 'invalid_host'])
  })

  test('a registration that stands for no function', async () => {
    const { ask, publish, registered } = gatewayWorld({})
    const name = publish('plain')
    const { fn: _, ...plain } = registered.get(name) ?? assert.fail()
    registered.set(name, plain)
    assert.deepEqual(refusal(await ask(albEvent('plain.fn.example.org'))), [404, 'function_not_found'])
  })
})

describe('names are remembered for two seconds', () => {
  test('what was found, and that there was nothing', async () => {
    const { ask, clock, reads, publish, registered } = world()
    const statuses = async () => [
      (await ask(albEvent(HOST))).statusCode,
      (await ask(albEvent('new.fn.example.org'))).statusCode,
    ]
    assert.deepEqual(await statuses(), [200, 404])
    registered.clear()
    publish('new', { arn: arnOf('pay') })
    clock.now += 1_999
    assert.deepEqual([await statuses(), reads.length], [[200, 404], 2])
    clock.now += 1
    assert.deepEqual([await statuses(), reads.length], [[404, 200], 4])
  })

  test('requests at once make one read', async () => {
    const { ask, reads } = world()
    await Promise.all(Array.from({ length: 20 }, () => ask(albEvent(HOST))))
    assert.equal(reads.length, 1)
  })

  test('so many names and no more', async () => {
    const { ask, reads } = world()
    for (let i = 0; i < 1_000; i++) await ask(albEvent(`n${i}.fn.example.org`))
    await ask(albEvent('n999.fn.example.org'))
    assert.equal(reads.length, 1_000)
    await ask(albEvent('one-more.fn.example.org'))
    await ask(albEvent('n0.fn.example.org'))
    assert.equal(reads.length, 1_002)
  })

  test('not that the store was away', async () => {
    const { ask, registered } = world()
    const kept = registered.get
    registered.get = () => {
      throw new NamingError('unavailable')
    }
    const response = await ask(albEvent(HOST))
    assert.deepEqual(refusal(response), [503, 'unavailable'])
    assert.deepEqual(response.multiValueHeaders['retry-after'], ['1'])
    registered.get = kept
    assert.equal((await ask(albEvent(HOST))).statusCode, 200)
  })
})

describe('functions that do not answer', () => {
  const failed = (type: string, message: string): Invoked => ({ kind: 'failed', type, message })
  const refused = (code: FaultCode) => () => {
    throw new NamingError(code, undefined, { cause: 'arn:secret' })
  }
  const rows: readonly [what: string, fn: () => Invoked, status: number, code: FaultCode | 'internal_error'][] = [
    ['throws', () => failed('TypeError', 'arn:secret'), 502, 'function_failed'],
    ['ran out of memory', () => failed('Runtime.OutOfMemory', ''), 502, 'function_failed'],
    [
      'ran out of time',
      () => failed('Sandbox.Timedout', 'RequestId: 1 Error: Task timed out after 3.00 seconds'),
      504,
      'function_timeout',
    ],
    [
      'ran out of time, told the old way',
      () => failed('Unhandled', '2026-01-01 1 Task timed out after 3.00 seconds'),
      504,
      'function_timeout',
    ],
    ['is throttled', refused('function_busy'), 503, 'function_busy'],
    ['is gone', refused('function_not_found'), 404, 'function_not_found'],
    ['may not be invoked', refused('function_unreachable'), 502, 'function_unreachable'],
    ['makes no sense', () => returned({ statusCode: 1 }), 502, 'response_invalid'],
    ['says too much', () => returned('x'.repeat(1_000_001)), 502, 'response_too_large'],
    [
      'meets a defect of ours',
      () => {
        throw new Error('arn:secret')
      },
      500,
      'internal_error',
    ],
  ]
  for (const [what, fn, status, code] of rows) {
    test(what, async () => {
      const { ask, publish, lines, measured } = gatewayWorld({ bad: fn })
      publish('bad')
      const response = await ask(albEvent('bad.fn.example.org', { path: '/x' }))
      assert.deepEqual(refusal(response), [status, code])
      assert.equal(/arn:|secret/.test(JSON.stringify(response)), false)
      assert.deepEqual('retry-after' in response.multiValueHeaders, status === 503)
      assert.deepEqual(measured, ['Requests', 'AnswerTime', status < 500 ? 'Refused' : 'Faults'])
      const told = lines.map(({ outcome, host, path, requestId }) => ({ outcome, host, path, requestId }))
      const line = { outcome: code, host: 'bad.fn.example.org', path: '/x', requestId: 'request-1' }
      assert.deepEqual(told, status < 500 ? [] : [line])
    })
  }

  test('one that hangs is given up while there is time to say so', async () => {
    const { ask, publish, clock } = gatewayWorld({ hang: () => new Promise(() => {}) })
    publish('hang')
    clock.left = 1_100
    const began = performance.now()
    assert.deepEqual(refusal(await ask(albEvent('hang.fn.example.org'))), [504, 'function_timeout'])
    const ms = performance.now() - began
    assert.ok(ms > 90 && ms < 1_000, `${ms} ms`)
  })

  test('5xx of the function itself are its answers', async () => {
    const { ask, publish, measured } = gatewayWorld({ sorry: () => returned({ statusCode: 503, body: 'later' }) })
    publish('sorry')
    assert.equal((await ask(albEvent('sorry.fn.example.org'))).body, 'later')
    assert.deepEqual(measured, ['Requests', 'AnswerTime'])
  })
})

test('the gateway does not invoke itself, by whatever name', async () => {
  const { ask, publish, invocations } = gatewayWorld({ gateway: () => assert.fail('invoked') })
  for (const [label, arn] of [
    ['gateway', arnOf('gateway')],
    ['alias', `${arnOf('gateway')}:live`],
  ] as const) {
    publish(label, { arn })
    assert.deepEqual(refusal(await ask(albEvent(`${label}.fn.example.org`))), [508, 'function_loop'])
  }
  publish('other', { arn: arnOf('gateway2') })
  await ask(albEvent('other.fn.example.org'))
  assert.equal(invocations.length, 1)
})

test('too large a body is refused before anything is invoked', async () => {
  const { ask, invocations } = world()
  assert.deepEqual(refusal(await ask(albEvent(HOST, { body: 'x'.repeat(1_048_577) }))), [413, 'body_too_large'])
  assert.deepEqual(invocations, [])
})

describe('functions that want a token', () => {
  const withHeader = (...authorization: string[]) =>
    albEvent('safe.fn.example.org', { multiValueHeaders: { authorization } })

  async function safeWorld() {
    const found = gatewayWorld({ safe: () => returned({ statusCode: 200, body: 'ok' }) })
    found.publish('safe', { auth: 'token' })
    const { text, principal } = await found.token()
    const grant = (more: object = {}) =>
      found.store.addGrant({
        ...{ id: 'g', principal, zones: [ZONE], names: ['*.fn'], types: ['A'], actions: ['invoke'] as const },
        ...more,
      })
    return { ...found, text, principal, grant }
  }

  test('let in who shows one and has a grant, as Bearer or as a password', async () => {
    const { ask, text, principal, grant, invocations } = await safeWorld()
    await grant()
    const basic = `Basic ${Buffer.from(`any:${text}`).toString('base64')}`
    for (const header of [`Bearer ${text}`, basic]) assert.equal((await ask(withHeader(header))).body, 'ok')
    for (const { event } of invocations) {
      assert.deepEqual(event.requestContext.authorizer, { lambda: { principal } })
      assert.equal('authorization' in event.headers, false)
    }
    assert.equal(invocations.length, 2)
  })

  test('401 without one that is valid', async () => {
    const { ask, text, grant, invocations, clock, measured } = await safeWorld()
    await grant()
    const other = text.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'))
    const unknown = text.replace(/_[0-9a-f]{16}_/, '_0000000000000000_')
    const rows = [
      [],
      [''],
      ['Bearer'],
      [`Bearer ${other}`],
      [`Bearer ${unknown}`],
      [`Digest ${text}`],
      [text],
      [`Bearer ${text}`, 'x'],
    ]
    for (const row of rows) {
      const response = await ask(withHeader(...row))
      assert.deepEqual(refusal(response), [401, 'token_needed'], String(row))
      assert.match(response.multiValueHeaders['www-authenticate']?.[0] ?? '', /^Bearer realm=/)
    }
    clock.now += 3_600_000
    assert.deepEqual(refusal(await ask(withHeader(`Bearer ${text}`))), [401, 'token_needed'])
    assert.equal(invocations.length, 0)
    assert.equal(measured.filter((name) => name === 'Refused').length, rows.length + 1)
  })

  for (const [what, more] of [
    ['no grant', undefined],
    ['a grant to write', { actions: ['write', 'mirror'] }],
    ['a grant for another name', { names: ['other.fn'] }],
    ['a grant for another zone', { zones: ['fn.example.org.'] }],
    ['a grant that is over', { expires: 1 }],
  ] as const) {
    test(`403 with ${what}`, async () => {
      const { ask, text, grant, invocations, lines } = await safeWorld()
      if (more) await grant(more)
      assert.deepEqual(refusal(await ask(withHeader(`Bearer ${text}`))), [403, 'invoke_denied'])
      assert.equal(invocations.length, 0)
      assert.equal(JSON.stringify(lines).includes(text), false)
    })
  }
})
