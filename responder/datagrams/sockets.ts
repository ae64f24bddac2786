import { type Endpoint, listenError } from '../listeners/endpoint.ts'
import type { Libc } from './libc.ts'
import { closeSocket, type DatagramSocket, dropsOf, openSocket } from './socket.ts'

/**
 * The sockets of all workers, of which each has one at each endpoint. They belong to nobody who may die: a worker that takes
 * the place of another takes its sockets, too, and with them what waits there for an answer.
 */
export class Sockets {
  readonly #libc: Libc
  readonly #ofWorkers: DatagramSocket[][]
  /** What each had dropped when it was looked at last. */
  readonly #dropped = new Map<DatagramSocket, number>()
  #drops = 0

  constructor(libc: Libc, workers: number) {
    this.#libc = libc
    this.#ofWorkers = Array.from({ length: workers }, () => [])
  }

  /** Opens those at one endpoint. Throws an Error that says in words why that is not possible. */
  open(endpoint: Endpoint): void {
    try {
      for (const sockets of this.#ofWorkers) sockets.push(openSocket(this.#libc, endpoint, this.#ofWorkers.length > 1))
    } catch (error) {
      throw listenError(endpoint, error as NodeJS.ErrnoException)
    }
  }

  ofWorker(worker: number): readonly DatagramSocket[] {
    return this.#ofWorkers[worker] ?? []
  }

  /** Datagrams dropped so far because they came faster than they were taken. */
  drops(): number {
    for (const socket of this.#ofWorkers.flat()) {
      const dropped = dropsOf(this.#libc, socket)
      this.#drops += (dropped - (this.#dropped.get(socket) ?? 0)) >>> 0 // the kernel counts in 32 bits
      this.#dropped.set(socket, dropped)
    }
    return this.#drops
  }

  /** For when all workers have ended. */
  close(): void {
    this.drops()
    for (const sockets of this.#ofWorkers) for (const socket of sockets.splice(0)) closeSocket(this.#libc, socket)
  }
}
