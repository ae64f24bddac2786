/** All functions as they are deployed, on DynamoDB Local and the emulator of Route 53. */
import { after } from 'node:test'
import { startRoute53 } from '../../local/route53/route53.ts'
import { awsHostedZones } from '../../shared/aws/hosted-zones.ts'
import { route53Client } from '../../shared/aws/route53-client.ts'
import type { Name } from '../../shared/dns/name.ts'
import { startRecorder } from '../cdk/recorder.ts'
import { testTables } from '../dynamodb.ts'

/** Call it once, at the top level of a test file. Every caller that is `local` may do everything. */
export async function deployFunctions(zone: Name) {
  const { client, endpoint, names: tables } = await testTables()
  const emulator = await startRoute53({
    endpoint: { host: '127.0.0.1', port: 0 },
    requestsPerSecond: 1000,
    insyncMs: 0,
    log: (line) => process.stderr.write(`${line}\n`),
  })
  process.env.AWS_ENDPOINT_URL_ROUTE_53 = emulator.url
  const account = route53Client()
  const hostedZone = await awsHostedZones(account).create(zone)
  account.destroy()
  after(() => emulator.stop())
  const { url } = await startRecorder({ dynamoDb: endpoint, route53: emulator.url, tables })
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_LAMBDA: url,
    AWS_ENDPOINT_URL_SQS: url,
    LEASES_QUEUE_URL: `${url}/000000000000/leases`,
    MIRROR_FUNCTION: 'mirror',
    ROUTE53_REQUESTS_PER_SECOND: '5',
    ACCESS_ADMINS: '["local"]',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  })
  return {
    client,
    tables,
    hostedZone,
    /** Takes what is meant for CloudFormation. */
    responseUrl: `${url}/answer`,
    context: { getRemainingTimeInMillis: () => 60_000 } as never,
    authorizer: (await import('../../functions/authorizer/handler.ts')).handler,
    gateway: (await import('../../functions/gateway/handler.ts')).handler,
    dynapi: (await import('../../functions/dynapi/handler.ts')).handler,
    leases: (await import('../../functions/leases/handler.ts')).handler,
    mirror: (await import('../../functions/mirror/handler.ts')).handler,
    mirrorApi: (await import('../../functions/mirror-api/handler.ts')).handler,
    mirrorFeed: (await import('../../functions/mirror-feed/handler.ts')).handler,
    registrations: (await import('../../functions/registrations/handler.ts')).handler,
    sequencer: (await import('../../functions/sequencer/handler.ts')).handler,
    zones: (await import('../../functions/zones/handler.ts')).handler,
  }
}
