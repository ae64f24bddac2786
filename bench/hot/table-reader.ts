/** A thread that asks the table for names at random, as fast as it can, until it is told to end; then it tells how many it asked for. */
import { parentPort, workerData } from 'node:worker_threads'
import { Tally } from '../../responder/fast-path/tally.ts'
import { createCounterMemory } from '../../responder/metrics/counters.ts'
import { TableMemory } from '../../responder/table/memory.ts'
import { Asker } from './asker.ts'

export interface ReaderSetup {
  readonly table: SharedArrayBuffer
  /** Not 0 once the thread is to end. */
  readonly control: Int32Array
  readonly reader: number
  readonly names: number
}

const QUESTIONS = 20_000

const { table, control, reader, names } = workerData as ReaderSetup
const tally = new Tally(createCounterMemory(1), 0)
const label = () => `n${Math.floor(Math.random() * names)}`
const asker = new Asker(new TableMemory(table), reader, tally, QUESTIONS, label)
asker.askAll()
parentPort?.postMessage('reading')
let asked = 0
while (Atomics.load(control, 0) === 0) {
  asker.askAll()
  asked += QUESTIONS
}
parentPort?.postMessage(asked)
