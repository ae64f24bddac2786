import { existsSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import type { ReconcileCounts } from '../../functions/function-names/parts.ts'
import type { Endpoint } from '../../responder/listeners/endpoint.ts'
import type { Name } from '../../shared/dns/name.ts'
import type { Gateway } from '../../shared/functions/model.ts'
import { functionVariables } from '../../shared/functions/variables.ts'
import { invoke, type LocalFunction } from '../lambda.ts'
import type { Figures } from '../metrics/figures.ts'
import { type Schedule, startSchedule } from '../schedule.ts'
import { reachable } from '../stack-file.ts'
import type { FunctionOption } from './option.ts'
import { runFunction } from './run.ts'

export interface LocalFunctionsOptions {
  /** What the user has the stack run; where there is nothing, names of an earlier run are taken away. */
  readonly given: readonly FunctionOption[]
  /** Below it names are `NAME.fn.ZONE`. */
  readonly zone: Name
  /** Where the gateway listens. */
  readonly gateway: Endpoint
  /** Where the Lambda endpoint finds functions: these are added, and the one that publishes them. */
  readonly functions: Map<string, LocalFunction>
  readonly figures: Figures
  readonly tell: (line: string) => void
}

/**
 * Runs functions of the user's and publishes them: once now, and every so often, as the schedule of function-names on AWS
 * does. It reads its environment when it is loaded, so that must be complete.
 */
export async function startFunctions(options: LocalFunctionsOptions): Promise<Schedule> {
  const { given, zone, gateway, functions, figures, tell } = options
  Object.assign(process.env, {
    [functionVariables.zone]: zone,
    [functionVariables.gateway]: JSON.stringify(addressOf(gateway)),
  })
  const { handler } = await import('../../functions/function-names/handler.ts')
  const publisher = figures.measured({ name: PUBLISHER, handler, timeoutMs: 120_000 })
  const missing = given.find(({ file }) => !existsSync(file))
  if (missing !== undefined) throw new Error(`--function ${missing.name}: there is no file ${missing.file}`)
  const running = given.map((option) => runFunction({ ...option, tell }))
  for (const fn of [...running, publisher]) functions.set(fn.name, fn)

  let told: string | undefined
  const reconcile = async () => {
    const said = await invoke(publisher, { task: 'reconcile' }).then(
      (counts) => complaintOf(counts as ReconcileCounts),
      (error: Error) => `names of functions are as they were: ${error.message}`,
    )
    if (said !== told && said !== undefined) tell(said)
    told = said
  }
  await reconcile()
  const schedule = given.length > 0 ? startSchedule({ everyMs: EVERY_MS, run: reconcile }) : undefined
  return {
    async stop() {
      await Promise.all([schedule?.stop(), ...running.map((fn) => fn.stop())])
    },
  }
}

// ---------------------------------------------------------------------------

const PUBLISHER = 'function-names'
const EVERY_MS = 60_000 // on AWS every 15 minutes, and at once when an event tells of a change

function addressOf(endpoint: Endpoint): Gateway {
  const { host, port } = reachable(endpoint)
  return { kind: 'address', port, a: isIPv4(host) ? [host] : [], aaaa: isIPv4(host) ? [] : [host] }
}

function complaintOf({ refused, unread }: ReconcileCounts): string | undefined {
  if (refused === 0 && unread === 0) return undefined
  return `functions: ${refused} without a name, ${unread} that could not be read; npm run functions tells why`
}
