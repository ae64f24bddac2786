import { setTimeout as pause } from 'node:timers/promises'
import { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda'
import { dynamoDbChangeLogWriter } from '../../shared/aws/change-log.ts'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { tableName } from '../../shared/aws/tables.ts'
import { functionMetrics } from '../../shared/metrics/function-metrics.ts'
import { createSequence } from './sequence.ts'
import { createSequencer } from './sequencer.ts'

const logger = new Logger({ serviceName: 'sequencer' })
const tables = { changelog: tableName('changelog'), zones: tableName('zones') }
const log = dynamoDbChangeLogWriter(dynamoDbClient(), tables)
const { measure, publishing } = functionMetrics('sequencer')
const sequence = createSequence({ log, now: Date.now, pause, measure })
const sequencer = createSequencer(sequence, measure, (message, error, sequenceNumber) =>
  logger.error(message, { error, sequenceNumber }),
)

export const handler = publishing(middy<DynamoDBStreamEvent, DynamoDBBatchResponse>().handler(sequencer))
