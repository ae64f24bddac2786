/**
 * What functions and responder really write: of each line of metrics, that CloudWatch takes it and that the catalogue
 * knows all in it; and of the catalogue, that all in it is written.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
import { createDynapi } from '../../functions/dynapi/dynapi.ts'
import type { FunctionNamesEvent } from '../../functions/function-names/parts.ts'
import { createReport as reportOfNames } from '../../functions/function-names/report.ts'
import { createLeases } from '../../functions/leases/leases.ts'
import type { MirrorEvent } from '../../functions/mirror/parts.ts'
import { createReport } from '../../functions/mirror/report.ts'
import { createMirrorApi } from '../../functions/mirror-api/mirror-api.ts'
import type { MirrorApiParts } from '../../functions/mirror-api/parts.ts'
import { createRegistrations } from '../../functions/registrations/registrations.ts'
import { startResponder } from '../../responder/responder.ts'
import { dynamoDbChangeLog } from '../../responder/sources/dynamodb.ts'
import { newToken } from '../../shared/access/tokens.ts'
import { dynamoDbAccessStore } from '../../shared/aws/access-store.ts'
import { dynamoDbChangeLogReader, dynamoDbChangeLogWriter } from '../../shared/aws/change-log.ts'
import { dynamoDbRegistrationStore } from '../../shared/aws/registration-store.ts'
import { keyOfMessage } from '../../shared/aws/timers.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import type { HttpEvent } from '../../shared/http/event.ts'
import { catalogue, type Service } from '../../shared/metrics/catalogue.ts'
import { functionMetrics } from '../../shared/metrics/function-metrics.ts'
import { NO_COUNTS } from '../../shared/mirror/no-counts.ts'
import { NamingError } from '../../shared/records/faults.ts'
import { FUNCTION_ID } from '../../shared/registrations/model.ts'
import type { Registry } from '../../shared/registrations/registry.ts'
import { apex, registration } from '../contract/records.ts'
import { anybody } from '../contract/writers.ts'
import { httpEvent } from '../dynapi/event.ts'
import { failing } from '../dynapi/naming.ts'
import { albEvent } from '../gateway/world.ts'
import { askUdp } from '../responder/client.ts'
import { image } from '../sequencer/stream.ts'
import { deployFunctions } from './deployment.ts'
import { faultsOf, strangersIn } from './emf-spec.ts'
import { type Line, printed } from './printed.ts'

const deployed = await deployFunctions(apex)
const { client, tables, hostedZone, context } = deployed
const log = { info() {}, warn() {}, error() {} }
const written: Line[] = []

test('zones', async () => {
  const ResourceProperties = { zones: [{ zone: apex, hostedZone }, 'plain.example'] }
  const event = { RequestType: 'Create', ResponseURL: deployed.responseUrl, ResourceProperties }
  const [line] = await told('zones', () => deployed.zones(event as never))
  assert.deepEqual([line?.ZonesServed, line?.ZonesMirrored], [2, 1])
  assert.deepEqual(await told('zones', () => deployed.zones({ ...event, RequestType: 'Delete' } as never)), [])
})

test('dynapi', async () => {
  const outcomes = [
    ['PUT', 'h', 'Registered'],
    ['POST', 'h', 'Conflicts'],
    ['PUT', 'x y', 'Invalid'],
    ['DELETE', 'h', 'Withdrawn'],
    ['PUT', 'h', 'Registered'],
  ] as const
  for (const [verb, name, metric] of outcomes) {
    const [line] = await told('dynapi', () => deployed.dynapi(write(verb, name), context))
    assert.equal(line?.[metric], 1)
  }
  const [denied] = await told('dynapi', () => deployed.dynapi(write('PUT', 'h', 'token:0123456789abcdef'), context))
  assert.equal(denied?.Denied, 1)
  const { measure, publishing } = functionMetrics('dynapi')
  const writable = failing(new NamingError('unavailable'))
  const permissionsOf = async () => ({ ...anybody, mayMirror: () => false, mayInvoke: () => false })
  const away = publishing(createDynapi({ writable, permissionsOf, log, measure, now: Date.now }))
  const [fault] = await told('dynapi', () => away(write('PUT', 'h'), context))
  assert.equal(fault?.Faults, 1)
})

test('registrations', async () => {
  const path = `/v1/zones/${apex}/names/leased.${apex}/registrations/web-1`
  const put = (body: string) => as('local', httpEvent({ verb: 'PUT', path, headers: {}, body }))
  const body = '{"records":[{"type":"A","rdata":["192.0.2.1"]}],"lease":5}'
  const [line] = await told('registrations', () => deployed.registrations(put(body), context))
  assert.deepEqual([line?.Requests, line?.Refused], [1, undefined])
  const [refused] = await told('registrations', () => deployed.registrations(put('{}'), context))
  assert.deepEqual([refused?.Requests, refused?.Refused], [1, 1])
  const register = () => Promise.reject(new NamingError('unavailable'))
  const permissionsOf = async () => ({ ...anybody, mayMirror: () => false, mayInvoke: () => false })
  const { measure, publishing } = functionMetrics('registrations')
  const registry = { register } as unknown as Registry
  const away = publishing(createRegistrations({ registry, permissionsOf, log, measure }))
  const [fault] = await told('registrations', () => away(put(body), context))
  assert.deepEqual([fault?.Requests, fault?.Faults], [1, 1])
})

test('leases', async () => {
  const [idle] = await told('leases', () => deployed.leases({ task: 'sweep' }))
  assert.deepEqual([idle?.Registrations, idle?.Lapsed], [1, undefined])
  const store = dynamoDbRegistrationStore(client, tables.registrations)
  const known = await store.read(canonicalName(`leased.${apex}`), 'web-1')
  assert.ok(known)
  await store.put({ ...known, lease: { seconds: 5, until: Date.now() - 1_000 } }, known.nonce)
  const Records = [known, 'garbage'].map((body, n) => ({ messageId: `${n}`, body: JSON.stringify(body) }))
  const [line] = await told('leases', () => deployed.leases({ Records } as never))
  assert.deepEqual([line?.Lapsed, line?.MessagesUnreadable], [1, 1])
  assert.ok(Number(line?.Lateness) >= 1_000)
  const look = () => Promise.reject(new NamingError('unavailable'))
  const { measure, publishing } = functionMetrics('leases')
  const registry = { look } as unknown as Registry
  const away = publishing(createLeases({ registry, keyOfMessage, log, measure }))
  const [fault] = await told('leases', () => away({ Records } as never))
  assert.equal(fault?.Faults, 1)
})

test('sequencer', async () => {
  const [line] = await told('sequencer', () => sequence('h', { dynamodb: {} }))
  const { Segments, Changes, RecordsNotLogged } = line ?? {}
  assert.deepEqual([Segments, Changes, RecordsNotLogged], [1, 1, 1])
  const changeLog = { ...dynamoDbChangeLogReader(client, tables.changelog), ...dynamoDbChangeLogWriter(client, tables) }
  const seq = (await changeLog.head()) + 1
  assert.equal(line?.LogHead, seq - 1)
  await changeLog.append({ seq, at: Date.now(), changes: [registration('race', 1)] })
  await told('dynapi', () => deployed.dynapi(write('PUT', 'late'), context))
  const [lost] = await told('sequencer', () => sequence('late'))
  assert.deepEqual([lost?.HeadsLost, lost?.LogHead], [1, seq + 1])
})

test('mirror-feed', async () => {
  const query = { KeyConditionExpression: 'pk = :log', ExpressionAttributeValues: { ':log': { S: 'log' } } }
  const { Items = [] } = await client.send(new QueryCommand({ TableName: tables.changelog, ...query }))
  const broken = image({ pk: 'log', sk: 9, at: 0, changes: 'none' })
  const Records = [...Items, broken].map((NewImage) => ({ eventName: 'INSERT', dynamodb: { NewImage } }))
  const [line] = await told('mirror-feed', () => deployed.mirrorFeed({ Records } as never, context))
  assert.deepEqual([line?.NamesMarked, line?.RecordsUnreadable], [3, 1])
})

test('mirror', async () => {
  const [line] = await told('mirror', () => deployed.mirror({ task: 'reconcile' }, context))
  assert.deepEqual([line?.zone, line?.NamesPending, line?.BatchNames], [apex, 0, 2])
  const zone = apex
  const rare: readonly MirrorEvent[] = [
    { kind: 'split', zone },
    { kind: 'throttled', zone },
    { kind: 'busy', zone },
    { kind: 'unknown', zone, reason: 'time out' },
    { kind: 'refused', zone, name: apex, type: 'A', refusal: { code: 'foreign', message: '', at: 0 } },
    { kind: 'fault', zone, fault: { code: 'AccessDenied', message: '', since: 0, retryAt: 0 } },
    { kind: 'walked', zone, walk: 'adopt', counts: NO_COUNTS },
    { kind: 'insync', zone, ms: 60_000 },
    { kind: 'lag', zone, ms: 300 },
  ]
  const { measure, publishing } = functionMetrics('mirror')
  await told(
    'mirror',
    publishing(async () => rare.forEach(createReport(log, measure))),
  )
})

test('mirror-api', async () => {
  const ask = (path: string) => as('local', httpEvent({ verb: 'GET', path, headers: {}, body: '' }))
  const zone = `/v1/zones/${apex}/mirror`
  const [line] = await told('mirror-api', () => deployed.mirrorApi(ask(zone), context))
  assert.equal(line?.Requests, 1)
  const [refused] = await told('mirror-api', () => deployed.mirrorApi(ask(`${zone}?x`), context))
  assert.deepEqual([refused?.Requests, refused?.Refused], [1, 1])
  const zones = { list: () => Promise.reject(new NamingError('unavailable')) }
  const { measure, publishing } = functionMetrics('mirror-api')
  const away = publishing(createMirrorApi({ zones } as unknown as MirrorApiParts, log, measure))
  const [fault] = await told('mirror-api', () => away(ask(zone), context))
  assert.deepEqual([fault?.Requests, fault?.Faults], [1, 1])
})

test('function-names', async () => {
  const ref = { arn: GATEWAY.invokedFunctionArn, name: 'gateway' }
  const { measure, publishing } = functionMetrics('function-names')
  const events: readonly FunctionNamesEvent[] = [
    { kind: 'hint', ref },
    { kind: 'unreadable', text: '{' },
    { kind: 'registered', name: 'pay.fn.example.org.' },
    { kind: 'withdrawn', name: 'pay.fn.example.org.' },
    { kind: 'overtaken', ref },
    { kind: 'fault', about: ref.arn, error: new Error('throttled') },
    { kind: 'refused', refusal: { code: 'name_taken', arn: ref.arn, sentence: 'it is taken' } },
    { kind: 'reconciled', counts: { functions: 3, published: 2, refused: 1, unread: 0 } },
  ]
  const [line] = await told(
    'function-names',
    publishing(async () => {
      events.forEach(reportOfNames(log, measure))
      measure('LambdaRetries', 2)
    }),
  )
  assert.deepEqual([line?.Published, line?.Refused, line?.Reconciles, line?.Faults], [2, 1, 1, 1])
})

test('gateway', async () => {
  const zoned = { zone: apex, id: FUNCTION_ID, rrsets: {}, nonce: 'n', principal: 'local' }
  const name = canonicalName('pay.fn.example.org')
  const fn = { arn: GATEWAY.invokedFunctionArn, auth: 'none' } as const
  await dynamoDbRegistrationStore(client, tables.registrations).put({ ...zoned, name, fn }, undefined)
  const call = (host: string) => deployed.gateway(albEvent(host), { ...(context as object), ...GATEWAY } as never)
  const [refused] = await told('gateway', () => call('other.example.org'))
  assert.deepEqual([refused?.Requests, refused?.Refused], [1, 1])
  const [fault] = await told('gateway', () => call(name)) // which would invoke itself
  assert.deepEqual([fault?.Requests, fault?.Faults], [1, 1])
})

test('authorizer', async () => {
  const { token, text } = newToken('test', 3_600_000, Date.now(), randomBytes)
  await dynamoDbAccessStore(client, tables.access).writeToken(token, 0)
  const show = (shown: string) => ({ identitySource: [`Bearer ${shown}`], requestContext: { requestId: 'r' } })
  const [accepted] = await told('authorizer', () => deployed.authorizer(show(text), context))
  assert.equal(accepted?.TokensAccepted, 1)
  const [refused] = await told('authorizer', () => deployed.authorizer(show('no token'), context))
  assert.equal(refused?.TokensRefused, 1)
})

test('responder', async () => {
  const lines: Line[] = []
  const reports = { intervalMs: 20, write: (line: string) => void lines.push(JSON.parse(line)) }
  const source = dynamoDbChangeLog({ tell: assert.fail, intervalMs: 10 })
  const responder = await startResponder({ source, dns: [{ host: '127.0.0.1', port: 0 }], reports })
  try {
    const [dns] = await responder.ready
    assert.ok(dns)
    await askUdp(dns, `h.${apex} A`)
    await told('dynapi', () => deployed.dynapi(write('PUT', 'fresh'), context))
    await told('sequencer', () => sequence('fresh'))
    while (!lines.some(({ Propagation }) => Propagation !== undefined)) await sleep(10)
  } finally {
    await responder.stop()
  }
  written.push(...lines)
})

describe('of all that was written', () => {
  test('each line is one that CloudWatch takes', () => {
    assert.deepEqual(new Set(written.flatMap(faultsOf)), new Set())
  })

  test('there is nothing that is not in the catalogue', () => {
    assert.deepEqual(new Set(written.flatMap(strangersIn)), new Set())
  })

  for (const [service, metrics] of Object.entries(catalogue)) {
    if (service === 'probe') continue
    test(`nothing of ${service} in the catalogue is missing`, () => {
      const lines = written.filter((line) => line.service === service)
      assert.deepEqual(
        Object.keys(metrics).filter((name) => !lines.some((line) => name in line)),
        [],
      )
    })
  }
})

// ---------------------------------------------------------------------------

const GATEWAY = { awsRequestId: 'r', invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:gateway' }

/** The lines of metrics that the service writes meanwhile, which are kept. */
async function told(service: Service, work: () => Promise<unknown>): Promise<readonly Line[]> {
  const { lines } = await printed(work)
  for (const line of lines) assert.equal(line.service, service)
  written.push(...lines)
  return lines
}

function write(verb: string, name: string, principal = 'local'): HttpEvent {
  const body = JSON.stringify({ zone: apex, name, type: 'A', address: '192.0.2.1' })
  return as(principal, httpEvent({ verb, path: '/dynapi', headers: {}, body }))
}

function as(principal: string, event: HttpEvent): HttpEvent {
  return { ...event, requestContext: { ...event.requestContext, authorizer: { lambda: { principal } } } }
}

/** Gives the sequencer the stream record of a name, and then others. */
async function sequence(label: string, ...others: readonly object[]): Promise<unknown> {
  const Key = image({ name: `${label}.${apex}` }) as never
  const { Item } = await client.send(new GetItemCommand({ TableName: tables.names, Key }))
  const Records = [{ eventName: 'INSERT', dynamodb: { NewImage: Item, SequenceNumber: '1' } }, ...others]
  return deployed.sequencer({ Records } as never, context)
}
