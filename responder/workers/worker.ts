/** The thread that answers: its own replica of the zones, the chain over it, and the listeners. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Answer, createAnswer } from '../answer.ts'
import type { LinkSettings } from '../chain.ts'
import { listen, listenSecurely, type Served } from '../listeners/listen.ts'
import type { Listener, SecureListener } from '../listeners/listener.ts'
import { Counters } from '../metrics/counters.ts'
import { tcpConnections } from '../metrics/families.ts'
import { applyUpdates, namesIn } from '../zones/update.ts'
import { Zones } from '../zones/zones.ts'
import { inTurns } from './in-turns.ts'
import type { Change, FromWorker, ToWorker, WorkerSetup } from './messages.ts'

const port = parentPort
if (port === null) throw new Error('worker.ts runs as a worker thread')
const setup = workerData as WorkerSetup
const counters = new Counters(setup.counters, setup.worker)
counters.set(tcpConnections, 0) // the worker before this one may have died with some open
const zones = new Zones()
let answer = newAnswer(setup.links)
let { secure } = setup
const parts = {
  answer: ((packet, from) => answer(packet, from)) satisfies Answer,
  counters,
  reusePort: setup.reusePort,
}
const listeners: Listener[] = []
const secureListeners: SecureListener[] = []

const take = inTurns(takeOne, (message: ToWorker) => message.kind === 'updates' && namesIn(message.updates) > 0)
port.on('message', (message: ToWorker) => {
  if (message.kind === 'stop')
    void stop() // whatever is still to be done
  else take(message)
})

// ---------------------------------------------------------------------------

function takeOne(message: ToWorker): void {
  if (message.kind === 'updates') applyUpdates(zones, message.updates)
  else if (message.kind === 'listen') void open(message.endpoints)
  else if (message.kind === 'change') change(message.change)
}

async function open(endpoints: readonly Served[]): Promise<void> {
  try {
    const bound: Served[] = []
    for (const endpoint of endpoints) bound.push({ ...endpoint, port: (await openOne(endpoint)).port })
    tell({ kind: 'listening', endpoints: bound })
  } catch (error) {
    tell({ kind: 'cannot-listen', reason: (error as Error).message })
  }
}

async function openOne(endpoint: Served): Promise<Listener> {
  if (endpoint.speaks === 'dns') {
    const listener = await listen(endpoint, parts, setup.limits)
    listeners.push(listener)
    return listener
  }
  if (secure === undefined) throw new Error('there is no certificate')
  const listener = await listenSecurely(endpoint, parts, setup.limits, secure)
  listener.show(secure.certificate) // another one may have come meanwhile
  listeners.push(listener)
  secureListeners.push(listener)
  return listener
}

function change({ links, secure: shown }: Change): void {
  if (links !== undefined) changeLinks(links)
  if (shown === undefined) return
  secure = shown
  for (const listener of secureListeners) listener.show(shown.certificate)
}

function newAnswer(links: LinkSettings): Answer {
  const { identity, secret, limits } = setup
  return createAnswer({ zones, counters, report, identity, secret, idleMs: limits.idleMs }, links)
}

/** A new chain, with links that have forgotten what they knew of the past. The counters go on. */
function changeLinks(links: LinkSettings): void {
  try {
    answer = newAnswer(links)
  } catch (error) {
    report(error)
  }
}

async function stop(): Promise<void> {
  await Promise.all(listeners.map((listener) => listener.close()))
  port?.close() // nothing is left to wait for, so the thread ends
}

function report(error: unknown): void {
  tell({ kind: 'fault', text: error instanceof Error ? (error.stack ?? error.message) : String(error) })
}

function tell(message: FromWorker): void {
  port?.postMessage(message)
}
