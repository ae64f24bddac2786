/** Registrations in DynamoDB: the contract, and what concerns DynamoDB alone. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { dynamoDbRegistrationStore } from '../../shared/aws/registration-store.ts'
import { testDynamoDb } from '../dynamodb.ts'
import { faultyProxy, inTurn } from './faulty-proxy.ts'
import { a, apex, nameOf } from './records.ts'
import { registrationStoreContract } from './registration-store.ts'

const { client, endpoint, newTables } = await testDynamoDb()
const proxy = await faultyProxy(endpoint)
process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.endpoint
const faulty = dynamoDbClient()
after(() => {
  faulty.destroy()
  proxy.close()
})
const registration = {
  name: nameOf('h'),
  zone: apex,
  id: 'web-1',
  rrsets: a(10, '192.0.2.1'),
  nonce: '1',
  principal: 'local',
  lease: { seconds: 30, until: 1_000 },
}

registrationStoreContract('DynamoDB', async () => dynamoDbRegistrationStore(client, (await newTables()).registrations))

test('an answer that is lost on the way: what was carried out counts as done', async () => {
  const store = dynamoDbRegistrationStore(faulty, (await newTables()).registrations)
  proxy.decide = inTurn('PutItem', 'answer lost')
  assert.equal(await store.put(registration, undefined), true)
  proxy.decide = inTurn('UpdateItem', 'answer lost')
  assert.equal(await store.renew(registration, 2_000, 500), true)
  proxy.decide = inTurn('UpdateItem', 'answer lost')
  assert.equal(await store.end(registration, 3_000), true)
  proxy.decide = inTurn('DeleteItem', 'answer lost')
  await store.remove(registration)
  assert.equal(await store.read(registration.name, registration.id), undefined)
})

test('a store that does not serve is unavailable', async () => {
  const store = dynamoDbRegistrationStore(faulty, (await newTables()).registrations)
  proxy.decide = () => ({ status: 500, error: 'InternalServerError' })
  const scan = async () => {
    for await (const _ of store.scan()) assert.fail('nothing can be read')
  }
  const calls = [
    () => store.read(registration.name, 'x'),
    () => store.put(registration, undefined),
    () => store.renew(registration, 1, 0),
    () => store.end(registration, 0),
    () => store.remove(registration),
    scan,
  ]
  for (const call of calls) await assert.rejects(call, { name: 'NamingError', code: 'unavailable' })
  proxy.decide = () => 'answered'
})

test('an item that somebody spoiled by hand hides none of the others', async () => {
  const { registrations } = await newTables()
  const store = dynamoDbRegistrationStore(client, registrations)
  await store.put(registration, undefined)
  const Item = { name: { S: nameOf('i') }, id: { S: 'x' }, until: { S: 'never' } }
  await client.send(new PutItemCommand({ TableName: registrations, Item }))
  const pages: unknown[] = []
  for await (const page of store.scan()) pages.push(...page)
  assert.deepEqual(pages, [registration])
})
