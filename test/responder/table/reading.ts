import type { Random } from '../../random.ts'

/** What the writer and the threads that read beside it agree on. */
export const ZONE = 'example.org.'
export const NAMES = 20_000
/** Names below that number are changed, and never removed. */
export const STABLE = 10_000
/** Names below that number are asked for and changed most, so that both often meet. */
const HOT = 4

/** The number of a name. */
export function pickName(random: Random): number {
  return random(4) === 0 ? random(NAMES) : random(HOT)
}

/** The word of the control memory that ends the reading. */
export const TOLD_WORD = 0

export interface Told {
  readonly asked: number
  /** Left to the chain, as another zone took the place of the one that was found. */
  readonly left: number
  readonly found: number
  readonly absent: number
  readonly wrong: string
}
