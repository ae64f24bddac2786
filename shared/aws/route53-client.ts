import { Route53Client } from '@aws-sdk/client-route-53'
import type { Failure } from '../mirror/ports.ts'

/**
 * A client that takes region, credentials and endpoint from the environment. It tries once: the pace that all requests
 * of the account share counts every one of them.
 */
export function route53Client(): Route53Client {
  return new Route53Client({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  })
}

/** What an error of the SDK means for what was asked. */
export function failureOf(error: unknown): Failure {
  const { code, message, status } = told(error)
  if (THROTTLES.has(code) || status === 429) return { kind: 'throttled' }
  if (code === 'PriorRequestNotComplete') return { kind: 'busy' }
  const answered = status !== undefined && status >= 400 && status < 500
  if (answered || code === NO_CREDENTIALS) return { kind: 'fault', code, message }
  return { kind: 'unknown', reason: `${code}: ${message}` }
}

/** An SDK error in one line, `AccessDenied: User … is not authorized`. */
export function oneLineError(cause: unknown): Error {
  const { code, message } = told(cause)
  return new Error(`${code}: ${message}`, { cause })
}

/** The id without its prefix: `/hostedzone/Z1` and `/change/C1` are `Z1` and `C1`. The SDK takes such ids as they are. */
export function bareId(id: string): string {
  return id.replace(/^\/\w+\//, '')
}

/** What an answer must hold. Without it, whoever answered was not Route 53: a wrong port, a proxy, a captive portal. */
export function held<T>(part: T | undefined): T {
  if (part === undefined || part === '') throw new NotRoute53()
  return part
}

class NotRoute53 extends Error {
  override name = 'NotRoute53'
  override message = 'the answer is none of Route 53'
}

// ---------------------------------------------------------------------------

/** AWS's words for too many requests: that of Route 53 and those of the services in front of it. */
const THROTTLES = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
])

/** The SDK found no credentials and sent nothing. */
const NO_CREDENTIALS = 'CredentialsProviderError'

function told(error: unknown): { code: string; message: string; status: number | undefined } {
  if (!(error instanceof Error)) return { code: 'Error', message: String(error), status: undefined }
  const { httpStatusCode: status } = (error as { $metadata?: { httpStatusCode?: number } }).$metadata ?? {}
  return { code: error.name, message: error.message.replace(/\s+/g, ' ').trim(), status }
}
