import { NamingError } from '../../shared/records/faults.ts'

/** How long a request may wait for INSYNC, in seconds. An HTTP API gives up on a function after 30. */
const DEFAULT_TIMEOUT = 20
const MAX_TIMEOUT = 25

/** How many seconds to wait for INSYNC; undefined if that is not asked for. Throws NamingError `invalid_query`. */
export function readTimeout({ wait, timeout }: { wait?: string; timeout?: string }): number | undefined {
  if (wait === undefined) {
    if (timeout !== undefined) throw invalid('timeout needs wait=insync')
    return undefined
  }
  if (wait !== 'insync') throw invalid('wait must be insync')
  if (timeout === undefined) return DEFAULT_TIMEOUT
  const seconds = Number(timeout)
  if (/^\d{1,2}$/.test(timeout) && seconds >= 1 && seconds <= MAX_TIMEOUT) return seconds
  throw invalid(`timeout must be a whole number of seconds from 1 to ${MAX_TIMEOUT}`)
}

// ---------------------------------------------------------------------------

function invalid(reason: string): NamingError {
  return new NamingError('invalid_query', reason)
}
