import { ZERO } from './ascii.ts'

/** Seconds of `3600`, `1h30m`, `1w2d` (units s, m, h, d, w, any case); undefined if it is none. */
export function parseDuration(word: string): number | undefined {
  let number = 0
  for (let i = 0; i < word.length && number >= 0; i++) {
    const digit = word.charCodeAt(i) - ZERO
    number = digit >= 0 && digit <= 9 ? number * 10 + digit : -1
  }
  if (number >= 0 && word !== '') return number
  if (!/^(\d{1,10}[smhdw])+$/i.test(word)) return undefined
  let seconds = 0
  for (const [, count, unit = ''] of word.toLowerCase().matchAll(/(\d+)(.)/g)) {
    seconds += Number(count) * (SECONDS[unit] as number)
  }
  return seconds
}

// ---------------------------------------------------------------------------

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 }
