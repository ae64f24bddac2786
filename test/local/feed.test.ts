import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { DynamoDBStreamEvent } from 'aws-lambda'
import { FEED_SETTINGS, startFeed } from '../../local/feed.ts'
import type { LocalFunction } from '../../local/lambda.ts'
import { SEGMENTS_ONLY } from '../../shared/aws/change-log.ts'
import { resourcesOf, templateOf, unbundledApp } from '../cdk/template.ts'
import { testDynamoDb } from '../dynamodb.ts'
import { eventually } from '../eventually.ts'

const { client, newTables } = await testDynamoDb()
const folder = mkdtempSync(join(tmpdir(), 'namestream-feed-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('the local feeds have the settings of the deployed ones', () => {
  const template = templateOf(unbundledApp({ zones: ['example.org=public'] }))
  const mappings = Object.values(resourcesOf(template, 'AWS::Lambda::EventSourceMapping')).filter(({ properties }) =>
    properties.EventSourceArn.endsWith('.StreamArn'),
  )
  assert.equal(mappings.length, 2)
  for (const { properties } of mappings) {
    assert.deepEqual(FEED_SETTINGS, {
      batchSize: properties.BatchSize,
      maxRetries: properties.MaximumRetryAttempts,
      maxAgeMs: properties.MaximumRecordAgeInSeconds * 1000,
      bisect: properties.BisectBatchOnFunctionError,
      reportFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
    })
    assert.equal(properties.StartingPosition, 'TRIM_HORIZON')
    assert.equal(properties.ParallelizationFactor, 1)
    assert.ok(!properties.MaximumBatchingWindowInSeconds, 'the batching window is 0')
  }
  const filters = mappings.flatMap(({ properties }) => properties.FilterCriteria?.Filters ?? [])
  assert.deepEqual(
    filters.map(({ Pattern }) => JSON.parse(Pattern)),
    [SEGMENTS_ONLY],
  )
})

