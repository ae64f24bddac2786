import type { Context } from 'aws-lambda'

/** To a thread that runs a function: one invocation, of which the thread has one at a time. */
export interface Invocation {
  readonly event: unknown
  readonly context: Omit<Context, 'getRemainingTimeInMillis' | 'done' | 'fail' | 'succeed'>
  /** Milliseconds since the epoch. */
  readonly deadline: number
}

/** From it: that it is ready, or the end of an invocation. */
export type Ending =
  | { readonly kind: 'ready' }
  /** As JSON, as it crosses on AWS; undefined if there is none. */
  | { readonly kind: 'returned'; readonly json: string | undefined }
  | { readonly kind: 'threw'; readonly name: string; readonly message: string }
