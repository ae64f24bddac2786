/** A name whose item somebody spoiled by hand, on DynamoDB Local. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PutItemCommand } from '@aws-sdk/client-dynamodb'
import { itemOf } from '../../shared/aws/items.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { testDynamoDb } from '../dynamodb.ts'
import { at, rrsets, zone } from './text.ts'
import { newWorld } from './world.ts'

const { client, newTables } = await testDynamoDb()

test('a name that cannot be read is not taken for deregistered: what is there stays, and the name is set aside', async () => {
  const { names: table } = await newTables()
  const world = await newWorld()
  await world.register('h', rrsets('60 A 192.0.2.1'))
  await world.register('gone', rrsets('60 A 192.0.2.1'))
  await world.sync()
  const spoiled = { name: at('h'), zone, version: 5, rrsets: { A: { ttl: 'sixty', rdata: ['192.0.2.1'] } } }
  await client.send(new PutItemCommand({ TableName: table, Item: itemOf(spoiled) }))
  const parts = { ...world.parts, names: dynamoDbNameStore(client, table) }
  await world.store.mark(world.hostedZone, [
    { name: at('h'), at: world.clock.now },
    { name: at('gone'), at: world.clock.now },
  ])
  await world.run({ task: 'reconcile' }, parts)
  assert.deepEqual(await world.sets(), ['h 60 A 192.0.2.1'])
  assert.equal((await world.row('h'))?.refused.A?.message, 'what is registered cannot be read')
})
