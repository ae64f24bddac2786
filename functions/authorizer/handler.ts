import { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'
import { dynamoDbAccessStore } from '../../shared/aws/access-store.ts'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { tableName } from '../../shared/aws/tables.ts'
import { functionMetrics } from '../../shared/metrics/function-metrics.ts'
import { type AuthorizerEvent, createAuthorizer, type Verdict } from './authorizer.ts'

const store = dynamoDbAccessStore(dynamoDbClient(), tableName('access'))
const log = new Logger({ serviceName: 'authorizer' })
const { measure, publishing } = functionMetrics('authorizer')
const authorizer = createAuthorizer({ store, now: Date.now, log, measure })

export const handler = publishing(middy<AuthorizerEvent, Verdict>().handler(authorizer))
