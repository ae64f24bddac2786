import { BATCH, SLOT_SIZE } from '../../responder/datagrams/batch.ts'
import { FastPath } from '../../responder/fast-path/fast-path.ts'
import { ordinaryIn } from '../../responder/fast-path/ordinary.ts'
import type { Tally } from '../../responder/fast-path/tally.ts'
import type { TableMemory } from '../../responder/table/memory.ts'
import { TableReader } from '../../responder/table/reader.ts'
import { Type } from '../../shared/dns/codes.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import { parseName } from '../../shared/dns/name.ts'
import { BENCH_ZONE } from '../zone.ts'

/** Asks the fast path in batches, as the listener does, without sockets. */
export class Asker {
  readonly #octets = new Uint8Array(BATCH * SLOT_SIZE + 8)
  readonly #path: FastPath
  readonly #batches: readonly (readonly Uint8Array[])[]

  constructor(memory: TableMemory, reader: number, tally: Tally, count: number, labelOf: (i: number) => string) {
    const ordinary = ordinaryIn({})
    if (ordinary === undefined) throw new Error('the usual links leave ordinary questions alone')
    this.#path = new FastPath(this.#octets, BATCH, { reader: new TableReader(memory, reader), tally }, ordinary)
    this.#batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) =>
      Array.from({ length: Math.min(BATCH, count - batch * BATCH) }, (_, i) => {
        const name = parseName(`${labelOf(batch * BATCH + i)}.${BENCH_ZONE}`)
        return encodeQuery({ id: i, name, type: Type.A })
      }),
    )
  }

  /** Throws where a question is left to the chain. */
  askAll(): void {
    const path = this.#path
    for (const batch of this.#batches) {
      for (let i = 0; i < batch.length; i++) this.#octets.set(batch[i] as Uint8Array, i * SLOT_SIZE)
      path.begin()
      for (let i = 0; i < batch.length; i++) path.read(i * SLOT_SIZE, (batch[i] as Uint8Array).length)
      path.touch()
      for (let i = 0; i < batch.length; i++)
        if (path.answer(i, CLIENTS) === 0) throw new Error('an ordinary question was not answered')
      path.end()
    }
  }
}

// ---------------------------------------------------------------------------

/** Nobody asks who they are, as no rate is limited. */
const CLIENTS = { clientWords: () => new Uint32Array() }
