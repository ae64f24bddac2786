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

/**
 * True if the request may come from a web page of another site. A browser names the site of the page, and pages of this
 * machine are let through; where it names none, the host that was asked for must be this machine, or a name of somebody
 * else's was made to point here (DNS rebinding).
 */
export function isCrossSite({ headers: { origin, host } }: IncomingMessage): boolean {
  return (origin !== undefined && !isHere(origin)) || (host !== undefined && !isHere(`http://${host}`))
}

function isHere(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)
}

// ---------------------------------------------------------------------------

const MAX_DISCARDED = 100 * 1024 * 1024
