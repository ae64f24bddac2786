import type { Name } from '../../shared/dns/name.ts'
import type { Measure } from '../../shared/metrics/measure.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { NameChange } from '../../shared/records/model.ts'
import type { ChangeLogWriter, Now } from '../../shared/records/ports.ts'
import { changeOf, packWrites, type Write } from '../../shared/records/segments.ts'

/** How many of the writes, in order, are in the log now; `error` says why not all of them. */
export interface Sequenced {
  readonly logged: number
  readonly error?: unknown
}

export type Sequence = (writes: readonly Write[]) => Promise<Sequenced>

export interface SequenceParts {
  readonly log: ChangeLogWriter
  readonly now: Now
  readonly pause: (ms: number) => Promise<void>
  readonly measure: Measure<'sequencer'>
}

/**
 * Appends writes to the change log, each exactly once however often it is given. The log itself tells a write that it
 * has already (a retried batch, an invocation believed dead), and of several appenders one wins each number. The head is
 * remembered from call to call, so that the usual segment costs one transaction and no read.
 */
export function createSequence({ log, now, pause, measure }: SequenceParts): Sequence {
  let head: number | undefined

  return async (writes) => {
    let rest = writes
    try {
      for (let losses = 0; rest.length > 0; ) {
        const { changes, taken } = packWrites(rest)
        if (changes.length === 0) {
          rest = rest.slice(taken)
          continue
        }
        const seq = (head ?? (await log.head())) + 1
        const outcome = await log.append({ seq, at: now(), changes })
        switch (outcome.kind) {
          case 'appended':
            head = seq
            tell(seq, changes)
            losses = 0
            rest = rest.slice(taken)
            break
          case 'already-logged':
            rest = rest.filter((write) => !isLogged(write, outcome.versions))
            break
          case 'head-moved':
            measure('HeadsLost', 1)
            if (++losses > MAX_LOSSES) throw new NamingError('busy', `the head of the change log moved ${losses} times`)
            head = undefined
            await pause(Math.random() * Math.min(MAX_PAUSE_MS, 2 ** losses))
            break
        }
      }
      return { logged: writes.length }
    } catch (error) {
      head = undefined // an append whose answer was lost may have moved it
      return { logged: writes.indexOf(rest[0] as Write), error }
    }
  }

  function tell(seq: number, changes: readonly NameChange[]): void {
    measure('Segments', 1)
    measure('Changes', changes.length)
    measure('LogHead', seq)
    const written = changes.flatMap(({ by }) => by?.at ?? []) // a change made by hand does not say when
    if (written.length > 0) measure('LogDelay', Math.max(0, now() - Math.min(...written))) // clocks differ
  }
}

// ---------------------------------------------------------------------------

const MAX_LOSSES = 100
const MAX_PAUSE_MS = 200

function isLogged(write: Write, versions: ReadonlyMap<Name, number>): boolean {
  const change = changeOf(write)
  return change !== undefined && change.version <= (versions.get(change.name) ?? 0)
}
