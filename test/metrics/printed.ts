export type Line = Readonly<Record<string, unknown>>

/** What comes of some work, and the lines of metrics that CloudWatch would take from standard output meanwhile. */
export async function printed<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly lines: readonly Line[] }> {
  const texts: string[] = []
  const original = process.stdout.write
  process.stdout.write = ((chunk: string | Uint8Array, ...rest: []) => {
    const text = String(chunk)
    if (text.startsWith('{"_aws":')) return texts.push(text) > 0
    return original.call(process.stdout, chunk, ...rest) // the test runner's own
  }) as typeof original
  try {
    const result = await work()
    return { result, lines: texts.map((text) => JSON.parse(text)) }
  } finally {
    process.stdout.write = original
  }
}
