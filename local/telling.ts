import type { LocalFunction } from './lambda.ts'

/** A function whose failures are told when they begin and when they are over, for callers that nobody hears of. */
export function telling(fn: LocalFunction, log: (line: string) => void): LocalFunction {
  let failing = false
  return {
    ...fn,
    async handler(event, context) {
      try {
        const result = await fn.handler(event, context)
        if (failing) log(`${fn.name} works again`)
        failing = false
        return result
      } catch (error) {
        if (!failing) log(`${fn.name} failed and is tried again: ${(error as Error).message}`)
        failing = true
        throw error
      }
    },
  }
}
