import type { Outcome } from '../functions/probe/probe.ts'
import { type Endpoint, formatEndpoint } from '../responder/listeners/endpoint.ts'
import type { Name } from '../shared/dns/name.ts'
import { probeName } from '../shared/probe/name.ts'
import { probeVariables } from '../shared/probe/variables.ts'
import { invoke, type LocalFunction } from './lambda.ts'
import type { Figures } from './metrics/figures.ts'
import { type Schedule, startSchedule } from './schedule.ts'

export interface LocalProbeOptions {
  readonly zone: Name
  /** Where names are registered. */
  readonly http: Endpoint
  /** The responder, at an address that can be asked. */
  readonly dns: Endpoint
  /** Absent: Route 53 is not looked at. */
  readonly hostedZone: string | undefined
  /** Where the Lambda endpoint finds functions: the lookup is added. */
  readonly functions: Map<string, LocalFunction>
  readonly figures: Figures
  readonly tell: (line: string) => void
}

/** Runs the probe every so often, and tells what it found. The functions read their environment when they are loaded. */
export async function startProbe(options: LocalProbeOptions): Promise<Schedule> {
  const { zone, http, dns, hostedZone, functions, figures, tell } = options
  Object.assign(process.env, {
    [probeVariables.api]: `http://${formatEndpoint(http)}/dynapi`,
    [probeVariables.zone]: zone,
    [probeVariables.lookup]: LOOKUP,
    [probeVariables.servers]: JSON.stringify([dns]),
    ...(hostedZone !== undefined && { [probeVariables.hostedZone]: hostedZone }),
  })
  const { handler: lookup } = await import('../functions/probe-lookup/handler.ts')
  const { handler } = await import('../functions/probe/handler.ts')
  functions.set(LOOKUP, figures.measured({ name: LOOKUP, handler: lookup, timeoutMs: 45_000 }))
  const fn = figures.measured({ name: 'probe', handler, timeoutMs: 180_000 })
  const where = hostedZone === undefined ? ', and leaves out Route 53: the zone is not mirrored' : ''
  tell(`probe: registers ${probeName(zone)} every ${EVERY_MS / 1000} s${where}`)
  return startSchedule({
    everyMs: EVERY_MS,
    run: () =>
      invoke(fn, {}).then(
        (outcome) => tell(`probe: ${described(outcome as Outcome)}`),
        (error: Error) => tell(`probe: ${error.message}`),
      ),
  })
}

// ---------------------------------------------------------------------------

const LOOKUP = 'probe-lookup'
const EVERY_MS = 10_000 // on AWS every 5 minutes

const PHRASES = { register: 'registered in', responder: 'answered after', route53: 'in Route 53 after' } as const

function described({ steps }: Outcome): string {
  return (Object.keys(PHRASES) as (keyof typeof PHRASES)[])
    .flatMap((name) => {
      const { ms, failure } = steps[name] ?? {}
      const time = ms === undefined ? [] : `${PHRASES[name]} ${Math.round(ms).toLocaleString('en')} ms`
      return [time, failure === undefined ? [] : `${name} failed: ${failure}`].flat()
    })
    .join(', ')
}
