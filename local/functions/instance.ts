import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import type { Ending, Invocation } from './messages.ts'

export interface InstanceOptions {
  readonly name: string
  readonly file: string
  /** What the function prints, line by line. */
  readonly tell: (line: string) => void
}

/** A function that is loaded, in a thread of its own: what hangs or crashes in it hurts nobody else. */
export interface Instance {
  /** False once the thread has ended. */
  readonly isAlive: boolean
  /** One at a time. Rejects with what the handler threw, or if the thread ends. */
  invoke(invocation: Invocation): Promise<unknown>
  /** Ends the thread, whatever it does. */
  end(): Promise<void>
}

/** Loads the file. Rejects if that fails, or takes too long. */
export async function startInstance({ name, file, tell }: InstanceOptions): Promise<Instance> {
  const worker = new Worker(new URL('thread.ts', import.meta.url), {
    workerData: { file },
    env: { ...process.env, AWS_LAMBDA_FUNCTION_NAME: name },
    resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
    stdout: true,
    stderr: true,
  })
  for (const stream of [worker.stdout, worker.stderr]) createInterface({ input: stream }).on('line', tell)
  let isAlive = true
  let waiting: PromiseWithResolvers<Ending> | undefined
  const gone = (error: Error) => {
    isAlive = false
    waiting?.reject(error)
  }
  worker.on('message', (ending: Ending) => waiting?.resolve(ending))
  worker.on('error', (error) => gone(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', (code) => gone(new Error(`the function ended its process with exit code ${code}`)))

  const tooSlow = setTimeout(() => {
    waiting?.reject(new Error(`the function was not loaded within ${LOAD_MS / 1000} s`))
    void worker.terminate()
  }, LOAD_MS)
  await next().finally(() => clearTimeout(tooSlow))
  return {
    get isAlive() {
      return isAlive
    },
    async invoke(invocation) {
      const ended = next()
      worker.postMessage(invocation)
      const ending = await ended
      if (ending.kind === 'threw') throw Object.assign(new Error(ending.message), { name: ending.name })
      return ending.kind === 'ready' || ending.json === undefined ? undefined : JSON.parse(ending.json)
    },
    async end() {
      isAlive = false
      await worker.terminate()
    },
  }

  function next(): Promise<Ending> {
    if (!isAlive) return Promise.reject(new Error('the function has ended'))
    waiting = Promise.withResolvers<Ending>()
    return waiting.promise
  }
}

// ---------------------------------------------------------------------------

const MEGABYTES = 512
const LOAD_MS = 10_000
