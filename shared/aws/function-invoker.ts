import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { InvokeFunction } from '../gateway/ports.ts'
import { type FaultCode, NamingError } from '../records/faults.ts'
import type { Now } from '../records/ports.ts'

/**
 * Invocations of any function. Region, credentials and endpoint (AWS_ENDPOINT_URL_LAMBDA) come from the environment.
 *
 * Connections are kept for the next invocation, but not for one that comes much later: Lambda freezes whoever does nothing,
 * and the other end may have closed them meanwhile, which would look as if the invocation had failed.
 */
export function functionInvoker(now: Now = Date.now): InvokeFunction {
  let client = newClient()
  let used = now()

  function clientInUse(): LambdaClient {
    if (now() - used > IDLE_MS) client = newClient() // the one before goes on with what it has begun
    used = now()
    return client
  }

  return async (arn, event, abortSignal) => {
    const command = new InvokeCommand({ FunctionName: arn, Payload: JSON.stringify(event) })
    try {
      const client = clientInUse()
      const { FunctionError, Payload } = await client.send(command, { abortSignal })
      const json = Payload?.transformToString() || 'null'
      return FunctionError === undefined ? { kind: 'returned', json } : failureOf(json, FunctionError)
    } catch (cause) {
      if (abortSignal.aborted) throw abortSignal.reason
      const { name = '', message = '' } = cause as Partial<Error>
      throw new NamingError(refusals[name] ?? 'function_unreachable', undefined, { cause: `${name}: ${message}` })
    }
  }
}

// ---------------------------------------------------------------------------

const IDLE_MS = 3_000

function newClient(): LambdaClient {
  const requestHandler = { connectionTimeout: 1_000, httpsAgent: SOCKETS, httpAgent: SOCKETS }
  return new LambdaClient({ maxAttempts: 1, requestHandler })
}

/** As many at once as there are requests: the agents of the SDK would have further ones wait without a word. */
const SOCKETS = { maxSockets: 1_000 }

/** What Lambda says no with; anything else is for whoever runs the gateway to see to. */
const refusals: Readonly<Record<string, FaultCode>> = {
  ResourceNotFoundException: 'function_not_found',
  TooManyRequestsException: 'function_busy',
  RequestTooLargeException: 'body_too_large',
}

/** What a function threw, as the runtimes tell it; some tell nothing, or no JSON. */
function failureOf(json: string, functionError: string) {
  const { errorType, errorMessage } = parsed(json)
  return { kind: 'failed', type: String(errorType ?? functionError), message: String(errorMessage ?? '') } as const
}

function parsed(json: string): { readonly errorType?: unknown; readonly errorMessage?: unknown } {
  try {
    return JSON.parse(json) ?? {}
  } catch {
    return {}
  }
}
