/**
 * The ids of the messages that a function reports as failed. As with Lambda, a result without a word on failures says that
 * there are none, and one that cannot be understood, or names a message that is not of the batch, that all have failed
 * (Lambda Developer Guide, "Success and failure conditions").
 */
export function failedOf(result: unknown, batch: readonly string[]): readonly string[] {
  if (result === undefined || result === null) return []
  if (typeof result !== 'object') return batch
  const { batchItemFailures: failures = [] } = result as { batchItemFailures?: unknown }
  if (failures === null) return []
  if (!Array.isArray(failures)) return batch
  const ids = failures.map((failure: { itemIdentifier?: unknown } | null) => failure?.itemIdentifier)
  return ids.every((id): id is string => typeof id === 'string' && batch.includes(id)) ? ids : batch
}
