/** What the functions and the responder ask of AWS when they really run is what their roles allow: no less, so they work, and no more. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { startRoute53 } from '../../local/route53/route53.ts'
import { newToken } from '../../shared/access/tokens.ts'
import { dynamoDbAccessStore } from '../../shared/aws/access-store.ts'
import { awsHostedZones } from '../../shared/aws/hosted-zones.ts'
import { dynamoDbRegistrationStore } from '../../shared/aws/registration-store.ts'
import { awsRoute53 } from '../../shared/aws/route53.ts'
import { route53Client } from '../../shared/aws/route53-client.ts'
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import type { HttpEvent } from '../../shared/http/event.ts'
import { testTables } from '../dynamodb.ts'
import { httpEvent } from '../dynapi/event.ts'
import { answer, startDnsServer } from '../probe/dns-server.ts'
import { meets } from './iam-conditions.ts'
import { permissionsOf } from './policies.ts'
import { startRecorder } from './recorder.ts'
import { templateOf, unbundledApp } from './template.ts'

const ZONE = canonicalName('a\\.b.example.org')
const { client, endpoint, names: tables } = await testTables()
const emulator = await startRoute53({
  endpoint: { host: '127.0.0.1', port: 0 },
  requestsPerSecond: 1000,
  insyncMs: 0,
  log: (line) => process.stderr.write(`${line}\n`),
})
process.env.AWS_ENDPOINT_URL_ROUTE_53 = emulator.url
const account = route53Client()
const hostedZone = await awsHostedZones(account).create(ZONE)

const PROBED = canonicalName('rpc.example.org')
const probedHostedZone = await awsHostedZones(account).create(PROBED)
const registered: { name: Name; address: string }[] = []
const probeLookup = await import('../../functions/probe-lookup/handler.ts')

const recorder = await startRecorder({
  dynamoDb: endpoint,
  route53: emulator.url,
  tables,
  async registered(record) {
    const { name: label, address } = record as { name: string; address: string }
    const name = canonicalName(`${label}.${PROBED}`)
    registered.push({ name, address })
    const rrset = { ttl: 1, rdata: [address] }
    await awsRoute53(account).change(probedHostedZone, [{ action: 'UPSERT', name, type: 'A', rrset }])
  },
  invoked: (_, event) => probeLookup.handler(event),
})
const { asked, batches } = recorder
Object.assign(process.env, {
  AWS_ENDPOINT_URL_DYNAMODB: recorder.url,
  AWS_ENDPOINT_URL_ROUTE_53: recorder.url,
  AWS_ENDPOINT_URL_LAMBDA: recorder.url,
  AWS_ENDPOINT_URL_SQS: recorder.url,
  MIRROR_FUNCTION: 'MirrorWriter',
  LEASES_QUEUE_URL: `${recorder.url}/000000000000/RegistrationsTimers`,
  ROUTE53_REQUESTS_PER_SECOND: '5',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
})
const EVERYBODY = 'iam:arn:aws:iam::123456789012:*'
let callers = 0
/** Of registrations, which are for who registered them to renew; a caller whose grants are not remembered yet. */
const owner = { iam: { userArn: 'arn:aws:iam::123456789012:user/owner' } }
const access = dynamoDbAccessStore(client, tables.access)
const issued = newToken('test', 3_600_000, Date.now(), randomBytes)
const zones = await import('../../functions/zones/handler.ts')
const dynapi = await import('../../functions/dynapi/handler.ts')
const sequencer = await import('../../functions/sequencer/handler.ts')
const feed = await import('../../functions/mirror-feed/handler.ts')
const mirror = await import('../../functions/mirror/handler.ts')
const mirrorApi = await import('../../functions/mirror-api/handler.ts')
const registrations = await import('../../functions/registrations/handler.ts')
const leases = await import('../../functions/leases/handler.ts')
const authorizer = await import('../../functions/authorizer/handler.ts')
const responding = await startDnsServer((query) =>
  query.questions?.[0]?.type === 'SOA'
    ? [
        {
          ...answer(query),
          answers: [{ type: 'SOA', name: PROBED, ttl: 1, data: { mname: 'ns', rname: 'h', serial: 1 } }],
        },
      ]
    : [answer(query, ...registered.slice(-1).map(({ address }) => address))],
)
Object.assign(process.env, {
  PROBE_API: `${recorder.url}/dynapi`,
  PROBE_ZONE: PROBED,
  PROBE_HOSTED_ZONE: probedHostedZone,
  PROBE_LOOKUP_FUNCTION: 'ProbeLookupFunction',
  PROBE_SERVERS: JSON.stringify([{ host: responding.host, port: responding.port }]),
})
const probe = await import('../../functions/probe/handler.ts')
const { dynamoDbChangeLog } = await import('../../responder/sources/dynamodb.ts')

const settings = { auth: 'iam+tokens', responder: true, probe: false }
const template = templateOf(unbundledApp({ ...settings, zones: [`${ZONE}=${hostedZone}`] }))
const probing = templateOf(unbundledApp({ ...settings, zones: [`${PROBED}=${probedHostedZone}`], probe: true }))
const context = { getRemainingTimeInMillis: () => 60_000 } as never

