import { Logger } from '@aws-lambda-powertools/logger'
import middy from '@middy/core'
import { dynamoDbAccessStore } from '../../shared/aws/access-store.ts'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { tableName } from '../../shared/aws/tables.ts'
import { type AuthorizerEvent, createAuthorizer, type Verdict } from './authorizer.ts'

const store = dynamoDbAccessStore(dynamoDbClient(), tableName('access'))
const log = new Logger({ serviceName: 'authorizer' })

export const handler = middy<AuthorizerEvent, Verdict>().handler(createAuthorizer({ store, now: Date.now, log }))
