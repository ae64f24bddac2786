import type { MirrorRow, Refusal } from '../../shared/mirror/model.ts'

/** Why an RRset of a name is not mirrored. */
export interface QuarantinedRRset {
  readonly type: string
  readonly code: Refusal['code']
  readonly message: string
  readonly since: string
}

export function quarantinedRRsets(refused: MirrorRow['refused']): readonly QuarantinedRRset[] {
  const types = Object.entries(refused).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return types.map(([type, { code, message, at }]) => ({ type, code, message, since: time(at) }))
}

/** ISO 8601, UTC, of milliseconds since the epoch. */
export function time(ms: number): string {
  return new Date(ms).toISOString()
}

export function seconds(ms: number): number {
  return ms / 1000
}
