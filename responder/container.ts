/** The entry of the container, configured by the environment alone: follows the change log in DynamoDB, or serves files. */
import { readEnvironment, readReportInterval } from './environment.ts'
import { nodeIdentity } from './identity.ts'
import { run, say, tell } from './process.ts'
import { serve } from './serve.ts'
import { dynamoDbChangeLog } from './sources/dynamodb.ts'

await run(async () => {
  const intervalMs = readReportInterval(process.env)
  await serve({
    read: () => readEnvironment(process.env),
    followTables: async ({ intervalMs }) => dynamoDbChangeLog({ intervalMs, tell: say }),
    identity: await nodeIdentity(process.env),
    ...(intervalMs > 0 && { reports: { intervalMs, write: tell } }),
  })
})
