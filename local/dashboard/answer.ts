/** What `/dashboard/data.json` says. The page reads it, so nothing of Node is in here. */

export interface DashboardData {
  /** Of body and page: where it changes, the page has to be loaded anew. */
  readonly version: string
  /** Times are in milliseconds since the epoch. */
  readonly now: number
  /** When counting began. */
  readonly since: number
  /** Where the last period ends; it is complete. */
  readonly end: number
  readonly periodSeconds: number
  readonly periods: number
  /** Of each widget of the body, in its order. */
  readonly widgets: readonly WidgetData[]
  readonly alarms: readonly AlarmData[]
}

export type WidgetData =
  | { readonly kind: 'none' }
  | { readonly kind: 'lines'; readonly lines: readonly LineData[] }
  | { readonly kind: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly Cell[])[] }

/** What is drawn of a metric widget: its metrics that are visible. */
export interface LineData {
  readonly label: string
  readonly statistic: string
  /** One a period, null where nothing is known. */
  readonly values: readonly (number | null)[]
}

export type Cell = number | string | null

export type AlarmState = 'ok' | 'alarm' | 'no data'

export interface AlarmData {
  readonly id: string
  readonly state: AlarmState
  /** Since when it is in this state. */
  readonly since: number
  /** When it is raised, in words. */
  readonly condition: string
  readonly runbook: string
}
