import { Logger } from '@aws-lambda-powertools/logger'
import { readAdmins } from '../../shared/access/admins.ts'
import { createPermissions } from '../../shared/access/permissions.ts'
import { dynamoDbAccessStore } from '../../shared/aws/access-store.ts'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { awsRegistry } from '../../shared/aws/registry.ts'
import { tableName } from '../../shared/aws/tables.ts'
import { functionMetrics } from '../../shared/metrics/function-metrics.ts'
import { createRegistrations } from './registrations.ts'

const client = dynamoDbClient()
const access = dynamoDbAccessStore(client, tableName('access'))
const { measure, publishing } = functionMetrics('registrations')

const registrations = createRegistrations({
  registry: awsRegistry(client),
  permissionsOf: createPermissions({ store: access, admins: readAdmins(process.env), now: Date.now }),
  log: new Logger({ serviceName: 'registrations' }),
  measure,
})

export const handler = publishing(registrations)
