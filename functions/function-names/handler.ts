import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Logger } from '@aws-lambda-powertools/logger'
import type { Context, SQSEvent } from 'aws-lambda'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { functionReader, lambdaFunctionSource } from '../../shared/aws/function-source.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { dynamoDbRegistrationStore } from '../../shared/aws/registration-store.ts'
import { tableName } from '../../shared/aws/tables.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { createPace } from '../../shared/functions/pace.ts'
import { readFunctionNames } from '../../shared/functions/variables.ts'
import { functionMetrics } from '../../shared/metrics/function-metrics.ts'
import { createRegistry } from '../../shared/registrations/registry.ts'
import { functionNames, type ReconcileTask } from './function-names.ts'
import { optionsOf, REQUESTS_PER_SECOND } from './limits.ts'
import { registeredFunctions } from './registered.ts'
import { createReport } from './report.ts'

const client = dynamoDbClient()
const names = dynamoDbNameStore(client, tableName('names'))
const registrations = dynamoDbRegistrationStore(client, tableName('registrations'))
const { measure, publishing } = functionMetrics('function-names')
const published = readFunctionNames(process.env)

const parts = {
  source: lambdaFunctionSource(functionReader(), createPace(REQUESTS_PER_SECOND, Date.now, pause), (times) =>
    measure('LambdaRetries', times),
  ),
  registry: createRegistry({
    names,
    zones: dynamoDbZoneStore(client, tableName('zones')),
    registrations,
    timers: { set: async () => {} }, // names of functions have no leases
    now: Date.now,
    pause,
    newNonce: randomUUID,
  }),
  registered: () => registeredFunctions({ registrations, names }, published.zone),
  names: published,
  report: createReport(new Logger({ serviceName: 'function-names' }), measure),
}

export const handler = publishing((given: SQSEvent | ReconcileTask, context: Context) =>
  functionNames(given, parts, optionsOf(context)),
)
