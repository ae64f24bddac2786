import { Worker } from 'node:worker_threads'
import { telling } from '../links/errors.ts'
import type { Served } from '../listeners/listen.ts'
import type { QueryLog } from '../log/buffer.ts'
import { Consolidation, type Fault, formatFault } from './consolidation.ts'
import type { Change, FromWorker, ToWorker, WorkerSetup } from './messages.ts'

/** The workers. One that dies is replaced. */
export interface Crew {
  /** Opens the listeners of all workers; the endpoints come back with the ports that were bound. Rejects if one cannot be had. */
  listen(endpoints: readonly Served[]): Promise<readonly Served[]>
  /** Takes effect at once: each request is answered by what holds before or after, never by some of both. */
  change(change: Change): void
  status(): CrewStatus
  stop(): Promise<void>
}

export interface CrewStatus {
  /** Workers that take requests now. */
  readonly listening: number
  /** Workers that died so far. */
  readonly deaths: number
}

export interface CrewOptions {
  readonly size: number
  readonly setup: Omit<WorkerSetup, 'worker'>
  /** Called when a worker is gone, in the middle of reading perhaps. */
  readonly onGone: (worker: number) => void
  readonly log: (line: string) => void
  readonly queryLog: QueryLog
}

export function startCrew({ size, onGone, log, queryLog, ...options }: CrewOptions): Crew {
  let { setup } = options
  const members: Member[] = []
  const faults = new Consolidation((fault, window) => log(formatFault(fault, window)), telling(setup.links).window)
  const pauses = new Set<NodeJS.Timeout>()
  let bound: readonly Served[] | undefined
  let deaths = 0
  let stopping = false

  for (let worker = 0; worker < size; worker++) members.push(start(worker))

  return {
    async listen(endpoints) {
      const [first, ...others] = members
      const chosen = (await first?.listen(endpoints)) ?? endpoints // with the ports the system chose, for the others to share
      await Promise.all(others.map((member) => member.listen(chosen)))
      bound = chosen
      return chosen
    },
    change(change) {
      setup = { ...setup, ...change }
      faults.setWindow(telling(setup.links).window)
      for (const member of members) member.tell({ kind: 'change', change })
    },
    status: () => ({ listening: members.filter((member) => member.isListening()).length, deaths }),
    async stop() {
      stopping = true
      for (const timer of pauses) clearTimeout(timer)
      await Promise.all(members.map((member) => member.stop()))
    },
  }

  function start(worker: number, pause = MIN_PAUSE_MS): Member {
    const born = Date.now()
    const member = startMember({ ...setup, worker }, (fault) => faults.add(fault), queryLog)
    void member.ended.then((reason) => {
      onGone(worker)
      if (stopping) return
      deaths++
      const wait = Date.now() - born > SOUND_MS ? MIN_PAUSE_MS : pause
      log(`worker ${worker} ended (${reason}); another takes its place in ${wait} ms`)
      const timer = setTimeout(() => {
        pauses.delete(timer)
        members[worker] = replace(worker, Math.min(2 * wait, MAX_PAUSE_MS))
      }, wait)
      pauses.add(timer)
    })
    return member
  }

  function replace(worker: number, pause: number): Member {
    const member = start(worker, pause)
    if (bound !== undefined) {
      member.listen(bound).catch((error: Error) => {
        log(error.message)
        void member.kill()
      })
    }
    return member
  }
}

// ---------------------------------------------------------------------------

const MIN_PAUSE_MS = 100
const MAX_PAUSE_MS = 10_000
const SOUND_MS = 60_000 // a worker that lived so long did not die of its start
const STOP_MS = 3000

interface Member {
  tell(message: ToWorker): void
  listen(endpoints: readonly Served[]): Promise<readonly Served[]>
  isListening(): boolean
  /** Resolves with the reason when the thread is gone. */
  readonly ended: Promise<string>
  stop(): Promise<void>
  kill(): Promise<unknown>
}

function startMember(setup: WorkerSetup, onFault: (fault: Fault) => void, queryLog: QueryLog): Member {
  const thread = new Worker(new URL('./worker.ts', import.meta.url), { workerData: setup })
  let listening = false
  let reason: string | undefined
  let onListen: ((message: ListenReply) => void) | undefined
  thread.on('message', (message: FromWorker) => {
    if (message.kind === 'fault') return onFault(message.fault)
    if (message.kind === 'log') return queryLog(message.lines, () => tell({ kind: 'log-written' }))
    listening = message.kind === 'listening'
    onListen?.(message)
  })
  thread.on('error', (error) => {
    reason = error.message
  })
  const ended = new Promise<string>((resolve) => {
    thread.on('exit', (code) => {
      listening = false
      resolve(reason ?? `exit code ${code}`)
    })
  })
  const tell = (message: ToWorker) => thread.postMessage(message)
  return {
    tell,
    async listen(endpoints) {
      const replied = new Promise<ListenReply>((resolve) => {
        onListen = resolve
      })
      tell({ kind: 'listen', endpoints })
      const reply = await Promise.race([replied, ended])
      if (typeof reply === 'string') throw new Error(`a worker ended before it could listen: ${reply}`)
      if (reply.kind === 'cannot-listen') throw new Error(reply.reason)
      return reply.endpoints
    },
    isListening: () => listening,
    ended,
    async stop() {
      const late = setTimeout(() => thread.terminate(), STOP_MS)
      tell({ kind: 'stop' })
      await ended
      clearTimeout(late)
    },
    kill: () => thread.terminate(),
  }
}

type ListenReply = Exclude<FromWorker, { kind: 'fault' | 'log' }>
