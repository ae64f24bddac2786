import assert from 'node:assert/strict'
import type { Answer } from '../../responder/answer.ts'
import type { LinkSettings } from '../../responder/chain.ts'
import { FastPath } from '../../responder/fast-path/fast-path.ts'
import { ordinaryIn } from '../../responder/fast-path/ordinary.ts'
import { Tally } from '../../responder/fast-path/tally.ts'
import { createCounterMemory } from '../../responder/metrics/counters.ts'
import { TableReader } from '../../responder/table/reader.ts'
import type { Table } from '../../responder/table/table.ts'

/** Questions that the fast path was asked in this process, and those that it answered. */
export const asked = { all: 0, answered: 0 }

/** Chance that can be had again. */
export class Chance {
  readonly #random: () => number
  #drawn: number[] = []

  constructor(random: () => number) {
    this.#random = random
  }

  readonly draw = (): number => {
    const drawn = this.#random()
    this.#drawn.push(drawn)
    return drawn
  }

  readonly drawAgain = (): number => this.#drawn.shift() ?? assert.fail('nothing was drawn')

  forget(): void {
    this.#drawn = []
  }
}

/** An answer that asks the fast path as well, and throws if that says anything else. */
export function sameOnFastPath(answer: Answer, table: Table, links: LinkSettings = {}, chance: Chance): Answer {
  const ordinary = ordinaryIn(links)
  if (ordinary === undefined || ordinary.rates !== undefined) return answer // accounts cannot be taken from twice
  const octets = new Uint8Array(2 * ROOM)
  const tally = new Tally(createCounterMemory(1), 0)
  const path = new FastPath(
    octets,
    1,
    { reader: new TableReader(table.memory, 2), tally, random: chance.drawAgain },
    ordinary,
  )
  return (packet, from) => {
    chance.forget()
    const expected = answer(packet, from)
    if (from.transport !== 'udp' || packet.length > ROOM) return expected
    asked.all++
    const start = (asked.all & 3) * 4 // questions do not stand where they could be relied on to stand
    octets.fill(0xee)
    octets.set(packet, start)
    const length = inBatch(path, start, packet.length)
    if (length === 0) {
      assert.deepEqual(Buffer.from(octets.subarray(start, start + packet.length)), Buffer.from(packet))
    } else {
      asked.answered++
      const sent = octets.subarray(start, start + length)
      assert.equal(Buffer.from(sent).toString('hex'), Buffer.from(expected ?? []).toString('hex'))
    }
    return expected
  }
}

// ---------------------------------------------------------------------------

const ROOM = 8192

function inBatch(path: FastPath, start: number, length: number): number {
  path.begin()
  try {
    path.read(start, length)
    path.touch()
    return path.answer(0, { clientWords: () => new Uint32Array() })
  } finally {
    path.end()
  }
}
