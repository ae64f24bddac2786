import type { Violation } from './counts.ts'
import { API_NAMESPACE, element, writeXml } from './xml.ts'

/** What a request is answered with when it is not carried out; codes and texts are those of AWS. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly code: ErrorCode
  readonly status: number
  /** The documented limits that the request broke. */
  readonly violations: readonly Violation[]

  constructor(code: ErrorCode, message: string, violations: readonly Violation[] = []) {
    super(message)
    this.code = code
    this.status = STATUS[code]
    this.violations = violations
  }
}

/** A batch that is refused, with one message for each fault found. */
export class InvalidChangeBatch extends ApiError {
  readonly messages: readonly string[]

  constructor(messages: readonly string[], violations: readonly Violation[] = []) {
    // Only a single message about a name comes without brackets.
    const bare = messages.every((message) => message.startsWith('FATAL problem'))
    super('InvalidChangeBatch', bare ? messages.join(', ') : `[${messages.join(', ')}]`, violations)
    this.messages = messages
  }
}

/**
 * The body of an error. AWS's documentation has an element InvalidChangeBatch with a list of messages (`listed`), but
 * what Route 53 has been sending for years is the common form with the messages joined in brackets
 * (aws/aws-sdk-kotlin#1433). SDKs for JavaScript cannot read the documented form.
 */
export function errorXml(error: ApiError, requestId: string, listed: boolean): string {
  const id = element('RequestId', requestId)
  if (listed && error instanceof InvalidChangeBatch) {
    const messages = error.messages.map((message) => element('Message', message))
    return writeXml(element('InvalidChangeBatch', [element('Messages', messages), id], API_NAMESPACE))
  }
  const type = element('Type', error.status < 500 ? 'Sender' : 'Receiver')
  const content = [type, element('Code', error.code), element('Message', error.message)]
  return writeXml(element('ErrorResponse', [element('Error', content), id], API_NAMESPACE))
}

export type ErrorCode = keyof typeof STATUS

// ---------------------------------------------------------------------------

/** HTTP status by error code, as in the service's model. */
const STATUS = {
  AccessDenied: 403,
  ConflictingDomainExists: 400,
  HostedZoneAlreadyExists: 409,
  HostedZoneNotEmpty: 400,
  HostedZoneNotPrivate: 400,
  InternalFailure: 500,
  InvalidChangeBatch: 400,
  InvalidDomainName: 400,
  InvalidInput: 400,
  InvalidVPCId: 400,
  MalformedInput: 400,
  MissingAuthenticationToken: 403,
  NoSuchChange: 404,
  NoSuchDelegationSet: 400,
  NoSuchHealthCheck: 404,
  NoSuchHostedZone: 404,
  NotImplemented: 400,
  PriorRequestNotComplete: 400,
  RequestEntityTooLarge: 413,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  Throttling: 400,
  TooManyHostedZones: 400,
}
