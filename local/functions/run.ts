import { statSync } from 'node:fs'
import type { Context } from 'aws-lambda'
import { TAGS } from '../../shared/functions/model.ts'
import { type LocalFunction, Throttled } from '../lambda.ts'
import { type Instance, startInstance } from './instance.ts'
import type { Invocation } from './messages.ts'
import type { FunctionOption } from './option.ts'

export interface RunOptions extends FunctionOption {
  readonly timeoutMs?: number
  /** What the function prints, and that it was loaded anew, line by line. */
  readonly tell: (line: string) => void
}

/** A function from a file, as the Lambda endpoint invokes it. */
export interface RunningFunction extends LocalFunction {
  /** Ends all its threads. */
  stop(): Promise<void>
}

/**
 * Runs a user's function as Lambda does: each instance has one event at a time, more are started where all are busy, and
 * one that overruns its time is ended. After its file has changed, events go to new instances.
 */
export function runFunction({ name, file, timeoutMs = TIMEOUT_MS, tell }: RunOptions): RunningFunction {
  let idle: Instance[] = []
  let running = 0
  let version = versionOf(file)
  let stopped = false
  const all = new Set<Instance>()

  return {
    name,
    // It ends by itself in time, and has to say so before whoever waits does.
    timeoutMs: timeoutMs + GRACE_MS,
    published: { tags: { [TAGS.publish]: 'true' }, aliases: [], versions: [], urls: [] },

    async handler(event, context) {
      if (stopped) throw new Error('the function has ended')
      if (running >= MOST) throw new Throttled('Rate exceeded')
      running++
      try {
        const instance = await ready()
        return await within(instance, invocationOf(event, context))
      } finally {
        running--
      }
    },

    async stop() {
      stopped = true
      await Promise.all(Array.from(all, (instance) => instance.end()))
    },
  }

  async function ready(): Promise<Instance> {
    const current = versionOf(file)
    if (current !== version) {
      version = current
      tell(`${name}: ${file} has changed, it is loaded anew`)
      for (const instance of idle.splice(0)) leave(instance)
    }
    for (let instance = idle.pop(); instance !== undefined; instance = idle.pop()) {
      if (instance.isAlive) return instance
      all.delete(instance)
    }
    const instance = await startInstance({ name, file, tell: (line) => tell(`${name}: ${line}`) })
    all.add(instance)
    if (stopped) leave(instance)
    return instance
  }

  async function within(instance: Instance, invocation: Invocation): Promise<unknown> {
    const loaded = version
    let timer: NodeJS.Timeout | undefined
    const overrun = new Promise<never>((_, reject) => {
      const error = new Error(`Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`)
      error.name = 'Sandbox.Timedout' // as Lambda calls it
      timer = setTimeout(() => reject(error), timeoutMs)
    })
    try {
      const result = await Promise.race([instance.invoke(invocation), overrun])
      keep(instance, loaded)
      return result
    } catch (error) {
      if ((error as Error).name === 'Sandbox.Timedout') leave(instance)
      else keep(instance, loaded)
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  function keep(instance: Instance, loaded: number): void {
    if (instance.isAlive && loaded === version && !stopped) idle = [...idle, instance]
    else leave(instance)
  }

  function leave(instance: Instance): void {
    all.delete(instance)
    void instance.end()
  }

  function invocationOf(event: unknown, context: Context): Invocation {
    const { getRemainingTimeInMillis: _, done: __, fail: ___, succeed: ____, ...rest } = context
    return { event, context: rest, deadline: Date.now() + timeoutMs }
  }
}

// ---------------------------------------------------------------------------

const TIMEOUT_MS = 15_000
const GRACE_MS = 2_000 + 10_000 // and for loading it
const MOST = 16 // side by side

/** When the file was written; 0 if it is not there. */
function versionOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
}
