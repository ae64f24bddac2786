import type { IncomingMessage } from 'node:http'

/** The body; undefined if it is too large. The rest of such a body is read all the same, or the client misses the answer. */
export async function readBody(request: IncomingMessage, max: number): Promise<Buffer | undefined> {
  if (request.headers.expect !== undefined && declaredLength(request) > max) return undefined
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length
    if (length <= max) chunks.push(chunk)
    else chunks.length = 0
    if (length > MAX_DISCARDED) break
  }
  return length <= max ? Buffer.concat(chunks) : undefined
}

export function declaredLength(request: IncomingMessage): number {
  return Number(request.headers['content-length'] ?? 0)
}

/** A browser names the site of the page that sends a request; pages of this machine are let through. */
export function isCrossSite({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return false
  const host = URL.canParse(headers.origin) ? new URL(headers.origin).hostname : ''
  return !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)
}

// ---------------------------------------------------------------------------

const MAX_DISCARDED = 100 * 1024 * 1024
