/** What goes back to who invoked a function. */
export interface LambdaReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** The result of a function. */
export function succeeded(result: unknown, max: number): LambdaReply {
  const body = JSON.stringify(result ?? null)
  if (Buffer.byteLength(body) <= max) return { status: 200, headers: VERSION, body }
  const message = `Response payload size exceeded maximum allowed payload size (${max} bytes).`
  return functionError('Function.ResponseSizeTooLarge', message)
}

/** What Lambda tells of functions. */
export function listed(told: object): LambdaReply {
  return { status: 200, body: JSON.stringify(told) }
}

/** What a function threw: the invocation itself went well. */
export function threw(error: unknown): LambdaReply {
  return error instanceof Error ? functionError(error.name, error.message) : functionError('Error', String(error))
}

/** An answer of Lambda itself. The SDK takes the name of the error from a header. */
export function lambdaError(code: keyof typeof STATUS, message: string): LambdaReply {
  return {
    status: STATUS[code],
    headers: { 'x-amzn-errortype': code },
    body: JSON.stringify({ Type: 'User', message }),
  }
}

// ---------------------------------------------------------------------------

const VERSION = { 'x-amz-executed-version': '$LATEST' }

const STATUS = {
  AccessDeniedException: 403,
  InvalidParameterValueException: 400,
  InvalidRequestContentException: 400,
  RequestTooLargeException: 413,
  ResourceNotFoundException: 404,
  TooManyRequestsException: 429,
  UnknownOperationException: 404,
} as const

function functionError(errorType: string, errorMessage: string): LambdaReply {
  const headers = { ...VERSION, 'x-amz-function-error': 'Unhandled' }
  return { status: 200, headers, body: JSON.stringify({ errorType, errorMessage }) }
}
