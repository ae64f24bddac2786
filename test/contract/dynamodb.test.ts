import { dynamoDbChangeLogReader, dynamoDbChangeLogWriter } from '../../shared/aws/change-log.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { testDynamoDb } from '../dynamodb.ts'
import { changeLogContract } from './change-log.ts'
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

nameStoreContract('DynamoDB', fresh)
zoneStoreContract('DynamoDB', fresh)
changeLogContract('DynamoDB', fresh)
writableContract('DynamoDB', fresh)