before(async () => {
  await seed()
  const actions = ['write', 'mirror'] as const
  await access.addGrant({ id: 'g', principal: EVERYBODY, zones: [ZONE], names: ['*'], types: ['*'], actions })
  await access.writeToken(issued.token, 0)
})
beforeEach(() => asked.clear())
after(async () => {
  account.destroy()
  await emulator.stop()
})

test('zones', async () => {
  await seed()
  assert.deepEqual([...asked].sort(), allowed('ServedZonesFunctionRole'))
})

test('dynapi', async () => {
  for (const verb of ['POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'DELETE']) await send(verb)
  assert.deepEqual([...asked].sort(), allowed('DynapiRole'))
})

test('sequencer, a batch that is retried included', async () => {
  for (const name of ['host', '*', 'odd\\032name', '@']) await send('PUT', name)
  const Key = { name: { S: `host.${ZONE}` } }
  const { Item } = await client.send(new GetItemCommand({ TableName: tables.names, Key }))
  asked.clear()
  const event = { Records: [{ eventName: 'INSERT', dynamodb: { NewImage: Item, SequenceNumber: '1' } }] }
  for (const _ of ['first', 'again']) {
    assert.deepEqual(await sequencer.handler(event as never, context), { batchItemFailures: [] })
  }
  assert.deepEqual([...asked].sort(), allowed('SequencerRole'))
})

test('mirror feed', async () => {
  const query = { KeyConditionExpression: 'pk = :log', ExpressionAttributeValues: { ':log': { S: 'log' } } }
  const { Items = [] } = await client.send(new QueryCommand({ TableName: tables.changelog, ...query }))
  const Records = Items.map((NewImage) => ({ eventName: 'INSERT', dynamodb: { NewImage, SequenceNumber: '1' } }))
  asked.clear()
  await feed.handler({ Records } as never, context)
  assert.deepEqual([...asked].sort(), allowed('MirrorFeedRole'))
})

test('mirror: what is registered, and what it finds and imports', async () => {
  const foreign = { action: 'CREATE', type: 'TXT', rrset: { ttl: 60, rdata: ['"by hand"'] } } as const
  await awsRoute53(account).change(hostedZone, [{ ...foreign, name: canonicalName(`hand.${ZONE}`) }])
  await mirror.handler({ task: 'reconcile' }, context)
  await aside(() => send('DELETE', 'host'))
  await mirror.handler({ task: 'reconcile' }, context)
  await aside(() => ask('POST', 'adopt'))
  await mirror.handler({ task: 'drain' }, context)
  const sets = emulator.sets(hostedZone).map(({ name, type }) => `${name.replace(/a.056b.example.org.$/, '')} ${type}`)
  assert.deepEqual(sets.sort(), [' A', ' NS', ' SOA', '\\052. A', 'hand. TXT', 'odd\\040name. A'])
  assert.deepEqual([...asked].sort(), allowed('MirrorWriterRole'))
})

test('mirror: every batch it sends meets the conditions', () => {
  const [condition, ...others] = permissionsOf(template, 'MirrorWriterRole').flatMap((one) =>
    one.condition === undefined ? [] : [one.condition],
  )
  assert.ok(condition !== undefined && others.length === 0)
  const actions = new Set(batches.flatMap((batch) => batch['route53:ChangeResourceRecordSetsActions'] ?? []))
  assert.deepEqual([...actions].sort(), ['CREATE', 'DELETE', 'UPSERT'])
  for (const batch of batches) assert.ok(meets(batch, condition), JSON.stringify(batch))
  const [good = {}] = batches
  assert.ok(!meets({}, condition))
  const NAMES = 'route53:ChangeResourceRecordSetsNormalizedRecordNames'
  for (const name of ['example.org', 'xa\\056b.example.org', 'a.b.example.org']) {
    assert.ok(!meets({ ...good, [NAMES]: ['a\\056b.example.org', name] }, condition), name)
  }
})

test('mirror API', async () => {
  await send('PUT', 'late')
  await mirror.handler({ task: 'reconcile', hostedZones: [hostedZone] }, context)
  asked.clear()
  for (const path of ['', `names/late.${ZONE}`, `names/*.${ZONE}`]) await ask('GET', path)
  for (const path of ['reconcile', 'adopt']) await ask('POST', path)
  assert.deepEqual([...asked].sort(), allowed('MirrorApiRole'))
})

test('registrations: registered, renewed, altered, looked at, withdrawn', async () => {
  for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.2']) await put('web', { address, lease: 30 })
  await registration('GET', 'web')
  await registration('DELETE', 'web')
  assert.deepEqual([...asked].sort(), allowed('RegistrationsApiRole'))
})

test('leases: one that goes on, one that is over, and all of them', async () => {
  await put('short', { address: '192.0.2.3', lease: 5 })
  await put('long', { address: '192.0.2.4', lease: 300 })
  const store = dynamoDbRegistrationStore(client, tables.registrations)
  const known = await Promise.all(['short', 'long'].map((id) => store.read(canonicalName(`leased.${ZONE}`), id)))
  const Records = known.map((one) => ({ messageId: `${one?.id}`, body: JSON.stringify(one) }))
  await sleep(5_000)
  asked.clear()
  assert.deepEqual(await leases.handler({ Records } as never), { batchItemFailures: [] })
  await leases.handler({ task: 'sweep' })
  assert.equal(await store.read(canonicalName(`leased.${ZONE}`), 'short'), undefined)
  assert.deepEqual([...asked].sort(), allowed('RegistrationsLeasesRole'))
})

test('authorizer', async () => {
  const other = newToken('nobody knows', 3_600_000, Date.now(), randomBytes)
  for (const { text } of [issued, other]) {
    const event = { identitySource: [`Bearer ${text}`], requestContext: { requestId: 'request-1' } }
    const { isAuthorized } = await authorizer.handler(event, context)
    assert.equal(isAuthorized, text === issued.text)
  }
  assert.deepEqual([...asked].sort(), allowed('TokensAuthorizerRole'))
})

test('probe, and its lookup, which asks AWS nothing', async () => {
  const { steps } = await probe.handler()
  assert.deepEqual(Object.keys(steps).sort(), ['register', 'responder', 'route53'])
  for (const { failure } of Object.values(steps)) assert.equal(failure, undefined)
  assert.deepEqual([...asked].sort(), allowed('ProbeFunctionRole', probing))
  assert.deepEqual(allowed('ProbeLookupFunctionRole', probing), [])
})

// The last one: what it has under way when it is stopped still arrives.
test('responder: from the start until it has followed the log for a while', async () => {
  const stop = new AbortController()
  const tell = (line: string) => {
    if (!stop.signal.aborted) assert.fail(line) // else the tables are gone before its last question is answered
  }
  const source = dynamoDbChangeLog({ tell, intervalMs: 10, zonesIntervalMs: 50 })
  await source.start(() => {}, stop.signal)
  assert.ok(source.status().names > 0)
  await sleep(200)
  stop.abort()
  assert.deepEqual([...asked].sort(), allowed('ResponderTaskTaskRole'))
})

// ---------------------------------------------------------------------------

/** As sent by a caller of its own each time, whose grants nobody remembers. */
function signed(event: HttpEvent): HttpEvent {
  const session = { authorizer: { iam: { userArn: `arn:aws:iam::123456789012:user/u${callers++}` } } }
  return { ...event, requestContext: { ...event.requestContext, ...session } }
}

async function seed(): Promise<void> {
  const ResourceProperties = { zones: [{ zone: ZONE, hostedZone }] }
  await zones.handler({ RequestType: 'Create', ResponseURL: `${recorder.url}/answer`, ResourceProperties } as never)
}

async function send(verb: string, name = 'host'): Promise<void> {
  const body = JSON.stringify({ zone: ZONE, name, type: 'A', address: '192.0.2.1' })
  const { statusCode } = await dynapi.handler(signed(httpEvent({ verb, path: '/dynapi', headers: {}, body })), context)
  assert.ok([200, 400].includes(Number(statusCode)), `${verb}: ${statusCode}`)
}

async function put(id: string, { address, lease }: { address: string; lease: number }): Promise<void> {
  await registration('PUT', id, JSON.stringify({ records: [{ type: 'A', rdata: [address] }], lease }))
}

async function registration(verb: string, id: string, body = ''): Promise<void> {
  const [zone, name] = [ZONE, `leased.${ZONE}`].map(encodeURIComponent)
  const path = `/v1/zones/${zone}/names/${name}/registrations/${id}`
  const event = httpEvent({ verb, path, headers: {}, body })
  const requestContext = { ...event.requestContext, authorizer: owner }
  const answered = await registrations.handler({ ...event, requestContext }, context)
  assert.ok(Number(answered.statusCode) < 300, `${verb} ${id}: ${answered.statusCode} ${answered.body}`)
}

async function ask(verb: string, what: string): Promise<void> {
  const path = [
    '/v1/zones',
    encodeURIComponent(ZONE),
    'mirror',
    ...what.split('/').filter(Boolean).map(encodeURIComponent),
  ]
  const event = signed(httpEvent({ verb, path: path.join('/'), headers: {}, body: '' }))
  const { statusCode, body } = await mirrorApi.handler(event, context)
  assert.ok(Number(statusCode) < 300, `${verb} ${what}: ${statusCode} ${body}`)
}

/** Does what another function asks for. */
async function aside(work: () => Promise<void>): Promise<void> {
  const before = [...asked]
  await work()
  asked.clear()
  for (const one of before) asked.add(one)
}

/** What a role allows, but for logs, traces and what the poller of Lambda does in its name. */
function allowed(role: string, of = template): string[] {
  return permissionsOf(of, role)
    .filter(({ resource }) =>
      /^(Tables\w+|MirrorWriter|RegistrationsTimers|Probe\w+Function)\.Arn$|:(route53|execute-api):/.test(resource),
    )
    .flatMap(({ actions, resource }) => actions.map((name) => `${name} on ${resource}`))
    .filter((one) => !/^sqs:(?!SendMessage)/.test(one))
    .sort()
}
