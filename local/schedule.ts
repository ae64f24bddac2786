import type { Now } from '../shared/records/ports.ts'
import { abortableSleep, type Sleep } from './sleep.ts'

export interface ScheduleOptions {
  /** Invokes the function. A failure is no reason to stop: it comes again. */
  readonly run: () => Promise<unknown>
  /** From beginning to beginning. */
  readonly everyMs: number
  readonly now?: Now
  readonly sleep?: Sleep
}

export interface Schedule {
  /** Waits for the invocation under way. */
  stop(): Promise<void>
}

/** Invokes a function every so often, as a schedule of EventBridge does, but never while it still runs. */
export function startSchedule({ run, everyMs, now = Date.now, sleep = abortableSleep }: ScheduleOptions): Schedule {
  const stopped = new AbortController()
  const running = repeat()
  return {
    async stop() {
      stopped.abort()
      await running
    },
  }

  async function repeat(): Promise<void> {
    for (let next = now() + everyMs; ; next = Math.max(next + everyMs, now())) {
      await sleep(Math.max(0, next - now()), stopped.signal)
      if (stopped.signal.aborted) return
      await run().catch(() => {})
    }
  }
}
