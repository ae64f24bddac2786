import { AwsV4Signer } from 'aws4fetch'
import { type CredentialSource, checked, VISIBLE } from './credentials.ts'
import { RegistrationError } from './model.ts'

export interface RequestParts {
  /** Of the API, without a path of its own. */
  readonly base: URL
  readonly authorize: Authorize
  readonly fetch: typeof fetch
}

export interface ApiRequest {
  readonly method: 'PUT' | 'DELETE'
  /** Encoded. */
  readonly path: string
  readonly body?: string
  /** Milliseconds until it has failed. */
  readonly withinMs: number
  readonly signal?: AbortSignal | undefined
}

/** Gives the headers that a request carries. */
export type Authorize = (request: Pick<ApiRequest, 'method' | 'body'> & { readonly url: URL }) => Promise<Headers>

/** Asks once. Gives the body of an answer below 300; rejects with RegistrationError for all else. */
export async function ask({ base, authorize, fetch }: RequestParts, request: ApiRequest): Promise<string> {
  const { method, path, body, withinMs, signal } = request
  const url = new URL(`${base.pathname.replace(/\/$/, '')}${path}`, base)
  const content = body !== undefined && { body }
  const { status, text } = await within(withinMs, signal, async (ending) => {
    const headers = await authorize({ method, url, ...content }).catch(cannotSign)
    if (content) headers.set('content-type', 'application/json')
    headers.set('connection', 'close') // one that was kept would be closed by the next time, unheard in a frozen sandbox
    const response = await fetch(url, { method, headers, ...content, redirect: 'manual', signal: ending })
    return { status: response.status, text: await response.text() }
  })
  if (status < 200 || status > 299) throw refused(status, text)
  return text
}

/** Shows a token, as functions/authorizer of Namestream reads it. */
export function bearing(token: string): Authorize {
  if (!VISIBLE.test(token)) throw new TypeError('the token has characters that no token has')
  return async () => new Headers({ authorization: `Bearer ${token}` })
}

/** Signs as API Gateway demands (SigV4), with credentials that are valid then. */
export function signing(credentials: CredentialSource, regionOf: (url: URL) => string | undefined): Authorize {
  return async ({ method, url, body }) => {
    const keys = await credentials()
    if (!keys) return new Headers()
    const { accessKeyId, secretAccessKey, sessionToken } = checked(keys)
    const region = regionOf(url)
    const { headers } = await new AwsV4Signer({
      method,
      url: url.href,
      ...(body !== undefined && { body }),
      accessKeyId,
      secretAccessKey,
      ...(sessionToken && { sessionToken }),
      service: 'execute-api',
      ...(region && { region }),
    }).sign()
    return headers
  }
}

// ---------------------------------------------------------------------------

/** Bounds the work, whether it heeds its signal or not. Rejects with RegistrationError. */
async function within<T>(
  ms: number,
  signal: AbortSignal | undefined,
  work: (ending: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController()
  const leave = () => ending.abort(new Error('nobody waits for it any more'))
  const late = setTimeout(() => ending.abort(new Error(`not within ${Math.round(ms) / 1_000} s`)), ms).unref()
  signal?.addEventListener('abort', leave)
  if (signal?.aborted) leave()
  try {
    const ended = new Promise<never>((_, reject) => {
      const end = () => reject(ending.signal.reason)
      ending.signal.addEventListener('abort', end)
      if (ending.signal.aborted) end()
    })
    return await Promise.race([ended, work(ending.signal)])
  } catch (error) {
    throw noAnswer(ending.signal.aborted ? ending.signal.reason : error)
  } finally {
    clearTimeout(late)
    signal?.removeEventListener('abort', leave)
  }
}

function cannotSign(cause: Error): never {
  throw new RegistrationError(`the request cannot be signed: ${cause.message}`, { cause })
}

function noAnswer(error: unknown): RegistrationError {
  if (error instanceof RegistrationError) return error
  const { message, cause } = error as Error & { readonly cause?: NodeJS.ErrnoException }
  return new RegistrationError(`the API gave no answer: ${cause?.message || cause?.code || message}`, { cause: error })
}

/** Namestream says `code` and `error`, API Gateway `message`, and who knows what others say. */
function refused(status: number, text: string): RegistrationError {
  const { code, error, message } = fieldsOf(text)
  const why = [code, error ?? message ?? text.slice(0, 200)].filter(Boolean).join(': ')
  return new RegistrationError(`the API answered ${status}${why && ` ${why}`}`, { status, code })
}

function fieldsOf(text: string): { code?: string; error?: string; message?: string } {
  try {
    const { code, error, message } = JSON.parse(text)
    return Object.fromEntries(Object.entries({ code, error, message }).filter(([, value]) => typeof value === 'string'))
  } catch {
    return {}
  }
}
