import type { Invoked, InvokeFunction } from '../../shared/gateway/ports.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { FunctionEvent } from './request.ts'

/**
 * Invokes a function and gives what it returned, in JSON. Throws NamingError as InvokeFunction does, `function_timeout` if
 * the signal comes first or the function has run out of time, and `function_failed`.
 */
export async function call(
  invoke: InvokeFunction,
  arn: string,
  event: FunctionEvent,
  signal: AbortSignal,
): Promise<string> {
  const invoked = await invoke(arn, event, signal).catch((error: unknown) => {
    throw signal.aborted ? new NamingError('function_timeout') : error
  })
  if (invoked.kind === 'returned') return invoked.json
  throw new NamingError(isTimeout(invoked) ? 'function_timeout' : 'function_failed', undefined, {
    cause: `${invoked.type}: ${invoked.message}`,
  })
}

/** True if both are the same function, whatever the version or alias. */
export function isSameFunction(arn: string, other: string): boolean {
  const plain = (one: string) => one.split(':').slice(0, ARN_PARTS).join(':')
  return plain(arn) === plain(other)
}

// ---------------------------------------------------------------------------

/** arn, partition, service, region, account, `function`, name; a qualifier comes after these. */
const ARN_PARTS = 7

/** What Lambda itself says of a function that it ended; some runtimes leave the type out. */
function isTimeout({ type, message }: Extract<Invoked, { kind: 'failed' }>): boolean {
  return type === 'Sandbox.Timedout' || /Task timed out after [\d.]+ seconds$/.test(message)
}
