/** Reads one option; what it throws begins with the name of the option. */
export function about<T>(option: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new Error(`${option}: ${(error as Error).message}`, { cause: error })
  }
}

export function parseWorkers(text: string): number {
  const workers = Number(text)
  if (!/^\d+$/.test(text) || workers < 1 || workers > MAX_WORKERS) {
    throw new Error(`"${text}" is not a number from 1 to ${MAX_WORKERS}`)
  }
  return workers
}

/** Seconds, from `least` to an hour, in milliseconds. */
export function parseSeconds(text: string, least: number): number {
  const seconds = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || seconds < least || seconds > MAX_SECONDS) {
    throw new Error(`"${text}" is not a number of seconds from ${least} to ${MAX_SECONDS}`)
  }
  return seconds * 1000
}

// ---------------------------------------------------------------------------

export const MAX_WORKERS = 64
export const MAX_SECONDS = 3600
