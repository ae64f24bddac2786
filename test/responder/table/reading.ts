/** What the writer and the threads that read beside it agree on. */
export const ZONE = 'example.org.'
export const NAMES = 20_000
/** Names below that number are changed, and never removed. */
export const STABLE = 10_000
/** The word of the control memory that ends the reading. */
export const TOLD_WORD = 0

export interface Told {
  readonly asked: number
  readonly found: number
  readonly absent: number
  readonly wrong: string
}
