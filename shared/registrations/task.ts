/** What the function of leases is asked for by its schedule. */
export interface SweepTask {
  readonly task: 'sweep'
  /** True to set all timers anew, where they may have been lost. */
  readonly arm?: boolean
}
