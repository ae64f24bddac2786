import { costOfAll } from '../../shared/mirror/cost.ts'
import type { Change } from '../../shared/mirror/model.ts'
import { blame } from '../../shared/mirror/refusals.ts'
import { correct } from './correct.ts'
import { changesOf, type Draft, type Part } from './draft.ts'
import { type Sent, send } from './send.ts'
import type { Session } from './session.ts'

/**
 * Carries out batches, each in one request if Route 53 takes it. What it names as being at fault is corrected or set
 * aside, and the rest goes on; where it names nothing the batch is halved, between names and in the end between the
 * changes of one, until what it does not take stands alone. All other changes are made, whatever lies among them.
 */
export async function deliver(session: Session, batches: readonly (readonly Part[])[]): Promise<void> {
  const attempts: Attempt[] = batches.map((parts) => ({ parts }))
  for (let attempt = attempts.shift(); attempt !== undefined; attempt = attempts.shift()) {
    if (session.full !== undefined && createsSets(attempt.parts)) continue // the names stay marked
    if (attempt.suspect && isDivisible(attempt.parts)) {
      attempts.unshift(...halves(session, attempt.parts))
      continue
    }
    const sent = await send(session, attempt.parts)
    if (sent.kind === 'accepted') {
      await accept(session, attempt.parts, sent)
      if (attempt.twin !== undefined) attempt.twin.suspect = true // one of the two was at fault
    } else attempts.unshift(...(await divide(session, attempt, sent.messages)))
  }
}

/** Notes how far these names have come; the marks of those that are finished go. */
export async function settle({ store, hostedZone }: Session, drafts: readonly Draft[]): Promise<void> {
  const unique = [...new Set(drafts)]
  await store.putRows(
    hostedZone,
    unique.filter(({ isNews }) => isNews).map(({ row }) => row),
  )
  await store.unmark(
    hostedZone,
    unique.filter(({ finished }) => finished).map(({ mark }) => mark),
  )
}

// ---------------------------------------------------------------------------

interface Attempt {
  readonly parts: readonly Part[]
  /** The other half of a batch that was refused. */
  readonly twin?: Attempt
  /** Known to be refused as a whole, since the other half was not. */
  suspect?: boolean
}

async function accept(session: Session, parts: readonly Part[], { id }: Extract<Sent, { kind: 'accepted' }>) {
  const { store, hostedZone, now, report } = session
  const at = now()
  for (const { draft, changes } of parts) draft.accept(changes, { ...(id && { id }), at })
  await settle(
    session,
    parts.map(({ draft }) => draft),
  )
  const lagMs = Math.max(0, at - Math.min(...parts.map(({ draft }) => draft.mark.at)))
  const cost = costOfAll(changesOf(parts))
  await store.note(hostedZone, { lastBatch: { ...(id && { id }), at, names: parts.length, ...cost, lagMs } })
  report({ kind: 'lag', zone: session.zone.zone, ms: lagMs })
}

/** What is tried next of a batch that was refused. */
async function divide(session: Session, { parts }: Attempt, messages: readonly string[]): Promise<Attempt[]> {
  const faults = blame(messages, changesOf(parts))
  const full = faults.find(({ kind }) => kind === 'zone-full')
  if (full !== undefined) return fill(session, parts, full.message)
  const found = new Map(faults.flatMap((fault) => fault.changes.map((change) => [change, fault] as const)))
  if (found.size === 0) {
    if (isDivisible(parts)) return halves(session, parts)
    for (const change of changesOf(parts))
      found.set(change, { kind: 'invalid', message: messages.join('; '), changes: [] })
  }
  const rest: Part[] = []
  for (const { draft, changes } of parts) {
    const left: Change[] = []
    for (const change of changes) {
      const fault = found.get(change)
      const instead = fault === undefined ? change : await correct(session, draft, change, fault)
      if (instead !== undefined) left.push(instead)
    }
    if (left.length > 0) rest.push({ draft, changes: left })
  }
  await settle(
    session,
    parts.map(({ draft }) => draft),
  )
  return rest.length === 0 ? [] : [{ parts: rest }]
}

/** A hosted zone that is full still takes what adds nothing, and as much else as there is room for. */
function fill(session: Session, parts: readonly Part[], message: string): Attempt[] {
  const growing = parts.filter((part) => createsSets([part]))
  const others = parts.filter((part) => !createsSets([part]))
  if (others.length === 0 && growing.length === 1) session.full = message
  if (others.length > 0) return [{ parts: others }, { parts: growing }]
  return growing.length > 1 ? halves(session, growing) : []
}

/** Halves between names; the changes of a single name between RRsets, deletions first as they stand. */
function halves({ report, zone }: Session, parts: readonly Part[]): Attempt[] {
  report({ kind: 'split', zone: zone.zone })
  const pieces =
    parts.length > 1 ? parts : parts.flatMap(({ draft, changes }) => changes.map((one) => ({ draft, changes: [one] })))
  const half = Math.ceil(pieces.length / 2)
  const second: Attempt = { parts: pieces.slice(half) }
  return [{ parts: pieces.slice(0, half), twin: second }, second]
}

function isDivisible(parts: readonly Part[]): boolean {
  return parts.length > 1 || changesOf(parts).length > 1
}

function createsSets(parts: readonly Part[]): boolean {
  return changesOf(parts).some(({ action }) => action === 'CREATE')
}
