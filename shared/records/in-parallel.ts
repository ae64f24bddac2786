/** Runs `run` for every item, at most `bound` at a time. Rejects with the first error, once all that was begun has ended. */
export async function inParallel<T>(
  bound: number,
  items: readonly T[],
  run: (item: T) => Promise<unknown>,
): Promise<void> {
  let failed = false
  const queue = items.values()
  const lane = async () => {
    for (const item of queue) {
      if (failed) return
      await run(item).catch((error: unknown) => {
        failed = true
        throw error
      })
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(bound, items.length) }, lane))
  for (const outcome of lanes) if (outcome.status === 'rejected') throw outcome.reason
}
