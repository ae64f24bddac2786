import type { ApiRequest, Operation } from './operations/operation.ts'
import { type Match, matchOperation } from './operations/table.ts'
import { readBatch } from './read-batch.ts'

/** A request as it came over HTTP. */
export interface Received {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly authorization: string | undefined
  readonly body: string
}

/** Finds the operation that a request asks for, if there is one. */
export function route({ method, target, body }: Received): { operation?: Operation; request: ApiRequest } {
  const [path = '', ...rest] = target.split('?') // not read as a URL, in which `//` and `..` are something else
  const match = matched(method, path)
  const query = new URLSearchParams(rest.join('?'))
  const request = { parts: match?.parts ?? [], query, body, batch: once(() => readBatch(body)) }
  return match === undefined ? { request } : { operation: match.operation, request }
}

// ---------------------------------------------------------------------------

function matched(method: string, path: string): Match | undefined {
  try {
    return matchOperation(method, path)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}

/** What the work gives, or throws, when it is asked for first. */
function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined
  return () => {
    done ??= { value: work() }
    return done.value
  }
}
