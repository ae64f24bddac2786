import { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'
import type { DynamoDBStreamEvent } from 'aws-lambda'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { askMirrorFunction, mirrorFunction } from '../../shared/aws/invoke.ts'
import { dynamoDbMirrorStore } from '../../shared/aws/mirror-store.ts'
import { tableName } from '../../shared/aws/tables.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { functionMetrics } from '../../shared/metrics/function-metrics.ts'
import { createFeed } from './feed.ts'

const logger = new Logger({ serviceName: 'mirror-feed' })
const client = dynamoDbClient()
const { measure, publishing } = functionMetrics('mirror-feed')

const feed = createFeed({
  zones: dynamoDbZoneStore(client, tableName('zones')),
  store: dynamoDbMirrorStore(client, tableName('mirror')),
  ask: askMirrorFunction(mirrorFunction()),
  now: Date.now,
  measure,
  report: (error, sequenceNumber) => logger.error('change-log record not read', { error, sequenceNumber }),
})

export const handler = publishing(middy<DynamoDBStreamEvent, void>().handler(feed))
