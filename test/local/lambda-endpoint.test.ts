import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import {
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
  RequestTooLargeException,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda'
import type { Context } from 'aws-lambda'
import type { LocalFunction } from '../../local/lambda.ts'
import { startLambdaEndpoint } from '../../local/lambda-endpoint.ts'
import { askMirrorFunction } from '../../shared/aws/invoke.ts'
import { eventually } from '../eventually.ts'

const MB = 1024 * 1024
const log: string[] = []
const events: unknown[] = []
let failures = 0

const { url, invoke } = await start({
  echo: async (event) => event,
  nothing: async () => undefined,
  throws: async () => {
    throw new TypeError('of no use')
  },
  hangs: () => new Promise(() => {}),
  large: async () => 'x'.repeat(6 * MB),
  notes: async (event) => {
    events.push(event)
    if (failures-- > 0) throw new Error('this once')
  },
})
after(() => assert.deepEqual(log, []))

describe('an invocation that is waited for', () => {
  test('gives the result', async () => {
    const { StatusCode, FunctionError, ExecutedVersion, Payload } = await invoke('echo', { a: ['ü', 1, null] })
    assert.deepEqual([StatusCode, FunctionError, ExecutedVersion], [200, undefined, '$LATEST'])
    assert.deepEqual(parsed(Payload), { a: ['ü', 1, null] })
  })

  test('has an empty event where there is no payload, and null for no result', async () => {
    assert.deepEqual(parsed((await invoke('echo', undefined)).Payload), {})
    assert.equal(parsed((await invoke('nothing', {})).Payload), null)
  })

  test('gives what the function threw', async () => {
    const { StatusCode, FunctionError, Payload } = await invoke('throws', {})
    assert.deepEqual([StatusCode, FunctionError], [200, 'Unhandled'])
    assert.deepEqual(parsed(Payload), { errorType: 'TypeError', errorMessage: 'of no use' })
  })

  test('fails after its time', async () => {
    const { FunctionError, Payload } = await invoke('hangs', {})
    assert.equal(FunctionError, 'Unhandled')
    assert.match(parsed(Payload).errorMessage, /did not end within 0\.5 s/)
  })

  test('takes 6 MB at most, both ways', async () => {
    const payload = 'x'.repeat(6 * MB - 2) // and its quotes
    assert.equal(parsed((await invoke('echo', payload)).Payload).length, payload.length)
    await assert.rejects(invoke('echo', `${payload}x`), RequestTooLargeException)
    const { FunctionError, Payload } = await invoke('large', {})
    assert.equal(FunctionError, 'Unhandled')
    assert.equal(parsed(Payload).errorType, 'Function.ResponseSizeTooLarge')
  })
})

describe('an invocation that is not waited for', () => {
  test('is accepted, and runs', async () => {
    events.length = 0
    const { StatusCode, Payload, FunctionError } = await invoke('notes', { n: 1 }, 'Event')
    assert.deepEqual([StatusCode, Payload?.length ?? 0, FunctionError], [202, 0, undefined])
    await eventually(() => assert.deepEqual(events, [{ n: 1 }]))
  })

  test('is tried twice more where it fails, and then no more', async () => {
    events.length = 0
    failures = 3
    await invoke('notes', { n: 2 }, 'Event')
    await eventually(() => assert.equal(events.length, 3))
    await invoke('notes', { n: 3 }, 'Event')
    await eventually(() => assert.deepEqual(events, [{ n: 2 }, { n: 2 }, { n: 2 }, { n: 3 }]))
  })

  test('takes 1 MB at most', async () => {
    events.length = 0
    await assert.rejects(invoke('notes', 'x'.repeat(MB), 'Event'), RequestTooLargeException)
    assert.deepEqual(events, [])
  })

  test('is what the mirror is asked with', async () => {
    events.length = 0
    Object.assign(process.env, CREDENTIALS, { AWS_ENDPOINT_URL_LAMBDA: url })
    await askMirrorFunction('notes')({ task: 'drain', hostedZones: ['Z1'] })
    await eventually(() => assert.deepEqual(events, [{ task: 'drain', hostedZones: ['Z1'] }]))
  })
})

describe('what is refused', () => {
  for (const type of ['Event', 'RequestResponse'] as const) {
    test(`an unknown function, ${type}`, async () => {
      await assert.rejects(invoke('nobody', {}, type), (error) => {
        assert.ok(error instanceof ResourceNotFoundException)
        assert.match(error.message, /^Function not found: arn:aws:lambda:.*:function:nobody$/)
        assert.equal(error.Type, 'User')
        return true
      })
    })
  }

  const cases: [title: string, path: string, init: RequestInit, status: number][] = [
    ['a payload that is no JSON', '/2015-03-31/functions/echo/invocations', { method: 'POST', body: '{' }, 400],
    ['another invocation type', '/2015-03-31/functions/echo/invocations', typed('DryRun'), 400],
    ['another method', '/2015-03-31/functions/echo/invocations', { method: 'GET' }, 404],
    ['another path', '/2015-03-31/functions/', { method: 'POST', body: '{}' }, 404],
    ['a name that cannot be decoded', '/2015-03-31/functions/%/invocations', { method: 'POST' }, 404],
    ['the page of another site', '/2015-03-31/functions/echo/invocations', from('https://example.org'), 403],
  ]
  for (const [title, path, init, status] of cases) {
    test(title, async () => assert.equal((await fetch(url + path, init)).status, status))
  }
})

describe('the end', () => {
  test('lets what runs end, tells it that no time is left, and tries nothing again', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>()
    let begun = 0
    let left: number | undefined
    const { endpoint, invoke } = await start({
      async slow(_event, context) {
        begun++
        await released
        left = context.getRemainingTimeInMillis()
        throw new Error('cut short')
      },
    })
    await invoke('slow', {}, 'Event')
    const stopping = endpoint.stop()
    release()
    await stopping
    assert.deepEqual([begun, left], [1, 0])
  })

  test('waits for no longer than it has to', async () => {
    const { endpoint, invoke } = await start({ hangs: () => new Promise(() => {}) }, { graceMs: 20 })
    await invoke('hangs', {}, 'Event')
    const waiting = assert.rejects(invoke('hangs', {}))
    await endpoint.stop()
    await waiting
  })
})

