import type { Change } from '../../shared/mirror/model.ts'
import { type Blame, blame } from '../../shared/mirror/refusals.ts'
import { correct } from './correct.ts'
import { changesOf, grows, isDivisible, makesRoomFor, type Part } from './draft.ts'
import { halves } from './halves.ts'
import type { Session } from './session.ts'

/** Changes that are to be tried in one request. */
export interface Attempt {
  readonly parts: readonly Part[]
  /** The other half of a batch that was refused. */
  readonly twin?: Attempt
  /** Known to be refused as a whole, since the other half was not. */
  suspect?: boolean
}

/** What is tried next of a batch that was refused. */
export async function divide(
  session: Session,
  parts: readonly Part[],
  messages: readonly string[],
): Promise<readonly Attempt[]> {
  const faults = blame(messages, changesOf(parts))
  const full = faults.find(({ kind }) => kind === 'zone-full')
  if (full !== undefined) return fill(session, parts, full.message)
  const found = new Map(faults.flatMap((fault) => fault.changes.map((change) => [change, fault] as const)))
  if (found.size === 0) {
    if (isDivisible(parts)) return halves(session, parts)
    for (const change of culprits(parts))
      found.set(change, { kind: 'invalid', message: messages.join('; '), changes: [] })
  }
  const rest: Part[] = []
  for (const part of parts) {
    const changes = await withoutFaults(session, part, found)
    if (changes.length > 0) rest.push({ ...part, changes })
  }
  return rest.length === 0 ? [] : [{ parts: rest }]
}

// ---------------------------------------------------------------------------

/** A hosted zone that is full still takes what adds nothing, and as much else as there is room for. */
function fill(session: Session, parts: readonly Part[], message: string): readonly Attempt[] {
  const growing = parts.filter(grows)
  const others = parts.filter((part) => !grows(part))
  if (others.length > 0) return [{ parts: others }, ...(growing.length > 0 ? [{ parts: growing }] : [])]
  if (growing.length === 1) session.full = message
  return growing.length > 1 ? halves(session, growing) : []
}

/** Of changes that cannot be told apart, those that put something there; what makes room for them is not at fault. */
function culprits(parts: readonly Part[]): readonly Change[] {
  const changes = changesOf(parts)
  const putting = changes.filter(({ action }) => action !== 'DELETE')
  return putting.length > 0 ? putting : changes
}

/** What is left to be sent of a name: without what makes room for nothing any more. */
async function withoutFaults(
  session: Session,
  { draft, changes }: Part,
  faults: ReadonlyMap<Change, Blame>,
): Promise<readonly Change[]> {
  const left: Change[] = []
  for (const change of changes) {
    const fault = faults.get(change)
    const instead = fault === undefined ? change : await correct(session, draft, change, fault)
    if (instead !== undefined) left.push(instead)
  }
  return left.filter((change) => {
    const guests = changes.filter((other) => makesRoomFor(change, other))
    const isInVain = guests.length > 0 && guests.every((guest) => draft.isRefused(guest))
    if (isInVain) draft.forgo(change)
    return !isInVain
  })
}
