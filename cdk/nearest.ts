/** The text that takes the fewest changes of a character to become, capitals and signs aside. */
export function nearest(text: string, texts: readonly string[]): string | undefined {
  const distances = texts.map((one) => distance(plain(text), plain(one)))
  return texts[distances.indexOf(Math.min(...distances))]
}

// ---------------------------------------------------------------------------

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** Of Levenshtein: characters to insert, delete or replace. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (const [i, character] of [...from].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...to].entries()) {
      const [left = 0, above = 0, diagonal = 0] = [next[j], row[j + 1], row[j]]
      next.push(Math.min(left + 1, above + 1, diagonal + (character === other ? 0 : 1)))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
