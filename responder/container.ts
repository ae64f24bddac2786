/** The entry of the container: follows the change log in DynamoDB, configured by the environment alone. */
import { readEnvironment } from './environment.ts'
import { nodeIdentity } from './identity.ts'
import { run, say, serve, tell } from './process.ts'
import { dynamoDbChangeLog } from './sources/dynamodb.ts'

await run(async () => {
  const { intervalMs, reportMs, ...options } = readEnvironment(process.env)
  const source = dynamoDbChangeLog({ intervalMs, tell: say })
  const identity = await nodeIdentity(process.env)
  await serve({ ...options, identity, source, ...(reportMs > 0 && { reports: { intervalMs: reportMs, write: tell } }) })
})
