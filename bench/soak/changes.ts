import type { NameChange, RRsets, Segment } from '../../shared/records/model.ts'
import { EMPTY_LOG } from '../../shared/records/ports.ts'
import { type Random, randomNumbers } from '../../test/random.ts'
import { addressOf, BENCH_APEX, benchName } from '../zone.ts'

/**
 * Names that come, change and go in waves, so that the table grows, is indexed anew and is closed up. It is known of each
 * what may be said of it: from the last version that was served when it was asked for, to the last that was sent.
 */
export class Changes {
  /** The last segment that was made, and the last one that is known to be served. */
  head: number = EMPTY_LOG
  served: number = EMPTY_LOG
  /** Times that there were many and then few. */
  waves = 0
  changed = 0
  readonly names: number
  readonly #random: Random
  readonly #versions: Version[][]
  #present = 0
  #growing = true

  constructor(names: number, seed: number) {
    this.names = names
    this.#random = randomNumbers(seed)
    this.#versions = Array.from({ length: names }, () => [{ number: 0, segment: EMPTY_LOG, said: '' }])
  }

  next(): Segment {
    this.head++
    const chosen = new Set<number>()
    while (chosen.size < AT_ONCE) chosen.add(this.#choose())
    this.changed += AT_ONCE
    return { seq: this.head, at: Date.now(), changes: Array.from(chosen, (i) => this.#change(i)) }
  }

  /** What may be said of a name, addresses or nothing, in answer to a question that was asked when that segment was served. */
  maySay(i: number, served: number): string[] {
    const versions = this.#versions[i] as Version[]
    return versions.filter((_, at) => (versions[at + 1]?.segment ?? this.head + 1) > served).map(({ said }) => said)
  }

  /** With names above each that exist for as long as there are some below them. */
  nameOf(i: number): string {
    return `c${i}.w${i % 997}`
  }

  /** A name that is to change: while there are ever fewer, mostly one that is there. */
  #choose(): number {
    let i = this.#random(this.names)
    while (!this.#growing && this.#isThere(i) === false) i = this.#random(this.names)
    return i
  }

  #change(i: number): NameChange {
    const before = (this.#versions[i] as Version[]).at(-1) as Version
    const number = before.number + 1
    const wasThere = before.said !== ''
    const goes = wasThere && !this.#growing && this.#random(5) > 0
    const now = goes ? [] : this.#addresses(i, number)
    this.#present += Number(!goes) - Number(wasThere)
    this.#versions[i]?.push({ number, segment: this.head, said: now.toSorted().join(' ') })
    if (number >= KEPT) this.#versions[i]?.shift()
    if (this.#growing && this.#present > MOST * this.names) this.#growing = false
    if (!this.#growing && this.#present < LEAST * this.names) {
      this.#growing = true
      this.waves++
    }
    const text = `"${'x'.repeat(1 + this.#random(250))}"`
    const rrsets: RRsets = goes ? {} : { A: { ttl: 60, rdata: now }, TXT: { ttl: 60, rdata: [text] } }
    const versions = { from: before.number, first: number, version: number }
    return { name: benchName(this.nameOf(i)), zone: BENCH_APEX, ...versions, old: {}, new: rrsets }
  }

  #addresses(i: number, version: number): string[] {
    const count = 1 + this.#random(8)
    return Array.from({ length: count }, (_, at) => addressOf(i * 131 + version * 8 + at))
  }

  #isThere(i: number): boolean {
    return this.#versions[i]?.at(-1)?.said !== ''
  }
}

/** Names that change in one segment. */
export const AT_ONCE = 100

// ---------------------------------------------------------------------------

interface Version {
  readonly number: number
  /** Where it came with. */
  readonly segment: number
  /** Its addresses in order; nothing where the name does not exist. */
  readonly said: string
}

/** Shares of the names at which a wave turns. */
const MOST = 0.8
const LEAST = 0.1
/** Versions of a name that are remembered: more than there are in the time between a change and its being served. */
const KEPT = 16
