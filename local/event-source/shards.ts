/** A shard of a stream, as far as the order of reading depends on it. */
export interface Shard {
  readonly id: string
  readonly parent?: string
}

/**
 * The shards that may be read now: a child only after its parent was read to the end, so that the records of one item
 * keep their order across a split. A parent that the stream no longer lists has been trimmed away.
 */
export function readableShards(listed: readonly Shard[], drained: ReadonlySet<string>): readonly Shard[] {
  const waiting = new Set(listed.map(({ id }) => id).filter((id) => !drained.has(id)))
  return listed.filter(({ id, parent }) => waiting.has(id) && (parent === undefined || !waiting.has(parent)))
}
