/** The middleware, under middy, as Lambda runs it: one invocation after the other, and frozen in between. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as later } from 'node:timers/promises'
import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { type RegisterNameOptions, registerName } from '../../client/register-name.ts'
import { eventually } from '../eventually.ts'
import { type Api, startApi } from './api.ts'

const NAME = 'pay.example.org'
const RECORDS = [{ type: 'CNAME', rdata: ['abc123.execute-api.eu-west-1.amazonaws.com.'] }]

describe('the first invocation', () => {
  test('registers the name under the name of the function, for an hour', async () => {
    const { api, invoke } = await sandbox()
    assert.deepEqual(await invoke(), { statusCode: 200, body: 'paid' })
    assert.deepEqual(api.registered(NAME), { pay: RECORDS })
    assert.deepEqual(JSON.parse(api.requests[0]?.body ?? ''), { records: RECORDS, lease: 3600 })
  })

  test('can tell name, id and records from its context', async () => {
    const { api, invoke } = await sandbox({
      name: ({ functionName }) => `${functionName}.fn.example.org`,
      id: ({ functionVersion }) => `version-${functionVersion}`,
      records: ({ invokedFunctionArn }) => [{ type: 'TXT', rdata: [`"${invokedFunctionArn}"`] }],
    })
    await invoke()
    assert.deepEqual(api.registered('pay.fn.example.org'), {
      'version-7': [{ type: 'TXT', rdata: ['"arn:aws:lambda:eu-west-1:111122223333:function:pay"'] }],
    })
  })
})

describe('later invocations', () => {
  test('renew after a third of the lease, and do nothing before', async () => {
    const { api, invoke, sleep } = await sandbox()
    for (const [minutes, requests] of [
      [0, 1],
      [10, 1],
      [9, 1],
      [2, 2],
      [19, 2],
      [2, 3],
    ] as const) {
      sleep(minutes * 60_000)
      await invoke()
      assert.equal(api.requests.length, requests)
    }
  })

  test('register anew after a sleep in which the lease has lapsed', async () => {
    const { api, invoke, sleep } = await sandbox()
    await invoke()
    api.age(7_200_000)
    sleep(7_200_000)
    assert.deepEqual(api.registered(NAME), {})
    await invoke()
    assert.deepEqual(api.registered(NAME), { pay: RECORDS })
  })

  test('count the lease from the request, not from an answer that was read after a sleep', async () => {
    const { api, invoke, sleep } = await sandbox({ waitMs: 10 })
    api.fault = 'slow'
    await invoke()
    sleep(600_000) // the answer is there meanwhile
    await later(400)
    assert.equal(api.requests.length, 1)
    sleep(660_000) // 21 minutes since the request
    await invoke()
    assert.equal(api.requests.length, 2)
  })
})

describe('an API that fails', () => {
  for (const fault of ['hang', 'stall', 500, 403, 'reset', 'html'] as const)
    test(`by ${fault} fails no invocation, and delays none for long`, async () => {
      const errors: Error[] = []
      const { api, invoke, sleep } = await sandbox({
        waitMs: 100,
        timeoutMs: 1_500,
        onError: (error) => errors.push(error),
      })
      api.fault = fault
      const began = Date.now()
      assert.deepEqual(await invoke(), { statusCode: 200, body: 'paid' })
      assert.ok(Date.now() - began < 1_200, `${Date.now() - began} ms`)
      await eventually(() => assert.equal(errors.length, 1))
      api.fault = undefined
      sleep(1_001)
      await invoke()
      assert.deepEqual(api.registered(NAME), { pay: RECORDS })
    })

  test('is asked less and less often, so that it slows down only few', async () => {
    const { api, invoke, sleep } = await sandbox()
    api.fault = 500
    for (let second = 0; second < 600; second++) {
      await invoke()
      sleep(1_000)
    }
    // after 1, 2, 4, 8, 16, 32 seconds, and then once a minute
    assert.ok(api.requests.length >= 14 && api.requests.length <= 16, `${api.requests.length} requests`)
  })

  test('by a hang is waited for once, not by each invocation', async () => {
    const { api, invoke } = await sandbox({ waitMs: 100 })
    api.fault = 'hang'
    await invoke()
    const began = Date.now()
    for (let n = 0; n < 5; n++) await invoke()
    assert.ok(Date.now() - began < 400, `${Date.now() - began} ms`)
    assert.equal(api.requests.length, 1)
  })

  test('by a hang is left by the first invocation after a sleep, which begins anew', async () => {
    const { api, invoke, sleep } = await sandbox({ waitMs: 50 })
    api.fault = 'hang'
    await invoke()
    api.fault = undefined
    sleep(600_000)
    await invoke()
    assert.equal(api.requests.length, 2)
    assert.deepEqual(api.registered(NAME), { pay: RECORDS })
  })

  test('to renew in time is told, and a listener that throws hurts nobody', async () => {
    let told = 0
    const { api, invoke, sleep } = await sandbox({
      onError() {
        told++
        throw new Error('of the host')
      },
    })
    await invoke()
    api.fault = 503
    sleep(1_300_000)
    assert.deepEqual(await invoke(), { statusCode: 200, body: 'paid' })
    assert.equal(told, 1)
  })

  test('is no worse than an option that throws', async () => {
    const errors: string[] = []
    const { invoke } = await sandbox({
      records: () => {
        throw new Error('of the host')
      },
      onError: ({ message }) => errors.push(message),
    })
    assert.deepEqual(await invoke(), { statusCode: 200, body: 'paid' })
    assert.deepEqual(errors, ['of the host'])
  })
})

describe('required', () => {
  test('fails the invocation with what the API said, and the next one tries again', async () => {
    const { api, invoke } = await sandbox({ required: true })
    api.fault = 403
    await assert.rejects(invoke(), { name: 'RegistrationError', status: 403, code: 'code_of_fault' })
    api.fault = undefined
    assert.deepEqual(await invoke(), { statusCode: 200, body: 'paid' })
  })

  test('waits for the answer, however slow', async () => {
    const { api, invoke } = await sandbox({ required: true, waitMs: 1 })
    api.fault = 'slow'
    await invoke()
    assert.deepEqual(api.registered(NAME), { pay: RECORDS })
  })

  test('lets invocations be while the lease lasts, and fails them when it is over', async () => {
    const { api, invoke, sleep } = await sandbox({ required: true })
    await invoke()
    api.fault = 500
    sleep(1_300_000)
    assert.deepEqual(await invoke(), { statusCode: 200, body: 'paid' })
    sleep(2_400_000)
    await assert.rejects(invoke(), { status: 500 })
  })
})

// ---------------------------------------------------------------------------

interface Sandbox {
  readonly api: Api
  readonly invoke: () => Promise<APIGatewayProxyStructuredResultV2>
  /** Lets time go by, as in a frozen sandbox: no timer runs off. */
  readonly sleep: (ms: number) => void
}

async function sandbox(options: Partial<RegisterNameOptions> = {}): Promise<Sandbox> {
  const api = await startApi()
  let slept = 0
  const common = { url: api.url, zone: 'example.org', name: NAME, records: RECORDS }
  const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(registerName({ ...common, ...options }, () => Date.now() + slept))
    .handler(async () => ({ statusCode: 200, body: 'paid' }))
  return {
    api,
    invoke: () => handler({} as APIGatewayProxyEventV2, CONTEXT),
    sleep(ms) {
      slept += ms
    },
  }
}

const CONTEXT = {
  functionName: 'pay',
  functionVersion: '7',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:pay',
  getRemainingTimeInMillis: () => 3_000,
} as Context
