import { once } from 'node:events'
import { createServer } from 'node:net'
import { type Endpoint, formatEndpoint } from '../responder/listeners/endpoint.ts'

/** Makes sure that a TCP port can be had before anything is started for it. Rejects with an Error that says why not. */
export async function probeTcp(endpoint: Endpoint): Promise<void> {
  const server = createServer()
  server.listen(endpoint.port, endpoint.host)
  await once(server, 'listening').catch((error) => {
    throw listenError(endpoint, error)
  })
  server.close()
  await once(server, 'close')
}

/** What the operating system said about a port, in words. */
export function listenError(endpoint: Endpoint, error: NodeJS.ErrnoException): Error {
  const reason = REASONS[error.code ?? ''] ?? error.message
  return new Error(`cannot listen on ${formatEndpoint(endpoint)}: ${reason}`, { cause: error })
}

// ---------------------------------------------------------------------------

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken',
  EACCES: 'ports below 1024 need a privilege',
  EADDRNOTAVAIL: 'this machine does not have that address',
}
