import type { FunctionRef } from './arn.ts'
import type { FoundFunction } from './model.ts'

/** The functions that there are, in one account and region. Rejects where they cannot be read, throttled to the end included. */
export interface FunctionSource {
  /** All of them, page by page. */
  list(): AsyncIterable<readonly FunctionRef[]>
  /** Undefined if it is not there, or no more. Of one that is not published only tags are read: the rest is empty. */
  read(ref: FunctionRef): Promise<FoundFunction | undefined>
}
