/** The thread that answers: the chain over the answer table, and the listeners. */
import { isDeepStrictEqual } from 'node:util'
import { parentPort, workerData } from 'node:worker_threads'
import { type Answer, createAnswer } from '../answer.ts'
import { type LinkSettings, viewNames } from '../chain.ts'
import { BATCH } from '../datagrams/batch.ts'
import { loadLibc } from '../datagrams/libc.ts'
import { listenForDatagrams } from '../datagrams/listen.ts'
import { FastPath } from '../fast-path/fast-path.ts'
import { ordinaryIn } from '../fast-path/ordinary.ts'
import { Tally } from '../fast-path/tally.ts'
import type { ErrorReport } from '../link.ts'
import { telling } from '../links/errors.ts'
import { listen, listenSecurely, listenWithoutUdp } from '../listeners/listen.ts'
import type { Listener, SecureListener } from '../listeners/listener.ts'
import { LogBuffer } from '../log/buffer.ts'
import { Counters } from '../metrics/counters.ts'
import { tcpConnections, viewRequests } from '../metrics/families.ts'
import { TableMemory } from '../table/memory.ts'
import { TableReader } from '../table/reader.ts'
import { Zones } from '../zones/zones.ts'
import { Consolidation, faultOf } from './consolidation.ts'
import type { Change, FromWorker, ToWorker, Work, WorkerEndpoint, WorkerSetup } from './messages.ts'

const port = parentPort
if (port === null) throw new Error('worker.ts runs as a worker thread')
const setup = workerData as WorkerSetup
const counters = new Counters(setup.counters, setup.worker)
counters.set(tcpConnections, 0) // the worker before this one may have died with some open
const reader = new TableReader(new TableMemory(setup.table), setup.worker + 1)
const zones = new Zones(reader)
const tally = new Tally(setup.counters, setup.worker)
let { links, secure } = setup
let { window, debug } = telling(links)
const faults = new Consolidation((fault) => tell({ kind: 'fault', fault }), window)
const report: ErrorReport = (error, packet) => faults.add(faultOf(error, debug ? packet : undefined))
const lines = new LogBuffer((text) => tell({ kind: 'log', lines: text }), counters)
let answer = newAnswer(links)
let fast: { readonly octets: Uint8Array; readonly links: LinkSettings; readonly path: FastPath | undefined } | undefined
const parts = {
  answer: ((packet, from) => answer(packet, from)) satisfies Answer,
  counters,
  reusePort: setup.reusePort,
}
const listeners: Listener[] = []
const secureListeners: SecureListener[] = []
let opened = Promise.resolve()

port.on('message', (message: ToWorker) => {
  if (message.kind === 'stop') void stop()
  else if (message.kind === 'log-written') lines.taken()
  else if (message.kind === 'listen') opened = open(message.work)
  else change(message.change)
})

// ---------------------------------------------------------------------------

async function open({ endpoints, sockets = [] }: Work): Promise<void> {
  try {
    const bound: WorkerEndpoint[] = []
    for (const endpoint of endpoints) bound.push({ ...endpoint, port: (await openOne(endpoint)).port })
    if (sockets.length > 0)
      listeners.push(listenForDatagrams(await loadLibc(), sockets, { ...parts, report, fastPath }))
    tell({ kind: 'listening', endpoints: bound })
  } catch (error) {
    tell({ kind: 'cannot-listen', reason: (error as Error).message })
  }
}

async function openOne({ speaks, ...endpoint }: WorkerEndpoint): Promise<Listener> {
  if (speaks === 'dns' || speaks === 'tcp') {
    const listener = await (speaks === 'dns' ? listen : listenWithoutUdp)(endpoint, parts, setup.limits)
    listeners.push(listener)
    return listener
  }
  if (secure === undefined) throw new Error('there is no certificate')
  const listener = await listenSecurely({ ...endpoint, speaks }, parts, setup.limits, secure)
  listener.show(secure.certificate) // another one may have come meanwhile
  listeners.push(listener)
  secureListeners.push(listener)
  return listener
}

function change({ links: changed, secure: shown }: Change): void {
  if (changed !== undefined) changeLinks(changed)
  if (shown === undefined) return
  secure = shown
  for (const listener of secureListeners) listener.show(shown.certificate)
}

/** What answers ordinary questions that stand in these octets, if the links leave them alone. */
function fastPath(octets: Uint8Array): FastPath | undefined {
  if (fast?.octets !== octets || fast.links !== links) fast = { octets, links, path: newFastPath(octets) }
  return fast.path
}

function newFastPath(octets: Uint8Array): FastPath | undefined {
  const ordinary = ordinaryIn(links)
  return ordinary && new FastPath(octets, BATCH, { reader, tally, accountMemory: setup.accountMemory }, ordinary)
}

function newAnswer(settings: LinkSettings): Answer {
  const { identity, secret, limits, accountMemory } = setup
  const log = (line: string) => lines.add(line)
  const { idleMs } = limits
  return createAnswer({ zones, counters, report, log, accountMemory, identity, secret, idleMs }, settings)
}

/** A new chain, with links that have forgotten what they knew of the past. The counters go on, but for views that change. */
function changeLinks(changed: LinkSettings): void {
  try {
    answer = newAnswer(changed)
  } catch (error) {
    report(error)
    return
  }
  if (!isDeepStrictEqual(viewNames(links), viewNames(changed))) counters.clear(viewRequests) // each has its place by its number
  links = changed
  ;({ window, debug } = telling(links))
  faults.setWindow(window)
}

async function stop(): Promise<void> {
  await opened // what is only then there is to be closed, too
  await Promise.all(listeners.map((listener) => listener.close()))
  lines.flush()
  port?.close() // nothing is left to wait for, so the thread ends
}

function tell(message: FromWorker): void {
  port?.postMessage(message)
}
