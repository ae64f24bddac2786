import type { Answer } from '../answer.ts'
import type { Counters } from '../metrics/counters.ts'
import { dropped, udpErrors } from '../metrics/families.ts'
import { type Batch, SLOT_SIZE } from './batch.ts'
import type { DatagramSocket } from './socket.ts'

/**
 * Answers an ordinary question of so many octets at `start`, in place. Gives the length of the reply; 0 if the question is
 * not ordinary, with the octets as they were.
 */
export type Fast = (start: number, length: number) => number

export interface ExchangeParts {
  readonly fast: Fast
  readonly answer: Answer
  readonly counters: Counters
}

/** What an exchange needs of a batch. */
export type ExchangedBatch = Omit<Batch, 'receive'>

/** Answers what was received into the first `count` slots. Replies leave together, as far as they stand side by side. */
export function exchange(batch: ExchangedBatch, count: number, socket: DatagramSocket, parts: ExchangeParts): void {
  let first = 0
  for (let i = 0; i < count; i++) {
    if (answerOne(batch, i, parts)) {
      if (socket.everywhere) batch.freeRoute(i)
      continue
    }
    send(first, i)
    first = i + 1
  }
  send(first, count)

  function send(start: number, end: number): void {
    if (start === end) return
    const failed = batch.send(socket.descriptor, start, end)
    if (failed > 0) parts.counters.add(udpErrors, 0, failed)
  }
}

// ---------------------------------------------------------------------------

/** False if there is to be silence. */
function answerOne(batch: ExchangedBatch, i: number, { fast, answer, counters }: ExchangeParts): boolean {
  const port = batch.clientPort(i)
  // Nothing listens on port 0: such a source is forged, and there are systems that refuse to send there.
  if (port === 0 || batch.isCutOff(i)) {
    counters.add(dropped)
    return false
  }
  const start = i * SLOT_SIZE
  const length = batch.length(i)
  const ready = fast(start, length)
  if (ready > 0) {
    batch.setLength(i, ready)
    return true
  }
  const packet = batch.octets.subarray(start, start + length) // nobody keeps it: what is told of it is told before the reply
  const reply = answer(packet, { transport: 'udp', address: batch.clientAddress(i), port })
  if (reply === undefined) return false
  batch.put(i, reply)
  return true
}
