import { registeredFunctions, type Stores } from '../../functions/function-names/registered.ts'
import type { Endpoint } from '../../responder/listeners/endpoint.ts'
import type { Name } from '../../shared/dns/name.ts'
import { startGateway } from '../gateway/gateway.ts'
import type { LocalFunction } from '../lambda.ts'
import type { Figures } from '../metrics/figures.ts'
import type { Shutdown } from '../shutdown.ts'
import { startFunctions } from './names.ts'
import type { FunctionOption } from './option.ts'

/** Functions of the user's that are called by their names. */
export interface NamedFunctions {
  readonly names: readonly Name[]
  readonly zone: Name
  readonly gateway: Endpoint
  /** URL of what stands for Lambda. */
  readonly lambda: string
}

export interface NamedFunctionsOptions {
  readonly functions: readonly FunctionOption[]
  /** Where the gateway is to listen; undefined if there are no functions. */
  readonly gateway: Endpoint | undefined
  /** True if the user said where: else any port will do. */
  readonly isChosen: boolean
  readonly zone: Name
  readonly stores: Stores
  readonly lambda: string
  /** Where the Lambda endpoint finds functions. */
  readonly known: Map<string, LocalFunction>
  readonly figures: Figures
  readonly shutdown: Shutdown
  readonly tell: (line: string) => void
}

/**
 * Runs the user's functions, publishes them below the zone, and starts the gateway by which they are called. Undefined
 * where there are none; those of an earlier run lose their names then.
 */
export async function nameFunctions(options: NamedFunctionsOptions): Promise<NamedFunctions | undefined> {
  const { functions: given, zone, stores, lambda, known: functions, figures, shutdown, tell } = options
  const registered = () => registeredFunctions(stores, zone)
  if (options.gateway === undefined && (await registered()).length === 0) return undefined
  const gateway = options.gateway && (await startFunctionGateway(options.gateway, options))
  await shutdown.part(
    () => startFunctions({ given, zone, gateway: gateway ?? NOWHERE, functions, figures, tell }),
    (part) => part.stop(),
  )
  if (gateway === undefined) return undefined
  const names = (await registered()).flatMap(({ name, fn }) => (fn === undefined ? [] : name))
  return { names, zone, gateway, lambda }
}

// ---------------------------------------------------------------------------

/** Nothing is published that would lead there. */
const NOWHERE: Endpoint = { host: '127.0.0.1', port: 80 }

async function startFunctionGateway(
  endpoint: Endpoint,
  { isChosen, figures, shutdown, tell }: NamedFunctionsOptions,
): Promise<Endpoint> {
  const { handler } = await import('../../functions/gateway/handler.ts')
  const fn = figures.measured({ name: 'gateway', handler, timeoutMs: 29_000 })
  const start = (at: Endpoint) => startGateway({ endpoint: at, fn, log: tell })
  const started = await shutdown.part(
    // Where it was not asked for, the port may have been taken since it was looked at.
    () => (isChosen ? start(endpoint) : start(endpoint).catch(() => start({ ...endpoint, port: 0 }))),
    (part) => part.close(),
  )
  return started.endpoint
}
