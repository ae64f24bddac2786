/** The thread that answers: its own replica of the zones, the chain over it, and the listeners. */
import { parentPort, workerData } from 'node:worker_threads'
import { createAnswer } from '../answer.ts'
import type { ErrorReport } from '../link.ts'
import { telling } from '../links/errors.ts'
import type { Endpoint } from '../listeners/endpoint.ts'
import { listen } from '../listeners/listen.ts'
import type { Listener } from '../listeners/listener.ts'
import { LogBuffer } from '../log/buffer.ts'
import { Counters } from '../metrics/counters.ts'
import { tcpConnections } from '../metrics/families.ts'
import { applyUpdates } from '../zones/update.ts'
import { Zones } from '../zones/zones.ts'
import { Consolidation, faultOf } from './consolidation.ts'
import type { FromWorker, ToWorker, WorkerSetup } from './messages.ts'

const port = parentPort
if (port === null) throw new Error('worker.ts runs as a worker thread')
const setup = workerData as WorkerSetup
const counters = new Counters(setup.counters, setup.worker)
counters.set(tcpConnections, 0) // the worker before this one may have died with some open
const zones = new Zones()
const { window, debug } = telling(setup.links)
const faults = new Consolidation((fault) => tell({ kind: 'fault', fault }), window * 1000)
const report: ErrorReport = (error, packet) => faults.add(faultOf(error, debug ? packet : undefined))
const lines = new LogBuffer((text) => tell({ kind: 'log', lines: text }), counters)
const answer = createAnswer(
  { zones, counters, report, log: (line) => lines.add(line), accountMemory: setup.accountMemory },
  setup.links,
)
const listeners: Listener[] = []

port.on('message', (message: ToWorker) => {
  if (message.kind === 'updates') applyUpdates(zones, message.updates)
  else if (message.kind === 'listen') void open(message.endpoints)
  else if (message.kind === 'log-written') lines.taken()
  else void stop()
})

// ---------------------------------------------------------------------------

async function open(endpoints: readonly Endpoint[]): Promise<void> {
  try {
    const parts = { answer, counters, reusePort: setup.reusePort }
    for (const endpoint of endpoints) listeners.push(await listen(endpoint, parts, setup.limits))
    const bound = endpoints.map((endpoint, i) => ({ ...endpoint, port: listeners[i]?.port ?? endpoint.port }))
    tell({ kind: 'listening', endpoints: bound })
  } catch (error) {
    tell({ kind: 'cannot-listen', reason: (error as Error).message })
  }
}

async function stop(): Promise<void> {
  await Promise.all(listeners.map((listener) => listener.close()))
  lines.flush()
  port?.close() // nothing is left to wait for, so the thread ends
}

function tell(message: FromWorker): void {
  port?.postMessage(message)
}
