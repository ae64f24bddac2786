import type { Deployed, FunctionId } from '../../shared/metrics/deployed.ts'
import { TABLES } from '../environment.ts'
import { API, queueOf } from './measured.ts'

export interface LocalParts {
  /** True if callers have to show a token. */
  readonly auth: boolean
  /** True if names are mirrored. */
  readonly mirror: boolean
  readonly zones: readonly string[]
  /** True if the probe runs. */
  readonly probe: boolean
  /** True if there are functions with names. */
  readonly functions: boolean
}

/** The functions of this stack that read a stream or a queue, of which some may be given up. */
export function feedsOf({ mirror }: Pick<LocalParts, 'mirror'>): readonly FunctionId[] {
  return ['leases', 'sequencer', ...(mirror ? (['mirror-feed'] as const) : [])]
}

/** What the local stack consists of: each part has its metrics under its own name. */
export function localDeployed(parts: LocalParts): Deployed {
  const { auth, mirror, zones, probe, functions: named } = parts
  const functions: readonly FunctionId[] = [
    'dynapi',
    'registrations',
    'leases',
    'sequencer',
    ...(mirror ? (['mirror', 'mirror-api', 'mirror-feed'] as const) : []),
    ...(auth ? (['authorizer'] as const) : []),
    ...(named ? (['function-names', 'gateway'] as const) : []),
    ...(probe ? (['probe', 'probe-lookup'] as const) : []),
  ]
  return {
    platform: 'local',
    region: 'local',
    zones: mirror ? zones : [],
    functions: Object.fromEntries(functions.map((fn) => [fn, fn])),
    queues: Object.fromEntries(feedsOf(parts).map((fn) => [fn, queueOf(fn)])),
    tables: TABLES,
    apis: { [auth ? 'tokens' : 'iam']: API },
    responder: { queriesPerTask: QUERIES_PER_TASK },
  }
}

// ---------------------------------------------------------------------------

/** At which another task would be started on AWS, with one vCPU each: the only worker here has no more. */
const QUERIES_PER_TASK = 20_000
