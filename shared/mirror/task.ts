/** What the mirror is asked to do: the event of its function. */
export interface MirrorTask {
  /** `drain`: send what is marked. `reconcile`: compare all that is registered with all that is there, and repair it. */
  readonly task: 'drain' | 'reconcile'
  /** Ids of hosted zones. Absent: `drain` takes those that have something to do, `reconcile` takes all. */
  readonly hostedZones?: readonly string[]
}

/** Asks for a task to be done, and does not wait for it. */
export type AskMirror = (task: MirrorTask) => Promise<void>
