import { once } from 'node:events'
import { createServer } from 'node:net'
import { type Endpoint, listenError } from '../responder/listeners/endpoint.ts'

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
