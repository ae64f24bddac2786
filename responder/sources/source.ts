import type { Update } from '../zones/update.ts'

/** Where the zones come from. */
export interface Source {
  /**
   * Hands out all there is, then resolves; changes that come later follow until `signal` is aborted. Rejects, with an
   * Error whose message says why, if the source cannot be served.
   */
  start(publish: Publish, signal: AbortSignal): Promise<void>
  status(): SourceStatus
}

/**
 * `writtenAt` is when the writes among them were made, in milliseconds
 * since the epoch, as far as they came one by one and not with all there is.
 */
export type Publish = (updates: readonly Update[], writtenAt?: readonly number[]) => void

export interface SourceStatus {
  /** What is being done until all was read, in words; undefined from then on. */
  readonly loading: string | undefined
  readonly zones: number
  /** Names that own RRsets, apexes with only SOA and NS not among them. */
  readonly names: number
  /** For a source that is followed. */
  readonly followed?: {
    /** Number of the last change-log segment that is served. */
    readonly position: number
    /** Time since it was last known that nothing newer exists. */
    readonly ageSeconds: number
  }
}
