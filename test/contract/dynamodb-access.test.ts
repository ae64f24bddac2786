/** What of grants and tokens concerns DynamoDB alone: lost answers, outages, spoiled items, expiry. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, beforeEach, describe, test } from 'node:test'
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import type { Grant } from '../../shared/access/model.ts'
import { newToken, parseToken, revoke, rotate } from '../../shared/access/tokens.ts'
import { dynamoDbAccessStore } from '../../shared/aws/access-store.ts'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { testDynamoDb } from '../dynamodb.ts'
import { faultyProxy, inTurn } from './faulty-proxy.ts'
import { apex } from './records.ts'

const { client, endpoint, newTables } = await testDynamoDb()
const proxy = await faultyProxy(endpoint)
process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.endpoint
const faulty = dynamoDbClient()
after(() => {
  faulty.destroy()
  proxy.close()
})
beforeEach(() => {
  proxy.decide = () => 'answered'
})

const { access: table } = await newTables()
const store = dynamoDbAccessStore(faulty, table)
const NOW = Date.now()
const DAY = 86_400_000
const ROLE = 'iam:arn:aws:iam::123456789012:role/x'
const grant: Grant = { id: 'a', principal: ROLE, zones: [apex], names: ['*'], types: ['A'], actions: ['write'] }

test('an answer that is lost on the way: what was carried out counts as done', async () => {
  proxy.decide = inTurn('PutItem', 'answer lost')
  assert.equal(await store.addGrant({ ...grant, id: 'lost' }), true)
  const { token } = newToken('ci', DAY, NOW, randomBytes)
  proxy.decide = inTurn('PutItem', 'answer lost')
  assert.equal(await store.writeToken(token, 0), true)
  const next = rotate(token, DAY, DAY, NOW, randomBytes).token
  proxy.decide = inTurn('PutItem', 'answer lost')
  assert.equal(await store.writeToken(next, 1), true)
  assert.equal(await store.writeToken({ ...next, label: 'other' }, 1), false)
})

describe('a store that does not serve', () => {
  const { token } = newToken('ci', DAY, NOW, randomBytes)
  const calls: Record<string, () => Promise<unknown>> = {
    grantsOf: () => store.grantsOf(ROLE),
    grants: () => store.grants(),
    addGrant: () => store.addGrant(grant),
    removeGrant: () => store.removeGrant(grant),
    token: () => store.token(token.id),
    tokens: () => store.tokens(),
    writeToken: () => store.writeToken(token, 0),
  }
  for (const [call, run] of Object.entries(calls)) {
    test(`${call} is unavailable`, async () => {
      proxy.decide = () => ({ status: 500, error: 'InternalServerError' })
      await assert.rejects(run(), { name: 'NamingError', code: 'unavailable' })
    })
  }
})

describe('items that somebody spoiled by hand', () => {
  const item = {
    pk: { S: `grant#${ROLE}` },
    id: { S: 'x' },
    principal: { S: ROLE },
    zones: { L: [{ S: apex }] },
    names: { L: [{ S: '*' }] },
    types: { L: [{ S: 'A' }] },
    actions: { L: [{ S: 'write' }] },
  }
  const spoiled: readonly [title: string, edit: object][] = [
    ['a principal that is none', { principal: { S: 'iam:*' } }],
    ['a zone that is no canonical name', { zones: { L: [{ S: 'EXAMPLE.org' }] } }],
    ['a zone that is a wildcard for all', { zones: { S: '*' } }],
    ['a pattern that is none', { names: { L: [{ S: 'a..b' }] } }],
    ['a pattern in capitals', { names: { L: [{ S: '*.APP' }] } }],
    ['no patterns', { names: { L: [] } }],
    ['a type in lower case', { types: { L: [{ S: 'a' }] } }],
    ['an action that is not known', { actions: { L: [{ S: 'read' }] } }],
    ['an end that is no number', { until: { S: 'never' } }],
  ]
  for (const [i, [title, edit]] of spoiled.entries()) {
    test(`${title}: the grant allows nothing, the others stay`, async () => {
      const { access } = await newTables()
      const own = dynamoDbAccessStore(client, access)
      await own.addGrant(grant)
      const Item = { ...item, sk: { S: String(i) }, ...edit }
      await client.send(new PutItemCommand({ TableName: access, Item }))
      assert.deepEqual([await own.grantsOf(ROLE), await own.grants()], [[grant], [grant]])
    })
  }

  test('a token that cannot be read is an error, and lets nobody in', async () => {
    const { token } = newToken('ci', DAY, NOW, randomBytes)
    const Item = { pk: { S: `token#${token.id}` }, sk: { S: 'token' }, id: { S: token.id } }
    await client.send(new PutItemCommand({ TableName: table, Item }))
    await assert.rejects(store.token(token.id), /label/)
  })
})

test('what has ended is removed 30 days later; secrets are not in the table', async () => {
  const { access } = await newTables()
  const own = dynamoDbAccessStore(client, access)
  const ends = NOW + DAY
  const [used, dead] = [newToken('used', DAY, NOW, randomBytes), newToken('dead', 9 * DAY, NOW, randomBytes)]
  await own.addGrant({ ...grant, expires: ends })
  await own.addGrant({ ...grant, id: 'lasting' })
  await own.writeToken(used.token, 0)
  await own.writeToken(revoke(dead.token, NOW), 0)
  const { Items = [] } = await client.send(new ScanCommand({ TableName: access }))
  const removal = new Map(Items.map(({ id, expires }) => [id?.S, expires && Number(expires.N)]))
  const after30 = (ms: number) => Math.floor(ms / 1000) + 30 * 86_400
  assert.deepEqual(
    removal,
    new Map<string | undefined, number | undefined>([
      [grant.id, after30(ends)],
      ['lasting', undefined],
      [used.token.id, after30(ends)],
      [dead.token.id, after30(NOW)],
    ]),
  )
  assert.ok(!JSON.stringify(Items).includes(parseToken(used.text)?.secret ?? ''))
})
