/** Tries a check again until it holds; after half a minute its error stands. */
export async function eventually(check: () => void | Promise<void>): Promise<void> {
  for (const until = Date.now() + 30_000; ; ) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > until) throw error
      await new Promise((later) => setTimeout(later, 20))
    }
  }
}
