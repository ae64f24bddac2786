import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { NamingError } from '../records/faults.ts'

/** A client that takes region, credentials and endpoint from the environment, and gives up before its callers do. */
export function dynamoDbClient(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  })
}

/** Awaits a call to the store. Faults of the way there become NamingError `unavailable`; refusals come through as they are. */
export async function reached<T>(call: Promise<T>): Promise<T> {
  try {
    return await call
  } catch (cause) {
    throw isOutage(cause) ? new NamingError('unavailable', undefined, { cause }) : cause
  }
}

// ---------------------------------------------------------------------------

const THROTTLES = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TransactionInProgressException',
])

/** Throttled, a fault of the server's, or no answer at all. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode
  return status === undefined || status >= 500 || THROTTLES.has(error.name)
}
