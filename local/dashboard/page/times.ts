/** The times at which the axis has labels: multiples of a round time, of which at least `leastGap` pixels are apart. */
export function timeTicks(first: number, last: number, pixels: number, leastGap: number): readonly number[] {
  const perMs = pixels / Math.max(1, last - first)
  const step = STEPS.find((one) => one * perMs >= leastGap) ?? HOUR
  const offset = new Date(first).getTimezoneOffset() * MINUTE // so that hours begin where clocks say so
  const begin = Math.ceil((first - offset) / step) * step + offset
  return Array.from({ length: Math.max(0, Math.floor((last - begin) / step) + 1) }, (_, i) => begin + i * step)
}

/** Hours and minutes, by the clock of whoever looks. */
export function formatMinute(at: number): string {
  return MINUTES.format(at)
}

export function formatSecond(at: number): string {
  return SECONDS.format(at)
}

/** A length of time in words. */
export function formatPeriod(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}

// ---------------------------------------------------------------------------

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const STEPS = [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE]

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const MINUTES = new Intl.DateTimeFormat('en', CLOCK)
const SECONDS = new Intl.DateTimeFormat('en', { ...CLOCK, second: '2-digit' })
