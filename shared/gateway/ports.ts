/** What an invocation came to: what the function returned, as the JSON text that it is, or that it failed. */
export type Invoked =
  | { readonly kind: 'returned'; readonly json: string }
  | { readonly kind: 'failed'; readonly type: string; readonly message: string }

/**
 * Invokes the function of an ARN, with its qualifier, and waits for what it returns. Nothing is tried again: the function
 * may have done its work. Rejects with NamingError `function_not_found`, `function_busy`, `body_too_large` or
 * `function_unreachable`, and with whatever the signal was aborted for.
 */
export type InvokeFunction = (arn: string, event: unknown, signal: AbortSignal) => Promise<Invoked>
