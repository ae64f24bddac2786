import { setTimeout as pause } from 'node:timers/promises'
import { Logger } from '@aws-lambda-powertools/logger'
import type { Context } from 'aws-lambda'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { dynamoDbMirrorStore } from '../../shared/aws/mirror-store.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { dynamoDbPaceStore } from '../../shared/aws/pace-store.ts'
import { awsRoute53 } from '../../shared/aws/route53.ts'
import { route53Client } from '../../shared/aws/route53-client.ts'
import { tableName } from '../../shared/aws/tables.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { functionMetrics } from '../../shared/metrics/function-metrics.ts'
import { createPace, requestsPerSecond } from '../../shared/mirror/pace.ts'
import type { MirrorTask } from '../../shared/mirror/task.ts'
import { createMirror } from './mirror.ts'
import { createReport } from './report.ts'

const client = dynamoDbClient()
const mirror = tableName('mirror')
const { measure, publishing } = functionMetrics('mirror')

const work = createMirror({
  names: dynamoDbNameStore(client, tableName('names')),
  zones: dynamoDbZoneStore(client, tableName('zones')),
  store: dynamoDbMirrorStore(client, mirror),
  route53: awsRoute53(route53Client()),
  pace: createPace(dynamoDbPaceStore(client, mirror), requestsPerSecond(process.env), Date.now, pause),
  now: Date.now,
  pause,
  report: createReport(new Logger({ serviceName: 'mirror' }), measure),
})

export const handler = publishing((task: MirrorTask, context: Context) =>
  work(task, Date.now() + context.getRemainingTimeInMillis()),
)
