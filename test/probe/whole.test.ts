/**
 * The handlers of the probe with all that stands behind them: dynapi behind the gateway, DynamoDB, sequencer, responder, and
 * the mirror with the emulator of Route 53. It asks as a caller with the one grant that a deployment makes for it.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startFeed } from '../../local/feed.ts'
import { startHttpFront } from '../../local/http/front.ts'
import type { LocalFunction } from '../../local/lambda.ts'
import { startLambdaEndpoint } from '../../local/lambda-endpoint.ts'
import { startRoute53 } from '../../local/route53/route53.ts'
import { startResponder } from '../../responder/responder.ts'
import { SEGMENTS_ONLY } from '../../shared/aws/change-log.ts'
import { awsHostedZones } from '../../shared/aws/hosted-zones.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { route53Client } from '../../shared/aws/route53-client.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import { probeName } from '../../shared/probe/name.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { testTables } from '../dynamodb.ts'
import { addresses, askUdp } from '../responder/client.ts'

const TOKEN = 'token:0123456789abcdef'
const ZONE = canonicalName('example.org')
const NAME = probeName(ZONE)
const anyPort = { host: '127.0.0.1', port: 0 }
const troubles: string[] = []
const tell = (line: string) => troubles.push(line)

const { client, names: tables } = await testTables()
const zones = dynamoDbZoneStore(client, tables.zones)
await zones.add(newZone(ZONE))
const names = dynamoDbNameStore(client, tables.names)
const emulator = await startRoute53({ endpoint: anyPort, log: tell })
const functions = new Map<string, LocalFunction>()
const lambda = await startLambdaEndpoint({ functions, log: tell })
Object.assign(process.env, {
  AWS_ENDPOINT_URL_ROUTE_53: emulator.url,
  AWS_ENDPOINT_URL_LAMBDA: lambda.url,
  MIRROR_FUNCTION: 'mirror',
  ACCESS_ADMINS: '[]',
  ACCESS_GRANTS: JSON.stringify([
    { principal: TOKEN, zones: [ZONE], names: ['namestream-probe'], types: ['A'], actions: ['write'] },
  ]),
  POWERTOOLS_LOG_LEVEL: 'SILENT',
})
const { dynamoDbChangeLog } = await import('../../responder/sources/dynamodb.ts')
const { handler: sequencer } = await import('../../functions/sequencer/handler.ts')
const { handler: mirrorFeed } = await import('../../functions/mirror-feed/handler.ts')
const { handler: mirror } = await import('../../functions/mirror/handler.ts')
const { handler: dynapi } = await import('../../functions/dynapi/handler.ts')

const responder = await startResponder({ source: dynamoDbChangeLog({ tell, intervalMs: 50 }), dns: [anyPort] })
const [dns = anyPort] = await responder.ready
const hostedZone = await awsHostedZones(route53Client()).create(ZONE)
await zones.link(ZONE, hostedZone)
const local = (name: string, handler: LocalFunction['handler']) => ({ name, handler, timeoutMs: 60_000 })
functions.set('mirror', local('mirror', mirror))
const common = { data: undefined, log: tell }
const feeds = [
  await startFeed({ ...common, table: tables.names, fn: local('sequencer', sequencer) }),
  await startFeed({ ...common, table: tables.changelog, fn: local('feed', mirrorFeed), filter: SEGMENTS_ONLY }),
]
/** Lets in whoever signs, as API Gateway does whose role may invoke it. */
const authorizer = local('authorizer', async () => ({ isAuthorized: true, context: { principal: TOKEN } }))
const front = await startHttpFront({ endpoint: anyPort, fn: local('dynapi', dynapi), authorizer, log: tell })
Object.assign(process.env, {
  PROBE_API: `http://127.0.0.1:${front.endpoint.port}/dynapi`,
  PROBE_ZONE: ZONE,
  PROBE_LOOKUP_FUNCTION: 'probe-lookup',
  PROBE_SERVERS: JSON.stringify([{ host: dns.host, port: dns.port }]),
  PROBE_HOSTED_ZONE: hostedZone,
})
const { handler: lookup } = await import('../../functions/probe-lookup/handler.ts')
const { handler: probe } = await import('../../functions/probe/handler.ts')
functions.set('probe-lookup', local('probe-lookup', lookup as LocalFunction['handler']))
after(async () => {
  for (const part of [...feeds, responder, lambda, emulator]) await part.stop()
  await front.close()
})

test('the probe registers its name and finds it everywhere, run after run', async () => {
  for (let run = 0; run < 2; run++) {
    const { result, printed } = await printing(probe)
    const { address, steps } = result
    assert.deepEqual(
      Object.entries(steps).map(([name, { ms, failure }]) => [name, ms !== undefined && ms >= 0, failure]),
      ['register', 'responder', 'route53'].map((name) => [name, true, undefined]),
    )
    const line = printed.find(({ service }) => service === 'probe') ?? {}
    assert.deepEqual(
      ['ProbeWriteTime', 'ProbeAnswer', 'ProbeRoute53', 'ProbeFailures'].map((name) => [line[name]].flat()[0]),
      [steps.register?.ms, steps.responder?.ms, steps.route53?.ms, 0],
    )
    assert.deepEqual(
      line._aws?.CloudWatchMetrics.map(({ Namespace, Dimensions, Metrics }) => [Namespace, Dimensions, Metrics.length]),
      [['Namestream', [['service']], 4]],
    )
    const record = await names.read(NAME)
    assert.deepEqual([record?.rrsets, record?.by?.principal], [{ A: { ttl: 1, rdata: [address] } }, TOKEN])
    assert.deepEqual(addresses(await askUdp(dns, `${NAME} A`)), [address])
    const [set] = emulator.sets(hostedZone).filter(({ name }) => name === NAME)
    assert.deepEqual(set?.values, [address])
  }
  assert.deepEqual(troubles, [])
})

test('of all that can be written, the grant allows the probe its one RRset', async () => {
  const put = async (edit: object, method = 'PUT') => {
    const record = { zone: ZONE, name: 'namestream-probe', type: 'A', address: '198.18.0.1', TTL: 1, ...edit }
    const headers = { authorization: 'any' }
    const { status } = await fetch(String(process.env.PROBE_API), { method, headers, body: JSON.stringify(record) })
    return status
  }
  assert.equal(await put({}), 200)
  const denied = [
    { name: 'h' },
    { name: '@' },
    { name: '*' },
    { name: 'a.namestream-probe' },
    { type: 'AAAA', address: '2001:db8::1' },
  ]
  for (const edit of denied) assert.equal(await put(edit), 403, JSON.stringify(edit))
  for (const method of ['POST', 'PATCH', 'DELETE']) assert.equal(await put({ name: 'h' }, method), 403, method)
})

// ---------------------------------------------------------------------------

interface Line {
  readonly service?: string
  readonly [metric: string]: unknown
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly { Namespace: string; Dimensions: string[][]; Metrics: object[] }[]
  }
}

/** What a function gives, and the lines of JSON that Lambda would take from standard output meanwhile. */
async function printing<T>(work: () => Promise<T>): Promise<{ result: T; printed: readonly Line[] }> {
  const lines: Line[] = []
  const { write } = process.stdout
  process.stdout.write = ((chunk: unknown, ...rest: []) => {
    if (typeof chunk !== 'string' || !chunk.startsWith('{')) return write.call(process.stdout, chunk as string, ...rest)
    lines.push(JSON.parse(chunk))
    return true
  }) as typeof write
  try {
    return { result: await work(), printed: lines }
  } finally {
    process.stdout.write = write
  }
}
