/** Does the work for each item, so many side by side. Rejects with the first failure, once all that were begun have ended. */
export async function sideBySide<T>(
  width: number,
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items[Symbol.iterator]()
  const ends = await Promise.allSettled(Array.from({ length: width }, runner))
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed !== undefined) throw failed.reason

  async function runner(): Promise<void> {
    for (let next = left.next(); !next.done; next = left.next()) await work(next.value)
  }
}
