import type { DashboardData } from '../answer.ts'

/** The periods that are shown. */
export interface Shown {
  /** Where the last one ends, in milliseconds since the epoch. */
  readonly end: number
  readonly periodMs: number
  readonly periods: number
}

export function shownIn({ end, periodSeconds, periods }: DashboardData): Shown {
  return { end, periodMs: periodSeconds * 1000, periods }
}

/** When a period begins, which is the time that CloudWatch gives it. */
export function timeOf({ end, periodMs, periods }: Shown, index: number): number {
  return end - (periods - index) * periodMs
}
