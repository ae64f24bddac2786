import { setTimeout as pause } from 'node:timers/promises'
import { Logger } from '@aws-lambda-powertools/logger'
import { readAdmins } from '../../shared/access/admins.ts'
import { readGrants } from '../../shared/access/configured-grants.ts'
import { createPermissions } from '../../shared/access/permissions.ts'
import { dynamoDbAccessStore } from '../../shared/aws/access-store.ts'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { tableName } from '../../shared/aws/tables.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { functionMetrics } from '../../shared/metrics/function-metrics.ts'
import { createWritable } from '../../shared/records/writable.ts'
import { createDynapi } from './dynapi.ts'

const client = dynamoDbClient()
const names = dynamoDbNameStore(client, tableName('names'))
const zones = dynamoDbZoneStore(client, tableName('zones'))
const access = dynamoDbAccessStore(client, tableName('access'))
const { measure, publishing } = functionMetrics('dynapi')

const dynapi = createDynapi({
  writable: createWritable({ names, zones, now: Date.now, pause }),
  permissionsOf: createPermissions({
    store: access,
    admins: readAdmins(process.env),
    configured: readGrants(process.env),
    now: Date.now,
  }),
  log: new Logger({ serviceName: 'dynapi' }),
  measure,
  now: () => performance.now(),
})

export const handler = publishing(dynapi)
