/** Timers over SQS, as functions set them, on the endpoint of the local stack. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { ReceiveMessageCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { SQSEvent } from 'aws-lambda'
import { type Consumer, DelayQueue, type DelayQueueOptions } from '../../../local/sqs/delay-queue.ts'
import { queueUrl, startSqs } from '../../../local/sqs/server.ts'
import { keyOfMessage, leasesQueueUrl, sqsClient, sqsTimers } from '../../../shared/aws/timers.ts'
import type { RegistrationKey } from '../../../shared/registrations/model.ts'
import { nameOf } from '../../contract/records.ts'
import { eventually } from '../../eventually.ts'

const key: RegistrationKey = { name: nameOf('h\\.\\228'), id: 'web-1', nonce: 'n1' }

test('a message comes once its time has come, and not before', async () => {
  const { timers, taken } = await start()
  const set = Date.now()
  await timers.set(key, set + 1_500)
  await timers.set({ ...key, id: 'now' }, set - 60_000)
  await eventually(() => assert.equal(taken.length, 2))
  const [now, later] = taken
  assert.deepEqual([now?.key.id, later?.key], ['now', key])
  assert.ok((now?.at ?? 0) - set < 1_000)
  const ms = (later?.at ?? 0) - set
  assert.ok(ms >= 1_990 && ms < 10_000, `whole seconds, rounded up: ${ms} ms`)
})

describe('the delay', () => {
  const cases = [
    [-5_000, 0],
    [0, 0],
    [1, 1],
    [1_000, 1],
    [1_001, 2],
    [900_000, 900],
    [900_001, 900],
    [86_400_000, 900],
  ] as const
  for (const [ms, seconds] of cases) {
    test(`${ms} ms from now: ${seconds} s`, async () => {
      const sent: unknown[] = []
      const client = { send: async ({ input }: SendMessageCommand) => sent.push(input) }
      await sqsTimers(client as unknown as SQSClient, 'queue', () => 1_000).set(key, 1_000 + ms)
      assert.deepEqual(sent, [{ QueueUrl: 'queue', MessageBody: JSON.stringify(key), DelaySeconds: seconds }])
    })
  }
})

test('a queue that is not there, or cannot be reached: unavailable, or what AWS says', async () => {
  const { url } = await start()
  const client = clientOf(url)
  await assert.rejects(sqsTimers(client, queueUrl(url, 'other'), Date.now).set(key, 0), { name: 'QueueDoesNotExist' })
  const nowhere = clientOf('http://127.0.0.1:1')
  await assert.rejects(sqsTimers(nowhere, queueUrl('http://127.0.0.1:1', 'leases'), Date.now).set(key, 0), {
    code: 'unavailable',
  })
  assert.throws(() => leasesQueueUrl({}), /LEASES_QUEUE_URL must have/)
})

describe('what fails', () => {
  test('comes again, up to so many times, and is given up then', async () => {
    const gaveUp: string[] = []
    const { timers, events } = await start(
      { visibilityMs: 20, maxReceives: 3, gaveUp: (body) => gaveUp.push(body) },
      async ({ Records }) => ({ batchItemFailures: [{ itemIdentifier: Records[0]?.messageId }] }),
    )
    await timers.set(key, 0)
    await eventually(() => assert.deepEqual(gaveUp, [JSON.stringify(key)]))
    const counts = events.map(({ Records }) => Records[0]?.attributes.ApproximateReceiveCount)
    assert.deepEqual(counts, ['1', '2', '3'])
    assert.equal(new Set(events.map(({ Records }) => Records[0]?.messageId)).size, 1)
  })

  const results: readonly (readonly [what: string, result: unknown, isAll: boolean])[] = [
    ['nothing said', undefined, false],
    ['null', null, false],
    ['no failures', { batchItemFailures: [] }, false],
    ['no word of them', {}, false],
    ['null for them', { batchItemFailures: null }, false],
    ['a text', 'failed', true],
    ['no list', { batchItemFailures: 'm' }, true],
    ['a failure of nothing', { batchItemFailures: [null] }, true],
    ['a message of another batch', { batchItemFailures: [{ itemIdentifier: 'other' }] }, true],
    ['thrown', new Error('defect'), true],
  ]
  for (const [what, result, isAll] of results) {
    test(`${what}: ${isAll ? 'all' : 'none'}`, async () => {
      const gaveUp: string[] = []
      let taken = 0
      const queue = new DelayQueue({ name: 'q', maxReceives: 1, gaveUp: (body) => gaveUp.push(body) })
      queue.feed(async ({ Records }) => {
        taken += Records.length
        if (result instanceof Error) throw result
        return result
      })
      queue.send('a', 0)
      queue.send('b', 0)
      await eventually(() => assert.equal(taken, 2))
      await queue.stop()
      assert.deepEqual(gaveUp, isAll ? ['a', 'b'] : [])
    })
  }
})

test('what comes before somebody takes it waits; many come in batches of ten at most', async () => {
  const queue = new DelayQueue({ name: 'q' })
  for (let n = 0; n < 95; n++) queue.send(`${n}`, 0)
  await new Promise((later) => setTimeout(later, 50))
  const sizes: number[] = []
  const bodies = new Set<string>()
  let [running, most] = [0, 0]
  queue.feed(async ({ Records }) => {
    most = Math.max(most, ++running)
    sizes.push(Records.length)
    for (const { body } of Records) bodies.add(body)
    await new Promise((later) => setTimeout(later, 10))
    running--
  })
  await eventually(() => assert.equal(bodies.size, 95))
  assert.deepEqual([Math.max(...sizes), sizes.length, most], [10, 10, 5])
  await queue.stop()
})

test('once it is stopped nothing comes, and what runs is waited for', async () => {
  const queue = new DelayQueue({ name: 'q' })
  let [begun, ended] = [0, 0]
  queue.feed(async () => {
    begun++
    await new Promise((later) => setTimeout(later, 100))
    ended++
  })
  queue.send('a', 0)
  queue.send('later', 150)
  await eventually(() => assert.equal(begun, 1))
  await queue.stop()
  queue.send('too late', 0)
  await new Promise((later) => setTimeout(later, 200))
  assert.deepEqual([begun, ended], [1, 1])
})

describe('refused', async () => {
  const { url, taken } = await start()
  const QueueUrl = queueUrl(url, 'leases')
  const client = clientOf(url)

  test('another operation, by its name', async () => {
    await assert.rejects(client.send(new ReceiveMessageCommand({ QueueUrl })), { name: 'UnsupportedOperation' })
  })

  for (const DelaySeconds of [-1, 901, 1.5]) {
    test(`a delay of ${DelaySeconds}`, async () => {
      const command = new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds })
      await assert.rejects(client.send(command), (error: Error) => /DelaySeconds/.test(error.message))
    })
  }

  test('no message', async () => {
    const command = new SendMessageCommand({ QueueUrl, MessageBody: '' })
    await assert.rejects(client.send(command), { name: 'MissingParameter' })
  })

  test('what is no JSON, what is too large, and the page of another site', async () => {
    const headers = { 'x-amz-target': 'AmazonSQS.SendMessage' }
    const post = (body: string, more = {}) => fetch(url, { method: 'POST', headers: { ...headers, ...more }, body })
    const codes = [
      await post('{'),
      await post('null'),
      await post(`{"x":"${'x'.repeat(2 * 1024 * 1024)}"}`),
      await post('{}', { origin: 'https://example.org' }),
    ].map(async (response) => [response.status, ((await response.json()) as { __type: string }).__type.split('#')[1]])
    assert.deepEqual(await Promise.all(codes), [
      [400, 'SerializationException'],
      [400, 'SerializationException'],
      [400, 'InvalidParameterValue'],
      [400, 'AccessDeniedException'],
    ])
  })

  test('and nothing of it came', () => assert.deepEqual(taken, []))
})

// ---------------------------------------------------------------------------

/** An endpoint with the queue of leases, and what comes of it. */
async function start(options: Partial<DelayQueueOptions> = {}, consume: Consumer = async () => {}) {
  const queue = new DelayQueue({ name: 'leases', ...options })
  const taken: { key: RegistrationKey; at: number }[] = []
  const events: SQSEvent[] = []
  queue.feed((event) => {
    events.push(event)
    for (const { body } of event.Records) taken.push({ key: keyOfMessage(body), at: Date.now() })
    return consume(event)
  })
  const { url, stop } = await startSqs({ queues: [queue], log: assert.fail })
  after(stop)
  return { url, taken, events, timers: sqsTimers(clientOf(url), queueUrl(url, 'leases'), Date.now) }
}

function clientOf(url: string): SQSClient {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SQS: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  })
  const client = sqsClient()
  after(() => client.destroy())
  return client
}
