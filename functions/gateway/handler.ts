import { Logger } from '@aws-lambda-powertools/logger'
import { createPermissions } from '../../shared/access/permissions.ts'
import { dynamoDbAccessStore } from '../../shared/aws/access-store.ts'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { functionInvoker } from '../../shared/aws/function-invoker.ts'
import { dynamoDbRegistrationStore } from '../../shared/aws/registration-store.ts'
import { tableName } from '../../shared/aws/tables.ts'
import { functionMetrics } from '../../shared/metrics/function-metrics.ts'
import { createFindFunction } from './functions.ts'
import { createGateway } from './gateway.ts'

const client = dynamoDbClient()
const tokens = dynamoDbAccessStore(client, tableName('access'))
const { measure, publishing } = functionMetrics('gateway')

const gateway = createGateway({
  find: createFindFunction(dynamoDbRegistrationStore(client, tableName('registrations')), Date.now),
  tokens,
  permissionsOf: createPermissions({ store: tokens, admins: [], now: Date.now }),
  invoke: functionInvoker(),
  log: new Logger({ serviceName: 'gateway' }),
  measure,
  now: Date.now,
  clock: () => performance.now(),
})

export const handler = publishing(gateway)