describe('on a stream of DynamoDB Local', () => {
  test('the function gets true stream events, old and new image, binary in base64', async () => {
    const { names } = await newTables()
    const { fn, events } = recorder()
    const log: string[] = []
    const feed = await startFeed({ table: names, fn, data: undefined, log: (line) => log.push(line) })
    after(() => feed.stop())
    const item = (version: string) => ({
      name: { S: 'a.example.org.' },
      version: { N: version },
      octets: { B: Buffer.from([0, 255]) },
      nested: {
        M: { list: { L: [{ B: Buffer.from([1]) }, { NULL: true as const }] }, set: { BS: [Buffer.from([2])] } },
      },
    })
    await client.send(new PutItemCommand({ TableName: names, Item: item('1') }))
    await client.send(new PutItemCommand({ TableName: names, Item: item('2') }))
    await eventually(() => assert.equal(recordsOf(events).length, 2))
    const [insert, modify] = recordsOf(events)
    const image = (version: string) => ({
      name: { S: 'a.example.org.' },
      version: { N: version },
      octets: { B: 'AP8=' },
      nested: { M: { list: { L: [{ B: 'AQ==' }, { NULL: true }] }, set: { BS: ['Ag=='] } } },
    })
    assert.deepEqual(modify, {
      eventID: modify?.eventID,
      eventName: 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'ddblocal',
      dynamodb: {
        ApproximateCreationDateTime: modify?.dynamodb?.ApproximateCreationDateTime,
        Keys: { name: { S: 'a.example.org.' } },
        NewImage: image('2'),
        OldImage: image('1'),
        SequenceNumber: modify?.dynamodb?.SequenceNumber,
        SizeBytes: modify?.dynamodb?.SizeBytes,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: modify?.eventSourceARN,
    })
    assert.equal(insert?.eventName, 'INSERT')
    assert.equal(insert?.dynamodb?.OldImage, undefined)
    assert.match(modify?.eventSourceARN ?? '', /^arn:aws:dynamodb:.*:table\/names-.*\/stream\//)
    assert.match(modify?.dynamodb?.SequenceNumber ?? '', /^\d+$/)
    assert.ok(
      Math.abs(Number(modify?.dynamodb?.ApproximateCreationDateTime) * 1000 - Date.now()) < 120_000,
      'in seconds',
    )
    assert.deepEqual(log, [])
  })

  test('it goes on after a restart where it was, and takes the rest of a batch again that failed in part', async () => {
    const { names } = await newTables()
    const put = (name: string) => client.send(new PutItemCommand({ TableName: names, Item: { name: { S: name } } }))
    const log: string[] = []
    const options = { table: names, data: join(folder, 'restart'), log: (line: string) => log.push(line) }
    for (const name of ['a', 'b', 'c', 'd']) await put(name)

    const failing = recorder((records) =>
      records.length > 2 ? { batchItemFailures: [{ itemIdentifier: records[2] }] } : null,
    )
    const first = await startFeed({ ...options, fn: failing.fn })
    await eventually(() =>
      assert.deepEqual(keysOf(failing.events), [
        ['a', 'b', 'c', 'd'],
        ['c', 'd'],
      ]),
    )
    const said =
      /^recorder: shardId-.*: the function failed, trying again: it reported failures\nrecorder: .*: the function goes on$/
    await eventually(() => assert.match(log.join('\n'), said))
    await first.stop()

    await put('e')
    const second = recorder()
    const again = await startFeed({ ...options, fn: second.fn })
    await eventually(() => assert.deepEqual(keysOf(second.events), [['e']]))
    await again.stop()
  })

  test('what is given up is told and appended to a file, and the feed goes on behind it', async () => {
    const { names } = await newTables()
    const log: string[] = []
    const data = join(folder, 'poison')
    const { fn, events } = recorder((records) => {
      if (keysOf(events).at(-1)?.includes('poison')) throw new Error(`no use for ${records.length}`)
    })
    for (const name of ['a', 'poison', 'b']) {
      await client.send(new PutItemCommand({ TableName: names, Item: { name: { S: name } } }))
    }
    const settings = { ...FEED_SETTINGS, maxRetries: 1 }
    let gaveUp = 0
    const feed = await startFeed({
      table: names,
      fn,
      data,
      log: (line) => log.push(line),
      gaveUp: () => gaveUp++,
      settings,
    })
    await eventually(() => assert.deepEqual(keysOf(events).at(-1), ['b']))
    await feed.stop()
    assert.equal(gaveUp, 1)
    const file = join(data, 'recorder.given-up.jsonl')
    const [line = '', end] = readFileSync(file, 'utf8').split('\n')
    assert.equal(end, '')
    const { requestContext, responseContext, DDBStreamBatchInfo } = JSON.parse(line)
    assert.equal(requestContext.condition, 'RetryAttemptsExhausted')
    assert.equal(requestContext.functionArn, 'arn:aws:lambda:ddblocal:000000000000:function:recorder')
    assert.equal(responseContext.functionError, 'Unhandled')
    assert.equal(DDBStreamBatchInfo.batchSize, 1)
    assert.match(DDBStreamBatchInfo.streamArn, new RegExp(`table/${names}/stream/`))
    assert.ok(log.includes(`recorder: gave up 1 stream record (RetryAttemptsExhausted): see ${file}`), log.join('\n'))
  })

  test('a checkpoint file that is none is told, and the stream is read from the beginning', async () => {
    const { names } = await newTables()
    await client.send(new PutItemCommand({ TableName: names, Item: { name: { S: 'a' } } }))
    const data = join(folder, 'broken')
    const log: string[] = []
    const { fn, events } = recorder()
    mkdirSync(data)
    writeFileSync(join(data, 'recorder.checkpoint.json'), '{"streamArn":')
    const feed = await startFeed({ table: names, fn, data, log: (line) => log.push(line) })
    await eventually(() => assert.deepEqual(keysOf(events), [['a']]))
    await feed.stop()
    assert.match(
      log.join('\n'),
      /^recorder: .*checkpoint\.json cannot be read, the stream is read from its oldest record on: /,
    )
    assert.match(readFileSync(join(data, 'recorder.checkpoint.json'), 'utf8'), /"after":"\d+"/)
  })
})

// ---------------------------------------------------------------------------

/** A function that keeps the events it gets; `respond` makes its result of their sequence numbers. */
function recorder(respond: (records: readonly (string | undefined)[]) => unknown = () => undefined) {
  const events: DynamoDBStreamEvent[] = []
  const fn: LocalFunction = {
    name: 'recorder',
    timeoutMs: 10_000,
    handler: async (event: DynamoDBStreamEvent) => {
      events.push(event)
      return respond(event.Records.map(({ dynamodb }) => dynamodb?.SequenceNumber))
    },
  }
  return { fn, events }
}

function recordsOf(events: readonly DynamoDBStreamEvent[]) {
  return events.flatMap(({ Records }) => Records)
}

function keysOf(events: readonly DynamoDBStreamEvent[]) {
  return events.map(({ Records }) => Records.map(({ dynamodb }) => dynamodb?.Keys?.name?.S))
}
