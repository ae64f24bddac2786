import type { Listener } from '../listeners/listener.ts'
import { udpErrors } from '../metrics/families.ts'
import { Batch } from './batch.ts'
import { type ExchangeParts, exchange } from './exchange.ts'
import { EAGAIN, EBADF, EINTR, POLLFD_EVENTS, POLLFD_HAPPENED, POLLFD_SIZE, POLLIN } from './layout.ts'
import { type Libc, systemError } from './libc.ts'
import { type DatagramSocket, WAIT_MS } from './socket.ts'

/**
 * Answers what comes to sockets that somebody else opened, and closes. The thread waits in the kernel for datagrams, but for
 * moments only, so that it has its turns of Node's loop, for messages and timers. So it must have nothing else to do.
 */
export function listenForDatagrams(libc: Libc, sockets: readonly DatagramSocket[], parts: ExchangeParts): Listener {
  const batch = new Batch(libc)
  const { counters } = parts
  const receive = sockets.length === 1 ? receiveFromOne : receiveFromAll
  const polled = pollfds(sockets)
  let closing: { readonly until: number; readonly done: () => void } | undefined
  let failing = false
  setImmediate(turn)
  return {
    port: sockets[0]?.port ?? 0,
    close: () =>
      new Promise((done) => {
        closing = { until: performance.now() + DRAIN_MS, done }
      }),
  }

  /** Works for a moment, with one wait at most that was in vain. Then what else there is has its turn. */
  function turn(): void {
    const end = performance.now() + TURN_MS
    let taken: number
    failing = false
    do taken = receive(closing === undefined)
    while (taken > 0 && performance.now() < end)
    if (closing !== undefined && (taken === 0 || performance.now() > closing.until)) closing.done()
    else if (failing) setTimeout(turn, PAUSE_MS)
    else setImmediate(turn)
  }

  function receiveFromOne(wait: boolean): number {
    return receiveFrom(sockets[0] as DatagramSocket, wait)
  }

  function receiveFromAll(wait: boolean): number {
    const ready = libc.poll(polled, BigInt(sockets.length), wait ? WAIT_MS : 0)
    if (ready < 0) failed('poll', libc.errno())
    if (ready <= 0) return 0
    let taken = 0
    for (const [i, socket] of sockets.entries()) if (hasEvents(polled, i)) taken += receiveFrom(socket, false)
    return taken
  }

  /** Answers a batch. Gives how many datagrams there were. */
  function receiveFrom(socket: DatagramSocket, wait: boolean): number {
    const count = batch.receive(socket.descriptor, wait)
    if (count > 0) exchange(batch, count, socket, parts)
    else failed('recvmmsg', -count)
    return Math.max(count, 0)
  }

  /** Nothing that may happen on the way to or from a client ends this, but it must not go round and round either. */
  function failed(call: string, errno: number): void {
    if (errno === EAGAIN || errno === EINTR) return
    if (errno === EBADF) throw systemError(call, errno) // it will never work again: the thread ends, and that is told
    counters.add(udpErrors)
    failing = true
  }
}

// ---------------------------------------------------------------------------

const TURN_MS = 1
const PAUSE_MS = 1
/** More than it takes to answer all that a socket can hold. */
const DRAIN_MS = 250

/** What `poll` takes and gives. */
function pollfds(sockets: readonly DatagramSocket[]): Uint8Array {
  const polled = new DataView(new ArrayBuffer(sockets.length * POLLFD_SIZE))
  for (const [i, { descriptor }] of sockets.entries()) {
    polled.setInt32(i * POLLFD_SIZE, descriptor, true)
    polled.setInt16(i * POLLFD_SIZE + POLLFD_EVENTS, POLLIN, true)
  }
  return new Uint8Array(polled.buffer)
}

function hasEvents(polled: Uint8Array, i: number): boolean {
  const at = i * POLLFD_SIZE + POLLFD_HAPPENED
  return polled[at] !== 0 || polled[at + 1] !== 0
}
