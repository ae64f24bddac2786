import { BUCKET_MS, type Periods } from '../metrics/store.ts'

/** A question that cannot be answered; its message says why. */
export class QueryError extends Error {
  override name = 'QueryError'
}

/** The complete periods that a query asks for, by `minutes` alone. Throws QueryError. */
export function periodsOf(query: URLSearchParams, now: number): Periods {
  const minutes = minutesOf(query)
  const periodMs = PERIODS.find(([upTo]) => minutes <= upTo)?.[1] ?? 60_000
  return { end: Math.floor(now / periodMs) * periodMs, periodMs, count: Math.ceil((minutes * 60_000) / periodMs) }
}

// ---------------------------------------------------------------------------

const MOST_MINUTES = 60

/** Up to so many minutes, periods of so many milliseconds: about 60 of them, and at an hour those of CloudWatch. */
const PERIODS = [
  [5, BUCKET_MS],
  [15, 15_000],
] as const

function minutesOf(query: URLSearchParams): number {
  const unknown = [...query.keys()].find((name) => name !== 'minutes')
  if (unknown !== undefined) throw new QueryError(`there is no parameter ${JSON.stringify(unknown)}, only minutes`)
  const [text = '15', ...more] = query.getAll('minutes')
  const minutes = Number(text)
  if (more.length > 0 || !/^\d{1,3}$/.test(text) || minutes < 1 || minutes > MOST_MINUTES) {
    throw new QueryError(`minutes must be one whole number from 1 to ${MOST_MINUTES}`)
  }
  return minutes
}
