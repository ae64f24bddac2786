/** What runs in the thread of a function: loads its file and carries out what it is told to. */
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import type { Ending, Invocation } from './messages.ts'

const { handler } = await import(pathToFileURL(workerData.file).href)
if (typeof handler !== 'function') throw new Error(`${workerData.file} exports no function handler`)

parentPort?.on('message', ({ event, context, deadline }: Invocation) => {
  const whole = {
    ...context,
    getRemainingTimeInMillis: () => deadline - Date.now(),
    done() {},
    fail() {},
    succeed() {},
  }
  Promise.resolve()
    .then(() => handler(event, whole))
    .then((result) => tell({ kind: 'returned', json: JSON.stringify(result) }))
    .catch((error) => tell(threw(error)))
})
tell({ kind: 'ready' })

// ---------------------------------------------------------------------------

function tell(ending: Ending): void {
  parentPort?.postMessage(ending)
}

function threw(error: unknown): Ending {
  if (error instanceof Error) return { kind: 'threw', name: error.name, message: error.message }
  return { kind: 'threw', name: 'Error', message: String(error) }
}
