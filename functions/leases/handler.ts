import { Logger } from '@aws-lambda-powertools/logger'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { awsRegistry } from '../../shared/aws/registry.ts'
import { keyOfMessage } from '../../shared/aws/timers.ts'
import { functionMetrics } from '../../shared/metrics/function-metrics.ts'
import { createLeases } from './leases.ts'

const { measure, publishing } = functionMetrics('leases')

const leases = createLeases({
  registry: awsRegistry(dynamoDbClient(), {
    lapsed(lateMs) {
      measure('Lapsed', 1)
      measure('Lateness', lateMs)
    },
  }),
  keyOfMessage,
  log: new Logger({ serviceName: 'leases' }),
  measure,
})

export const handler = publishing(leases)
