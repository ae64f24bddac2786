import type { DashboardData } from '../answer.ts'
import { summaryOf } from './alarms.ts'
import { byId } from './dom.ts'
import { formatPeriod, formatSecond } from './times.ts'

export interface Status {
  heard(data: DashboardData): void
  missed(reason: 'gone' | 'starting'): void
  /** Hears of all figures that come. */
  watch(watcher: (data: DashboardData) => void): void
}

/** Tells whether figures come, of when they are, and how many alarms are raised: on the page and in its title. */
export function createStatus(): Status {
  const watchers: ((data: DashboardData) => void)[] = []
  const [line, raised, period] = [byId('status'), byId('raised'), byId('period')]
  let last: number | undefined
  let since: number | undefined
  return {
    watch: (watcher) => void watchers.push(watcher),
    heard(data) {
      for (const watch of watchers) watch(data)
      last = data.now
      since = undefined
      const alarms = data.alarms.filter(({ state }) => state === 'alarm')
      say('live', 'live')
      line.title = `figures of ${formatSecond(last)}`
      raised.hidden = alarms.length === 0
      raised.textContent = `${alarms.length} ${alarms.length === 1 ? 'alarm' : 'alarms'}`
      document.title = alarms.length === 0 ? 'Namestream' : `(${alarms.length}) Namestream: ${summaryOf(alarms)}`
      const each = formatPeriod(data.periodSeconds)
      period.textContent = `Each point is ${each}, at the time when it began. Counting since ${formatSecond(data.since)}.`
    },
    missed(reason) {
      since ??= last ?? Date.now()
      if (reason === 'starting') say('starting', 'the stack is starting')
      else say('gone', `no connection since ${formatSecond(since)}`)
      document.title = reason === 'starting' ? 'Namestream: starting' : 'Namestream: no connection'
    },
  }

  /** A screen reader reads what changes, so only that is changed. */
  function say(state: string, text: string): void {
    document.body.dataset.connection = state
    if (line.textContent !== text) line.textContent = text
  }
}
