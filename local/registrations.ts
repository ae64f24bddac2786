import type { SweepTask } from '../shared/registrations/task.ts'
import type { Route } from './http/front.ts'
import { invoke } from './lambda.ts'
import type { Figures } from './metrics/figures.ts'
import { startSchedule } from './schedule.ts'
import type { DelayQueue } from './sqs/delay-queue.ts'
import { telling } from './telling.ts'

export interface LocalRegistrationsOptions {
  /** Where the timers of leases come from. */
  readonly timers: DelayQueue
  readonly figures: Figures
  readonly tell: (line: string) => void
}

export interface LocalRegistrations {
  /** Where registrations are put, renewed and withdrawn. */
  readonly route: Route
  stop(): Promise<void>
}

/**
 * Starts what keeps registrations and ends their leases. Timers are in memory and were lost when the last stack ended, so
 * all are set anew first. The functions read their environment when they are loaded, so it must be complete.
 */
export async function startRegistrations(options: LocalRegistrationsOptions): Promise<LocalRegistrations> {
  const { timers, figures, tell } = options
  const { handler: registrations } = await import('../functions/registrations/handler.ts')
  const { handler } = await import('../functions/leases/handler.ts')
  const leases = telling(figures.measured({ name: 'leases', handler, timeoutMs: 120_000 }), tell)
  const sweep = (task: SweepTask) => invoke(leases, task).catch(() => {}) // told, and it comes again
  await sweep({ task: 'sweep', arm: true })
  timers.feed((event) => invoke(leases, event))
  const schedule = startSchedule({ everyMs: SWEEP_MS, run: () => sweep({ task: 'sweep' }) })
  return {
    route: {
      path: PATH,
      fn: figures.measured({ name: 'registrations', handler: registrations, timeoutMs: 10_000 }),
    },
    stop: () => schedule.stop(),
  }
}

// ---------------------------------------------------------------------------

const SWEEP_MS = 60_000

const PATH = /^\/v1\/zones\/[^/]+\/names\/[^/]+\/registrations\/[^/]+$/
