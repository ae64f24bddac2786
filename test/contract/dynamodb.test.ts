import { dynamoDbAccessStore } from '../../shared/aws/access-store.ts'
import { dynamoDbChangeLogReader, dynamoDbChangeLogWriter } from '../../shared/aws/change-log.ts'
import { dynamoDbMirrorStore } from '../../shared/aws/mirror-store.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { dynamoDbPaceStore } from '../../shared/aws/pace-store.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { testDynamoDb } from '../dynamodb.ts'
import { accessStoreContract } from './access-store.ts'
import { changeLogContract } from './change-log.ts'
import { mirrorStoreContract } from './mirror-store.ts'
import { nameStoreContract } from './name-store.ts'
import { writableContract } from './writable.ts'
import { zoneStoreContract } from './zone-store.ts'

const { client, newTables } = await testDynamoDb()

async function fresh() {
  const tables = await newTables()
  return {
    names: dynamoDbNameStore(client, tables.names),
    zones: dynamoDbZoneStore(client, tables.zones),
    log: { ...dynamoDbChangeLogReader(client, tables.changelog), ...dynamoDbChangeLogWriter(client, tables) },
  }
}

async function freshMirror() {
  const { mirror } = await newTables()
  return { mirror: dynamoDbMirrorStore(client, mirror), pace: dynamoDbPaceStore(client, mirror) }
}

nameStoreContract('DynamoDB', fresh)
zoneStoreContract('DynamoDB', fresh)
changeLogContract('DynamoDB', fresh)
writableContract('DynamoDB', fresh)
mirrorStoreContract('DynamoDB', freshMirror)
accessStoreContract('DynamoDB', async () => dynamoDbAccessStore(client, (await newTables()).access))
