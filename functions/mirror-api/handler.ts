import { setTimeout as pause } from 'node:timers/promises'
import { Logger } from '@aws-lambda-powertools/logger'
import { readAdmins } from '../../shared/access/admins.ts'
import { createPermissions } from '../../shared/access/permissions.ts'
import { dynamoDbAccessStore } from '../../shared/aws/access-store.ts'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { askMirrorFunction, mirrorFunction } from '../../shared/aws/invoke.ts'
import { dynamoDbMirrorStore } from '../../shared/aws/mirror-store.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { dynamoDbPaceStore } from '../../shared/aws/pace-store.ts'
import { awsRoute53 } from '../../shared/aws/route53.ts'
import { route53Client } from '../../shared/aws/route53-client.ts'
import { tableName } from '../../shared/aws/tables.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { functionMetrics } from '../../shared/metrics/function-metrics.ts'
import { createPace, requestsPerSecond } from '../../shared/mirror/pace.ts'
import { createMirrorApi } from './mirror-api.ts'

const client = dynamoDbClient()
const mirror = tableName('mirror')
const access = dynamoDbAccessStore(client, tableName('access'))
const { measure, publishing } = functionMetrics('mirror-api')

const api = createMirrorApi(
  {
    names: dynamoDbNameStore(client, tableName('names')),
    zones: dynamoDbZoneStore(client, tableName('zones')),
    store: dynamoDbMirrorStore(client, mirror),
    route53: awsRoute53(route53Client()),
    pace: createPace(dynamoDbPaceStore(client, mirror), requestsPerSecond(process.env), Date.now, pause),
    ask: askMirrorFunction(mirrorFunction()),
    permissionsOf: createPermissions({ store: access, admins: readAdmins(process.env), now: Date.now }),
    now: Date.now,
    pause,
  },
  new Logger({ serviceName: 'mirror-api' }),
  measure,
)

export const handler = publishing(api)