// ---------------------------------------------------------------------------

const CREDENTIALS = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }

type Handler = (event: unknown, context: Context) => Promise<unknown>

async function start(handlers: Record<string, Handler>, options: { graceMs?: number } = {}) {
  const functions = new Map<string, LocalFunction>(
    Object.entries(handlers).map(([name, handler]) => [name, { name, handler, timeoutMs: 500 }]),
  )
  const endpoint = await startLambdaEndpoint({ functions, log: (line) => log.push(line), retryMs: [1, 2], ...options })
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new LambdaClient({ region: 'us-east-1', endpoint: endpoint.url, credentials, maxAttempts: 1 })
  after(async () => {
    client.destroy()
    await endpoint.stop()
  })
  const invoke = (name: string, event: unknown, type: InvokeCommandInput['InvocationType'] = 'RequestResponse') => {
    const payload = event === undefined ? {} : { Payload: JSON.stringify(event) }
    return client.send(new InvokeCommand({ FunctionName: name, InvocationType: type, ...payload }))
  }
  return { endpoint, url: endpoint.url, invoke }
}

function parsed(payload: Uint8Array | undefined) {
  return JSON.parse(Buffer.from(payload ?? []).toString())
}

function typed(type: string): RequestInit {
  return { method: 'POST', body: '{}', headers: { 'x-amz-invocation-type': type } }
}

function from(origin: string): RequestInit {
  return { method: 'POST', body: '{}', headers: { origin } }
}
