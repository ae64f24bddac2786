/**
 * Every way in which the project refuses a request. The code is stable: clients, logs and metrics
 * may rely on it. `status` is the HTTP status of the APIs that have no dialect of their own.
 */
const faults = {
  invalid_json: { status: 400, text: 'the body is not the JSON expected' },
  invalid_name: { status: 422, text: 'the owner name is not a domain name' },
  invalid_record: { status: 422, text: 'the record data is not valid for its type' },
  unsupported_type: { status: 422, text: 'the record type is not supported' },
  invalid_query: { status: 400, text: 'the query string has a parameter that is not known here' },
  resource_not_found: { status: 404, text: 'there is nothing at this path' },
  method_not_allowed: { status: 405, text: 'this path does not take the method' },
  zone_not_found: { status: 404, text: 'the zone is not served here' },
  zone_not_mirrored: { status: 404, text: 'the zone has no hosted zone that mirrors it' },
  name_not_found: { status: 404, text: 'the name is neither registered nor mirrored' },
  record_exists: { status: 409, text: 'the record already exists' },
  record_not_found: { status: 404, text: 'the record does not exist' },
  registration_not_found: { status: 404, text: 'nothing is registered at this name under this id' },
  registration_conflict: { status: 409, text: 'the id is in use at this name, by somebody else' },
  record_conflict: { status: 409, text: 'a CNAME may not share its owner name' }, // RFC 2181 10.1
  name_too_large: { status: 422, text: 'the records of one name take more room than a name may have' },
  update_denied: { status: 403, text: 'not allowed to write this' },
  walk_under_way: { status: 409, text: 'a reconcile or an adoption of this zone is under way' },
  body_too_large: { status: 413, text: 'the body is too large' },
  invalid_host: { status: 400, text: 'the Host header is not a name' },
  function_not_found: { status: 404, text: 'no function has this name' },
  token_needed: { status: 401, text: 'whoever calls this function must show a token that is valid' },
  invoke_denied: { status: 403, text: 'not allowed to call this function' },
  function_busy: { status: 503, text: 'the function has no room for another invocation, try again' },
  function_failed: { status: 502, text: 'the function failed' },
  function_unreachable: { status: 502, text: 'the function could not be invoked' },
  function_timeout: { status: 504, text: 'the function did not answer in time' },
  function_loop: { status: 508, text: 'the name is one of the gateway itself' },
  response_invalid: { status: 502, text: 'the function did not return an HTTP response' },
  response_too_large: { status: 502, text: 'the response of the function is too large' },
  busy: { status: 503, text: 'the name is being changed by too many writers, try again' },
  unavailable: { status: 503, text: 'the record store did not answer, try again' },
} as const

export type FaultCode = keyof typeof faults

/** A refused request. `message` adds the particulars; it never holds a secret and may be shown to the client. */
export class NamingError extends Error {
  override name = 'NamingError'
  readonly code: FaultCode

  constructor(code: FaultCode, detail?: string, options?: ErrorOptions) {
    super(detail ?? faults[code].text, options)
    this.code = code
  }

  get status(): number {
    return faults[this.code].status
  }
}
