import type { Endpoint } from '../../responder/listeners/endpoint.ts'
import type { LocalFunction } from '../lambda.ts'
import { type Gateway, startGateway } from './gateway.ts'

export interface StackGatewayOptions {
  readonly endpoint: Endpoint
  /** True if the port was asked for; else any free one will do where it has been taken meanwhile. */
  readonly isChosen: boolean
  readonly measured: (fn: LocalFunction) => LocalFunction
  readonly log: (line: string) => void
}

/** The gateway of a stack. The function reads its environment when it is loaded, which has to be complete by then. */
export async function startStackGateway({ endpoint, isChosen, measured, log }: StackGatewayOptions): Promise<Gateway> {
  const { handler } = await import('../../functions/gateway/handler.ts')
  const fn = measured({ name: 'gateway', handler, timeoutMs: 29_000 })
  const start = (at: Endpoint) => startGateway({ endpoint: at, fn, log })
  return isChosen ? start(endpoint) : start(endpoint).catch(() => start({ ...endpoint, port: 0 }))
}
