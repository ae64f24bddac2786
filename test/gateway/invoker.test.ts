/** What is made of the answers of Lambda's API, as its reference has them ("Invoke"). */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, test } from 'node:test'
import { functionInvoker } from '../../shared/aws/function-invoker.ts'
import { NamingError } from '../../shared/records/faults.ts'

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:pay:live'
const asked: { readonly url: string; readonly socket: number; readonly body: string }[] = []
let answer: { status: number; headers?: Record<string, string>; body: string } = { status: 200, body: '' }

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString()
  asked.push({ url: decodeURIComponent(request.url ?? ''), socket: request.socket.remotePort ?? 0, body })
  if (answer.status !== 0) response.writeHead(answer.status, answer.headers).end(answer.body)
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
after(() => {
  server.closeAllConnections()
  server.close()
})
Object.assign(process.env, {
  AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
})
const clock = { now: 0 }
const invoke = functionInvoker(() => clock.now)
const patient = () => AbortSignal.timeout(5_000)

test('the function is invoked by its ARN, with the event', async () => {
  answer = { status: 200, body: '{"a":1}' }
  assert.deepEqual(await invoke(ARN, { b: 2 }, patient()), { kind: 'returned', json: '{"a":1}' })
  const { url, body } = asked.at(-1) ?? assert.fail()
  assert.deepEqual([url, body], [`/2015-03-31/functions/${ARN}/invocations`, '{"b":2}'])
})

test('nothing returned is null', async () => {
  answer = { status: 200, body: '' }
  assert.deepEqual(await invoke(ARN, {}, patient()), { kind: 'returned', json: 'null' })
})

describe('a function that failed', () => {
  const rows: readonly [body: string, type: string, message: string][] = [
    ['{"errorType":"TypeError","errorMessage":"x"}', 'TypeError', 'x'],
    ['{"errorMessage":"Task timed out after 3.00 seconds"}', 'Unhandled', 'Task timed out after 3.00 seconds'],
    ['null', 'Unhandled', ''],
    ['"text"', 'Unhandled', ''],
    ['no JSON', 'Unhandled', ''],
    ['', 'Unhandled', ''],
  ]
  for (const [body, type, message] of rows) {
    test(body, async () => {
      answer = { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body }
      assert.deepEqual(await invoke(ARN, {}, patient()), { kind: 'failed', type, message })
    })
  }
})

describe('what Lambda says no with, once', () => {
  const rows: readonly [status: number, error: string, code: string][] = [
    [404, 'ResourceNotFoundException', 'function_not_found'],
    [429, 'TooManyRequestsException', 'function_busy'],
    [413, 'RequestTooLargeException', 'body_too_large'],
    [403, 'AccessDeniedException', 'function_unreachable'],
    [403, 'UnrecognizedClientException', 'function_unreachable'],
    [400, 'InvalidParameterValueException', 'function_unreachable'],
    [409, 'ResourceConflictException', 'function_unreachable'],
    [502, 'EC2UnexpectedException', 'function_unreachable'],
    [500, 'ServiceException', 'function_unreachable'],
  ]
  for (const [status, error, code] of rows) {
    test(error, async () => {
      answer = { status, headers: { 'x-amzn-errortype': error }, body: `{"message":"not for ${ARN}"}` }
      const before = asked.length
      await assert.rejects(invoke(ARN, {}, patient()), (thrown) => {
        assert.ok(thrown instanceof NamingError)
        assert.deepEqual([thrown.code, thrown.message.includes('arn:')], [code, false])
        assert.match(String(thrown.cause), new RegExp(error))
        return true
      })
      assert.equal(asked.length - before, 1)
    })
  }
})

test('no answer ends with the signal, for its reason', async () => {
  answer = { status: 0, body: '' }
  const stop = new AbortController()
  const invoked = invoke(ARN, {}, stop.signal)
  setTimeout(() => stop.abort(new Error('enough')), 50)
  await assert.rejects(invoked, /^Error: enough$/)
})

test('a connection serves the next invocation, and none that comes much later', async () => {
  answer = { status: 200, body: '1' }
  const socketAt = async (now: number) => {
    clock.now = now
    await invoke(ARN, {}, patient())
    return asked.at(-1)?.socket
  }
  const first = await socketAt(10_000)
  assert.equal(await socketAt(12_000), first)
  assert.notEqual(await socketAt(20_000), first)
})
