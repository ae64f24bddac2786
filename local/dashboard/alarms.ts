import { type Alarm, isRaised } from '../../shared/metrics/alarms.ts'
import { definitionOf, SERVICE, type Service, type Unit } from '../../shared/metrics/catalogue.ts'
import { BUCKET_MS, type MetricStore } from '../metrics/store.ts'
import type { AlarmData, AlarmState } from './answer.ts'

export interface AlarmWatchParts {
  readonly alarms: readonly Alarm[]
  readonly store: MetricStore
  /** When counting began. */
  readonly since: number
  /** Hears when an alarm is raised and when it is over, one line each. */
  readonly tell: (line: string) => void
}

/** The alarms of the stack and the states they are in. */
export class AlarmWatch {
  readonly #parts: AlarmWatchParts
  readonly #states = new Map<string, { readonly state: AlarmState; readonly since: number }>()

  constructor(parts: AlarmWatchParts) {
    this.#parts = parts
  }

  /** Looks how things stand at that moment, and tells what has changed since the last look. */
  look(now: number): readonly AlarmData[] {
    const { alarms, store, since, tell } = this.#parts
    return alarms.map((alarm) => {
      const { id, runbook } = alarm
      const state = stateOf(alarm, store, since, now)
      const condition = conditionOf(alarm)
      const known = this.#states.get(id)
      const current = known?.state === state ? known : { state, since: known === undefined ? since : now }
      this.#states.set(id, current)
      if (state === 'alarm' && known?.state !== 'alarm') tell(`alarm: ${id}: ${condition}`)
      if (state !== 'alarm' && known?.state === 'alarm') tell(`alarm: ${id} is over`)
      return { id, ...current, condition, runbook }
    })
  }
}

// ---------------------------------------------------------------------------

/**
 * The state of an alarm by its last periods, which end now, as CloudWatch evaluates it. Data that is missing because
 * counting began only lately is no reason to raise it.
 */
function stateOf(alarm: Alarm, store: MetricStore, since: number, now: number): AlarmState {
  const { metric, statistic, periodSeconds, of, missing } = alarm
  const periodMs = periodSeconds * 1000
  const end = Math.floor(now / BUCKET_MS) * BUCKET_MS
  const values = store.values(metric, statistic, { end, periodMs, count: of })
  const isYoung = now - since < of * periodMs + BUCKET_MS
  if (isRaised(isYoung ? { ...alarm, missing: 'notBreaching' } : alarm, values)) return 'alarm'
  return missing === 'breaching' && values.every((value) => value === undefined) ? 'no data' : 'ok'
}

/** Such as `CacheAge (Maximum) > 10 s in 3 of 3 times 1 min, or no data`. */
function conditionOf(alarm: Alarm): string {
  const { metric, statistic, comparison, threshold, periodSeconds, periods, of, missing } = alarm
  const unit = UNITS[unitOf(alarm) ?? 'Count'] ?? ''
  const within =
    of === 1 ? `within ${minutes(periodSeconds)}` : `in ${periods} of ${of} times ${minutes(periodSeconds)}`
  const silence = missing === 'breaching' ? ', or no data' : ''
  return `${metric.name} (${statistic}) ${comparison} ${threshold.toLocaleString('en')}${unit} ${within}${silence}`
}

/** Of AWS's own metrics those that are times are so by name. */
function unitOf({ metric }: Alarm): Unit | undefined {
  const service = metric.dimensions[SERVICE]
  if (service !== undefined) return definitionOf(service as Service, metric.name)?.unit
  return metric.name === 'IteratorAge' ? 'Milliseconds' : undefined
}

const UNITS: Partial<Record<Unit, string>> = { Milliseconds: ' ms', Seconds: ' s' }

function minutes(seconds: number): string {
  return `${seconds / 60} min`
}
