import { createHash } from 'node:crypto'
import type { Further } from '../../responder/control/server.ts'
import { alarmsOf } from '../../shared/metrics/alarms.ts'
import { dashboardBody } from '../../shared/metrics/body.ts'
import type { Deployed } from '../../shared/metrics/deployed.ts'
import type { Figures } from '../metrics/figures.ts'
import { formatTotals } from '../metrics/prometheus.ts'
import { BUCKET_MS } from '../metrics/store.ts'
import { AlarmWatch } from './alarms.ts'
import type { DashboardData } from './answer.ts'
import { type Assets, keepAssets } from './assets.ts'
import { evaluate } from './evaluate.ts'
import { dashboardPages } from './pages.ts'
import { periodsOf } from './range.ts'

export interface Dashboard extends Further {
  /** Begins to watch the alarms and to show figures, once it is known what there is. */
  start(deployed: Deployed): void
  stop(): void
}

/** What the stack shows of itself: pages, and what the alarms tell. Until it is started, it says that the stack is starting. */
export function createDashboard(figures: Figures, tell: (line: string) => void): Dashboard {
  let shown: Shown | undefined
  let timer: NodeJS.Timeout | undefined
  return {
    pages: dashboardPages({ assets: keepAssets(), body: () => shown?.body, data }),
    metrics: () => (shown === undefined ? '' : formatTotals(figures.store, shown.deployed)),
    start(deployed) {
      const alarms = alarmsOf(deployed)
      const body = dashboardBody(
        deployed,
        alarms.map(({ id }) => id),
      )
      const watch = new AlarmWatch({ alarms, store: figures.store, since: figures.since, tell })
      shown = { deployed, body, version: hash(JSON.stringify(body)), watch }
      timer = setInterval(() => {
        figures.tick()
        watch.look(figures.now())
      }, BUCKET_MS)
      figures.tick()
    },
    stop() {
      clearInterval(timer)
    },
  }

  function data(query: URLSearchParams, assets: Assets): DashboardData | undefined {
    const now = figures.now()
    const periods = periodsOf(query, now)
    if (shown === undefined) return undefined
    const { store, since, latest } = figures
    const { body, version, watch } = shown
    return {
      version: `${assets.version}${version}`,
      now,
      since,
      end: periods.end,
      periodSeconds: periods.periodMs / 1000,
      periods: periods.count,
      widgets: evaluate(body, { store, since, latest }, periods),
      alarms: watch.look(now),
    }
  }
}

// ---------------------------------------------------------------------------

interface Shown {
  readonly deployed: Deployed
  readonly body: ReturnType<typeof dashboardBody>
  readonly version: string
  readonly watch: AlarmWatch
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
