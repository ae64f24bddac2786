import { Worker } from 'node:worker_threads'
import type { Sockets } from '../datagrams/sockets.ts'
import { telling } from '../links/errors.ts'
import { freePort, type Served } from '../listeners/listen.ts'
import type { QueryLog } from '../log/buffer.ts'
import { Consolidation, type Fault, formatFault } from './consolidation.ts'
import type { Change, FromWorker, ToWorker, Work, WorkerEndpoint, WorkerSetup } from './messages.ts'

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
  /** Threads of workers that died so far. */
  readonly deaths: number
  /** Datagrams that the kernel dropped because workers were too slow; undefined where that is not known. */
  readonly drops: number | undefined
}

export interface CrewOptions {
  /** Workers. Where `sockets` serve UDP, each is two threads: the first for streams, the other for datagrams. */
  readonly size: number
  readonly sockets: Sockets | undefined
  readonly setup: Omit<WorkerSetup, 'worker'>
  /** Called when a thread is gone, in the middle of reading perhaps. */
  readonly onGone: (thread: number) => void
  readonly log: (line: string) => void
  readonly queryLog: QueryLog
}

export function startCrew({ size, sockets, onGone, log, queryLog, ...options }: CrewOptions): Crew {
  let { setup } = options
  const threads = crewThreads(size, sockets !== undefined)
  const members: Member[] = []
  const faults = new Consolidation((fault, window) => log(formatFault(fault, window)), telling(setup.links).window)
  const pauses = new Set<NodeJS.Timeout>()
  let bound: readonly WorkerEndpoint[] | undefined
  let deaths = 0
  let stopping = false

  for (let thread = 0; thread < threads; thread++) members.push(start(thread))

  return {
    async listen(endpoints) {
      const [first, ...others] = members
      const wanted = sockets === undefined ? endpoints : await withoutUdp(sockets, endpoints)
      bound = (await first?.listen({ endpoints: wanted })) ?? wanted // with the ports the system chose, for the others to share
      await Promise.all(others.map((member, i) => member.listen(workOf(i + 1))))
      return endpoints.map((endpoint, i) => ({ ...endpoint, port: bound?.[i]?.port ?? endpoint.port }))
    },
    change(change) {
      setup = { ...setup, ...change }
      faults.setWindow(telling(setup.links).window)
      for (const member of members) member.tell({ kind: 'change', change })
    },
    status: () => ({ listening: countListening(), deaths, drops: sockets?.drops() }),
    async stop() {
      stopping = true
      for (const timer of pauses) clearTimeout(timer)
      await Promise.all(members.map((member) => member.stop()))
      sockets?.close()
    },
  }

  /** Streams are for the first thread of each worker, datagrams for the other one. */
  function workOf(thread: number): Work {
    const isFirst = thread < size
    return { endpoints: isFirst ? (bound ?? []) : [], sockets: isFirst ? [] : (sockets?.ofWorker(thread - size) ?? []) }
  }

  function countListening(): number {
    const listening = members.map((member) => member.isListening())
    return listening.slice(0, size).filter((_, worker) => listening[worker] && listening[worker + size] !== false)
      .length
  }

  function start(thread: number, pause = MIN_PAUSE_MS): Member {
    const born = Date.now()
    const member = startMember({ ...setup, worker: thread }, (fault) => faults.add(fault), queryLog)
    void member.ended.then((reason) => {
      onGone(thread)
      if (stopping) return
      deaths++
      const wait = Date.now() - born > SOUND_MS ? MIN_PAUSE_MS : pause
      const name = thread < size ? `worker ${thread}` : `worker ${thread - size}, for UDP,`
      log(`${name} ended (${reason}); another takes its place in ${wait} ms`)
      const timer = setTimeout(() => {
        pauses.delete(timer)
        members[thread] = replace(thread, Math.min(2 * wait, MAX_PAUSE_MS))
      }, wait)
      pauses.add(timer)
    })
    return member
  }

  function replace(thread: number, pause: number): Member {
    const member = start(thread, pause)
    if (bound !== undefined) {
      member.listen(workOf(thread)).catch((error: Error) => {
        log(error.message)
        void member.kill()
      })
    }
    return member
  }
}

/** Threads of so many workers, of which each counts in a row of its own. */
export function crewThreads(size: number, forDatagrams: boolean): number {
  return forDatagrams ? 2 * size : size
}

// ---------------------------------------------------------------------------

const MIN_PAUSE_MS = 100
const MAX_PAUSE_MS = 10_000
const SOUND_MS = 60_000 // a worker that lived so long did not die of its start
const STOP_MS = 3000

/** Opens the sockets of all workers for UDP. What is left of the endpoints is for the threads that take streams. */
async function withoutUdp(sockets: Sockets, endpoints: readonly Served[]): Promise<readonly WorkerEndpoint[]> {
  const left: WorkerEndpoint[] = []
  for (const { speaks, host, port: wanted } of endpoints) {
    if (speaks !== 'dns') {
      left.push({ speaks, host, port: wanted })
      continue
    }
    const port = wanted === 0 ? await freePort(host) : wanted
    sockets.open({ host, port })
    left.push({ speaks: 'tcp', host, port })
  }
  return left
}

interface Member {
  tell(message: ToWorker): void
  listen(work: Work): Promise<readonly WorkerEndpoint[]>
  isListening(): boolean
  /** Resolves with the reason when the thread is gone. */
  readonly ended: Promise<string>
  stop(): Promise<void>
  kill(): Promise<unknown>
}

function startMember(setup: WorkerSetup, onFault: (fault: Fault) => void, queryLog: QueryLog): Member {
  const thread = new Worker(new URL('./worker.ts', import.meta.url), { workerData: setup })
  let listening = false
  let stopped = false
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
    async listen(work) {
      if (stopped) throw new Error('a worker that is to end does not listen')
      const replied = new Promise<ListenReply>((resolve) => {
        onListen = resolve
      })
      tell({ kind: 'listen', work })
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
      stopped = true
      await ended
      clearTimeout(late)
    },
    kill: () => thread.terminate(),
  }
}

type ListenReply = Exclude<FromWorker, { kind: 'fault' | 'log' }>
