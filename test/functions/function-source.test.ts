/** Functions as Lambda's API tells of them, over HTTP, from the local endpoint. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { LambdaClient } from '@aws-sdk/client-lambda'
import type { LocalFunction } from '../../local/lambda.ts'
import { startLambdaEndpoint } from '../../local/lambda-endpoint.ts'
import { lambdaFunctionSource } from '../../shared/aws/function-source.ts'
import type { FunctionRef } from '../../shared/functions/arn.ts'
import { PUBLISHED } from './found.ts'

const HOME = 'arn:aws:lambda:ddblocal:000000000000:function:'
const VERSIONS = { 'namestream:versions': 'true' }
const functions = new Map<string, LocalFunction>()
let throttles = 0
let requests = 0
let deleted: string | undefined
const endpoint = await startLambdaEndpoint({
  functions,
  log: assert.fail,
  throttles: () => {
    requests++
    if (requests === 2 && deleted !== undefined) functions.delete(deleted)
    return throttles-- > 0
  },
})
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
const client = new LambdaClient({
  region: 'us-east-1',
  endpoint: endpoint.url,
  credentials,
  maxAttempts: 3,
  retryMode: 'adaptive',
})
after(async () => {
  client.destroy()
  await endpoint.stop()
})
let retries = 0
let paced = 0
const source = lambdaFunctionSource(
  client,
  async () => void paced++,
  (times) => {
    retries += times
  },
)

describe('the list', () => {
  test('has every function, over many pages', async () => {
    for (let i = 0; i < 120; i++) add(`f${i}`)
    const pages: number[] = []
    const names = new Set<string>()
    for await (const page of source.list()) {
      pages.push(page.length)
      for (const ref of page) names.add(ref.name)
    }
    assert.deepEqual([pages, names.size], [[50, 50, 20], 120])
  })

  test('that is throttled is asked for again, and rejects if that goes on', async () => {
    ;[throttles, retries] = [1, 0]
    await all()
    assert.equal(retries, 1)
    ;[throttles, retries] = [100, 0]
    await assert.rejects(all(), { name: 'TooManyRequestsException' })
    assert.equal(retries, 2)
    throttles = 0
  })
})

describe('of one function', () => {
  test('only the tags are read if it is not published', async () => {
    add('quiet', { tags: { other: 'ü' }, aliases: [{ name: 'prod', version: '1' }] })
    paced = 0
    assert.deepEqual(await source.read(ref('quiet')), {
      ...ref('quiet'),
      tags: { other: 'ü' },
      aliases: [],
      versions: [],
      urls: [],
    })
    assert.equal(paced, 1)
  })

  test('all is read if it is, with every page of its aliases', async () => {
    const aliases = Array.from({ length: 60 }, (_, i) => ({ name: `a${i}`, version: '1' }))
    const urls = [
      { url: 'https://a.example/', authType: 'NONE' as const },
      { url: 'https://b.example/', authType: 'AWS_IAM' as const, qualifier: 'a1' },
    ]
    add('pay', { tags: PUBLISHED, aliases, urls, versions: ['1', '2'] })
    assert.deepEqual(await source.read(ref('pay')), { ...ref('pay'), tags: PUBLISHED, aliases, urls, versions: [] })
    const tags = { ...PUBLISHED, ...VERSIONS }
    add('pay', { tags, urls, versions: ['1', '2'] })
    assert.deepEqual((await source.read(ref('pay')))?.versions, ['1', '2'])
  })

  test('that is not there, or goes while it is read, there is nothing', async () => {
    assert.equal(await source.read(ref('nobody')), undefined)
    add('brief', { tags: PUBLISHED })
    ;[requests, deleted] = [0, 'brief']
    assert.equal(await source.read(ref('brief')), undefined)
    assert.equal(requests, 2)
    deleted = undefined
  })

  test('that is throttled for good, it rejects', async () => {
    throttles = 100
    await assert.rejects(source.read(ref('pay')), { name: 'TooManyRequestsException' })
    throttles = 0
  })
})

test('what is no Lambda is not taken for an account without functions', async () => {
  const { createServer } = await import('node:http')
  const server = createServer((_request, response) => response.end('{"Functions":[{}]}')).listen(0, '127.0.0.1')
  after(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  const other = new LambdaClient({ region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, credentials })
  const listing = lambdaFunctionSource(
    other,
    async () => {},
    () => {},
  ).list()
  await assert.rejects(collected(listing), /^Error: an answer of Lambda has no FunctionArn$/)
  other.destroy()
})

// ---------------------------------------------------------------------------

function add(name: string, published?: Partial<NonNullable<LocalFunction['published']>>): void {
  const what = published && { published: { tags: {}, aliases: [], versions: [], urls: [], ...published } }
  functions.set(name, { name, handler: async () => undefined, timeoutMs: 3000, ...what })
}

function ref(name: string): FunctionRef {
  return { arn: HOME + name, name }
}

function all(): Promise<FunctionRef[]> {
  return collected(source.list())
}

async function collected(pages: AsyncIterable<readonly FunctionRef[]>): Promise<FunctionRef[]> {
  const found: FunctionRef[] = []
  for await (const page of pages) found.push(...page)
  return found
}
