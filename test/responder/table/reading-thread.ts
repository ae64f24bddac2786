/** A thread that asks for names of which it knows what may be said, as fast as it can, and tells of the first wrong answer. */
import { parentPort, workerData } from 'node:worker_threads'
import { FastPath } from '../../../responder/fast-path/fast-path.ts'
import { ordinaryIn } from '../../../responder/fast-path/ordinary.ts'
import { Tally } from '../../../responder/fast-path/tally.ts'
import { createCounterMemory } from '../../../responder/metrics/counters.ts'
import { TableMemory } from '../../../responder/table/memory.ts'
import { TableReader } from '../../../responder/table/reader.ts'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import { encodeQuery } from '../../../shared/dns/encode-query.ts'
import { parseName } from '../../../shared/dns/name.ts'
import { randomNumbers } from '../../random.ts'
import { NAMES, pickName, STABLE, TOLD_WORD, type Told, ZONE } from './reading.ts'

const { table, control, reader } = workerData as { table: SharedArrayBuffer; control: Int32Array; reader: number }
const octets = new Uint8Array(4096 + 4)
const tally = new Tally(createCounterMemory(1), 0)
const ordinary = ordinaryIn({})
if (ordinary === undefined) throw new Error('the usual links leave ordinary questions alone')
const path = new FastPath(octets, 1, { reader: new TableReader(new TableMemory(table), reader), tally }, ordinary)
const random = randomNumbers(reader)
const packets = Array.from({ length: NAMES }, (_, i) =>
  encodeQuery({ id: i, name: parseName(`n${i}.${ZONE}`), type: 1 }),
)
const counts = { asked: 0, left: 0, found: 0, absent: 0, wrong: '' }

while (counts.wrong === '' && Atomics.load(control, TOLD_WORD) === 0) {
  for (let i = 0; i < 64; i++) ask(pickName(random))
}
parentPort?.postMessage(counts satisfies Told)

// ---------------------------------------------------------------------------

function ask(i: number): void {
  const packet = packets[i] as Uint8Array
  octets.set(packet)
  path.begin()
  path.read(0, packet.length)
  path.touch()
  const length = path.answer(0, { clientWords: () => new Uint32Array() })
  path.end()
  counts.asked++
  if (length === 0) {
    counts.left++
    return
  }
  const { rcode, answer } = decodeMessage(octets.subarray(0, length))
  const values = answer.map(({ rdata }) => Buffer.from(rdata).readUInt32BE())
  const [first = 0] = values
  if (rcode === 3 && answer.length === 0) {
    counts.absent++
    if (i < STABLE) counts.wrong = `n${i} is said not to exist`
  } else if (rcode !== 0 || values.length === 0 || values.some((value) => value !== first)) {
    counts.wrong = `n${i}: rcode ${rcode}, ${values.join(' ')}` // the RRs of one version are all the same
  } else if (first % NAMES !== i) counts.wrong = `n${i} has what belongs to n${first % NAMES}`
  else counts.found++
}
