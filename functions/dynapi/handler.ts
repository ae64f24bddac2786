import { setTimeout as pause } from 'node:timers/promises'
import { Logger } from '@aws-lambda-powertools/logger'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { tableName } from '../../shared/aws/tables.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { createWritable } from '../../shared/records/writable.ts'
import { createDynapi } from './dynapi.ts'

const client = dynamoDbClient()
const names = dynamoDbNameStore(client, tableName('names'))
const zones = dynamoDbZoneStore(client, tableName('zones'))

export const handler = createDynapi(
  createWritable({ names, zones, now: Date.now, pause }),
  new Logger({ serviceName: 'dynapi' }),
)
