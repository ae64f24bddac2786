import type { Answer } from '../answer.ts'
import { type FastPath, SILENT } from '../fast-path/fast-path.ts'
import type { ErrorReport } from '../link.ts'
import type { Counters } from '../metrics/counters.ts'
import { dropped, panics, udpErrors } from '../metrics/families.ts'
import { type Batch, SLOT_SIZE } from './batch.ts'
import type { DatagramSocket } from './socket.ts'

export interface ExchangeParts {
  readonly answer: Answer
  readonly counters: Counters
  readonly report: ErrorReport
  /** What answers ordinary questions in these octets; undefined where the chain is to see them all. */
  readonly fastPath: (octets: Uint8Array) => FastAnswers | undefined
}

/** Of a FastPath what is needed here. */
export type FastAnswers = Pick<FastPath, 'begin' | 'read' | 'touch' | 'answer' | 'end'>

/** What an exchange needs of a batch. */
export type ExchangedBatch = Omit<Batch, 'receive'>

/** Answers what was received into the first `count` slots. Replies leave together, as far as they stand side by side. */
export function exchange(batch: ExchangedBatch, count: number, socket: DatagramSocket, parts: ExchangeParts): void {
  const fast = parts.fastPath(batch.octets)
  const silent: number[] = []
  if (fast !== undefined) {
    fast.begin()
    for (let i = 0; i < count; i++) fast.read(i * SLOT_SIZE, batch.length(i))
    fast.touch()
  }
  for (let i = 0; i < count; i++) {
    if (!answerOne(batch, i, parts, fast)) silent.push(i)
    else if (socket.everywhere) batch.freeRoute(i)
  }
  fast?.end()
  let first = 0
  for (const i of silent) {
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
function answerOne(batch: ExchangedBatch, i: number, parts: ExchangeParts, fast: FastAnswers | undefined): boolean {
  const { answer, counters } = parts
  const port = batch.clientPort(i)
  // Nothing listens on port 0: such a source is forged, and there are systems that refuse to send there.
  if (port === 0 || batch.isCutOff(i)) {
    counters.add(dropped)
    return false
  }
  const start = i * SLOT_SIZE
  const length = batch.length(i)
  try {
    const ready = fast?.answer(i, batch) ?? 0
    if (ready === SILENT) return false
    if (ready > 0) {
      batch.setLength(i, ready)
      return true
    }
  } catch (error) {
    // What stands there now may be neither the question nor an answer.
    counters.add(panics)
    parts.report(error)
    return false
  }
  const packet = batch.octets.subarray(start, start + length) // nobody keeps it: what is told of it is told before the reply
  const reply = answer(packet, { transport: 'udp', address: batch.clientAddress(i), port })
  if (reply === undefined) return false
  batch.put(i, reply)
  return true
}
