/** What the functions ask of DynamoDB when they really run is what their roles allow: no less, so they work, and no more. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { testTables } from '../dynamodb.ts'
import { httpEvent } from '../dynapi/event.ts'
import { resourcesOf, templateOf, unbundledApp } from './template.ts'

const ZONE = 'example.org.'
const { client, endpoint, names: tables } = await testTables()
const asked = new Set<string>()
const recorder = await startRecorder()
process.env.AWS_ENDPOINT_URL_DYNAMODB = recorder
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT'
const zones = await import('../../functions/zones/handler.ts')
const dynapi = await import('../../functions/dynapi/handler.ts')
const sequencer = await import('../../functions/sequencer/handler.ts')

const template = templateOf(unbundledApp())
const context = { getRemainingTimeInMillis: () => 10_000 } as never

before(seed)
beforeEach(() => asked.clear())

test('zones', async () => {
  await seed()
  assert.deepEqual([...asked].sort(), allowed('ServedZonesFunctionRole'))
})

test('dynapi', async () => {
  for (const verb of ['POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'DELETE']) await send(verb)
  assert.deepEqual([...asked].sort(), allowed('DynapiRole'))
})

test('sequencer, a batch that is retried included', async () => {
  await send('PUT')
  const Key = { name: { S: `host.${ZONE}` } }
  const { Item } = await client.send(new GetItemCommand({ TableName: tables.names, Key }))
  asked.clear()
  const event = { Records: [{ eventName: 'INSERT', dynamodb: { NewImage: Item, SequenceNumber: '1' } }] }
  for (const _ of ['first', 'again']) {
    assert.deepEqual(await sequencer.handler(event as never, context), { batchItemFailures: [] })
  }
  assert.deepEqual([...asked].sort(), allowed('SequencerRole'))
})

// ---------------------------------------------------------------------------

async function seed(): Promise<void> {
  const event = { RequestType: 'Create', ResponseURL: `${recorder}/answer`, ResourceProperties: { zones: [ZONE] } }
  await zones.handler(event as never)
}

async function send(verb: string): Promise<void> {
  const body = JSON.stringify({ zone: ZONE, name: 'host', type: 'A', address: '192.0.2.1' })
  const { statusCode } = await dynapi.handler(httpEvent({ verb, path: '/dynapi', headers: {}, body } as never), context)
  assert.ok(Number(statusCode) < 500, `${verb}: ${statusCode}`)
}

/** Stands before DynamoDB Local, notes what is asked, and takes the answers that are meant for CloudFormation. */
async function startRecorder(): Promise<string> {
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    if (request.method === 'PUT') return void response.end()
    const target = String(request.headers['x-amz-target'])
    for (const action of actionsOf(target.replace(/^.*\./, ''), JSON.parse(body.toString()))) asked.add(action)
    const headers = { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' }
    const authorization = String(request.headers.authorization)
    const answer = await fetch(endpoint, { method: 'POST', headers: { ...headers, authorization }, body })
    response.writeHead(answer.status, headers).end(Buffer.from(await answer.arrayBuffer()))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface Input {
  readonly TableName?: string
  readonly TransactItems?: readonly Readonly<Record<string, { readonly TableName: string }>>[]
}

/** The actions that a call needs; those of a transaction are the ones of its parts. */
function actionsOf(operation: string, { TableName, TransactItems }: Input): string[] {
  const parts = TransactItems?.flatMap((item) => Object.entries(item)) ?? []
  if (operation !== 'TransactWriteItems') return [action(operation, TableName)]
  return parts.map(([kind, part]) =>
    action(kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`, part.TableName),
  )
}

function action(operation: string, table: string | undefined): string {
  const ids = { [tables.names]: 'TablesNames', [tables.zones]: 'TablesZones', [tables.changelog]: 'TablesChangelog' }
  return `dynamodb:${operation} on ${ids[table ?? '']}.Arn`
}

/** What a role allows on tables. */
function allowed(role: string): string[] {
  return Object.values(resourcesOf(template, 'AWS::IAM::Policy'))
    .filter(({ properties }) => properties.Roles.includes(role))
    .flatMap(({ properties }) => properties.PolicyDocument.Statement)
    .filter(({ Resource }) => /^Tables\w+\.Arn$/.test(Resource))
    .flatMap(({ Action, Resource }) => [Action].flat().map((name) => `${name} on ${Resource}`))
    .sort()
}
