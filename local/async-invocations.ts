import { invoke, type LocalFunction } from './lambda.ts'
import { abortableSleep, type Sleep } from './sleep.ts'

/**
 * The queue of asynchronous invocations: they run at once, whatever else runs, and one that fails is tried again after
 * each of the pauses. What fails to the end is dropped, as on AWS without a destination for it.
 */
export class AsyncInvocations {
  readonly #retryMs: readonly number[]
  readonly #sleep: Sleep
  readonly #stopped = new AbortController()
  readonly #running = new Set<Promise<void>>()

  constructor(retryMs: readonly number[] = RETRY_MS, sleep: Sleep = abortableSleep) {
    this.#retryMs = retryMs
    this.#sleep = sleep
  }

  accept(fn: LocalFunction, event: unknown): void {
    const running = this.#run(fn, event).finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  /** Tries nothing again from now on; resolves once nothing runs any more. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    await Promise.all(this.#running)
  }

  async #run(fn: LocalFunction, event: unknown): Promise<void> {
    const { signal } = this.#stopped
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await invoke(fn, event, signal)
        return
      } catch {
        const pause = this.#retryMs[failures]
        if (pause === undefined) return
        await this.#sleep(pause, signal)
      }
    }
  }
}

// ---------------------------------------------------------------------------

/** Lambda's own pauses before it tries again: one minute, then two. */
const RETRY_MS: readonly number[] = [60_000, 120_000]
