import { once } from 'node:events'
import { createServer } from 'node:net'
import { type Endpoint, listenError } from '../responder/listeners/endpoint.ts'
import { probe } from '../responder/listeners/listen.ts'
import type { Options } from './options.ts'

/** Where the parts are to listen that have a usual port. */
export interface FreePorts {
  readonly health: Endpoint
  /** Undefined if Route 53 is not to be emulated. */
  readonly route53: Endpoint | undefined
  /** Undefined if there are no functions to call. */
  readonly gateway: Endpoint | undefined
}

/** Makes sure that all ports can be had before anything slow is begun. Rejects with an Error that names the option. */
export async function freePorts(options: Options, emulated: boolean): Promise<FreePorts> {
  await about('--http', probeTcp(options.http))
  await about('--dns', probe(options.dns))
  return {
    health: await chosenOrUsual('--health', options.health, USUAL_HEALTH),
    route53: emulated ? await chosenOrUsual('--route53', options.route53, USUAL_ROUTE53) : undefined,
    gateway:
      options.functions.length > 0 ? await chosenOrUsual('--gateway', options.gateway, USUAL_GATEWAY) : undefined,
  }
}

// ---------------------------------------------------------------------------

const USUAL_HEALTH: Endpoint = { host: '127.0.0.1', port: 8053 }
const USUAL_ROUTE53: Endpoint = { host: '127.0.0.1', port: 8091 }
const USUAL_GATEWAY: Endpoint = { host: '127.0.0.1', port: 8092 }

/** Where nothing was chosen, the usual port, or any free one if that is taken. */
async function chosenOrUsual(option: string, chosen: Endpoint | undefined, usual: Endpoint): Promise<Endpoint> {
  if (chosen !== undefined) {
    await about(option, probeTcp(chosen))
    return chosen
  }
  return probeTcp(usual).then(
    () => usual,
    () => ({ ...usual, port: 0 }),
  )
}

async function about(option: string, probing: Promise<void>): Promise<void> {
  await probing.catch((error: Error) => {
    throw new Error(`${option}: ${error.message}`, { cause: error })
  })
}

async function probeTcp(endpoint: Endpoint): Promise<void> {
  const server = createServer()
  server.listen(endpoint.port, endpoint.host)
  await once(server, 'listening').catch((error) => {
    throw listenError(endpoint, error)
  })
  server.close()
  await once(server, 'close')
}
