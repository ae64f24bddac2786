import type { DashboardData } from '../answer.ts'

export interface PollOptions {
  /** What is asked for, at each time. */
  readonly minutes: () => number
  readonly heard: (data: DashboardData) => void
  /** There is no answer, or none that helps; the reason in words. */
  readonly missed: (reason: 'gone' | 'starting') => void
}

export interface Poll {
  /** Asks at once. */
  now(): void
}

/** Asks for the figures whenever new ones are due, and where there is no answer goes on asking. */
export function startPoll({ minutes, heard, missed }: PollOptions): Poll {
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0
  void ask()
  return { now: () => void ask() }

  async function ask(): Promise<void> {
    clearTimeout(timer)
    const own = ++turn // an answer that has been overtaken says nothing any more
    const wait = await look(() => own === turn)
    if (own === turn) timer = setTimeout(ask, wait)
  }

  /** Gives the time until the next question. */
  async function look(isCurrent: () => boolean): Promise<number> {
    try {
      const response = await fetch(`/dashboard/data.json?minutes=${minutes()}`, {
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      if (response.ok) {
        const data: DashboardData = await response.json()
        if (isCurrent()) heard(data)
        return EVERY_MS - (data.now % EVERY_MS) + LATER_MS
      }
      if (isCurrent()) missed(response.status === 503 ? 'starting' : 'gone')
    } catch {
      if (isCurrent()) missed('gone')
    }
    return AGAIN_MS
  }
}

// ---------------------------------------------------------------------------

/** Periods are multiples of this, by the clock. */
const EVERY_MS = 5_000
const LATER_MS = 200
const AGAIN_MS = 2_000
const PATIENCE_MS = 4_000
