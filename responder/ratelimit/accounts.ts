import { randomFillSync } from 'node:crypto'

/** Memory for accounts. Threads share it, so that a client has one account whichever of them its requests come to. */
export function createAccountMemory(): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(SEED_BYTES + SLOTS * (8 + 8 + 4))
  randomFillSync(new Uint8Array(memory, 0, SEED_BYTES))
  return memory
}

/**
 * Token buckets by a hash of what they are for. There is a fixed number of them: where no slot of the few that a hash
 * leads to is free, the one that was used longest ago is given up, which is hardly one that a flood keeps empty. Which
 * names and prefixes share slots depends on a random seed, so nobody can choose them to push others out. Threads do not
 * wait for each other; a token may go to two at once.
 */
export class Accounts {
  /** Where hashes begin. */
  readonly seed: readonly [number, number]
  readonly #tokens: Float64Array
  /** When the tokens were counted, in milliseconds. */
  readonly #times: Float64Array
  /** Second hashes, which tell accounts of the same slots apart; 0 is a free slot. */
  readonly #tags: Uint32Array

  constructor(memory: SharedArrayBuffer) {
    const [first, second] = new Uint32Array(memory, 0, 2)
    this.seed = [first as number, second as number]
    this.#tokens = new Float64Array(memory, SEED_BYTES, SLOTS)
    this.#times = new Float64Array(memory, SEED_BYTES + 8 * SLOTS, SLOTS)
    this.#tags = new Uint32Array(memory, SEED_BYTES + 16 * SLOTS, SLOTS)
  }

  /** Takes a token from the account, which gets `rate` of them a second and holds as many. False if there is none. */
  take(hash: number, tag: number, rate: number, now: number): boolean {
    const slot = this.#slotOf(hash, tag >>> 0 || 1, rate, now)
    const tokens = this.#tokens
    const times = this.#times
    const passed = Math.max(0, now - (times[slot] as number))
    const left = Math.min(Math.max(rate, 1), (tokens[slot] as number) + (passed * rate) / 1000)
    times[slot] = now
    tokens[slot] = left < 1 ? left : left - 1
    return left >= 1
  }

  #slotOf(hash: number, tag: number, rate: number, now: number): number {
    const tags = this.#tags
    const times = this.#times
    const start = hash & (SLOTS - WAYS)
    let oldest = start
    for (let slot = start; slot < start + WAYS; slot++) {
      if (tags[slot] === tag) return slot
      if ((times[slot] as number) < (times[oldest] as number)) oldest = slot
    }
    tags[oldest] = tag
    times[oldest] = now
    this.#tokens[oldest] = Math.max(rate, 1)
    return oldest
  }
}

// ---------------------------------------------------------------------------

const SEED_BYTES = 8
const SLOTS = 1 << 16
const WAYS = 4
