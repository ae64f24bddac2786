import type { Name } from '../../shared/dns/name.ts'
import type { MirrorRow, Walk, WalkCounts } from '../../shared/mirror/model.ts'
import { isPlain } from '../../shared/mirror/order.ts'
import type { ListedSet, ListFrom } from '../../shared/mirror/ports.ts'
import { closestZone } from '../../shared/records/closest-zone.ts'
import type { NameRecord } from '../../shared/records/model.ts'
import { adoptName } from './adopt.ts'
import { compareName } from './compare.ts'
import { lookUp } from './inflight.ts'
import { hasMinimum } from './negative-ttl.ts'
import { type Session, Stop } from './session.ts'

/** One name as it stands on a page of a walk. */
export interface Standing {
  readonly name: Name
  readonly sets: readonly ListedSet[]
  /** Undefined if the mirror knows nothing of the name. */
  readonly row: MirrorRow | undefined
  /** What is registered. */
  readonly record: NameRecord | undefined
  /** False if something is registered that cannot be read: nobody knows then what is to be there. */
  readonly isReadable: boolean
}

/** What is found out about a name: what to count, the row if it has to say something else now, whether to look at it again. */
export interface Finding {
  readonly counts: Partial<WalkCounts>
  readonly row?: MirrorRow
  readonly mark?: boolean
}

/**
 * Takes a walk one page further: reads some hundred record sets, compares them name by name with the rows, and lets the
 * rows say what is really there. It repairs nothing itself: names that differ are marked, and drained like any other.
 * Gives the walk as it stands then, undefined if it is at its end.
 */
export async function walkPage(session: Session, walk: Walk): Promise<Walk | undefined> {
  const { store, hostedZone, now } = session
  const { sets, next } = await readPage(session, walk.next)
  if (walk.next === undefined) expectApex(session, sets)
  const names = await standings(session, sets, walk.next, next)
  const served = walk.kind === 'adopt' ? (await session.zones.list()).map(({ zone }) => zone) : []
  const isElsewhere = (name: Name) => closestZone(name, served) !== session.zone.zone
  const findings: Finding[] = []
  for (const standing of names) {
    findings.push(
      walk.kind === 'adopt'
        ? await adoptName(session, standing, { overwrite: walk.overwrite, isElsewhere })
        : compareName(session.zone.zone, standing, now()),
    )
  }
  if (!hasMinimum(sets, session.zone)) await store.note(hostedZone, { minimum: undefined }) // somebody set it back
  await session.keepLease()
  await store.putRows(
    hostedZone,
    findings.flatMap(({ row }) => row ?? []),
  )
  const at = now()
  await store.mark(
    hostedZone,
    names.filter((_, i) => findings[i]?.mark).map(({ name }) => ({ name, at })),
  )
  const counts = findings.reduce((sum, finding) => addCounts(sum, finding.counts), walk.counts)
  const total = { ...counts, sets: counts.sets + sets.length }
  if (next !== undefined) {
    const further = { ...walk, next, counts: total }
    await store.note(hostedZone, { walk: further })
    return further
  }
  const ended = { ...total, startedAt: walk.startedAt, endedAt: at }
  await store.note(hostedZone, { walk: undefined, [walk.kind === 'adopt' ? 'adopted' : 'reconciled']: ended })
  session.report({ kind: 'walked', zone: session.zone.zone, walk: walk.kind, counts: total })
  return undefined
}

// ---------------------------------------------------------------------------

const PAGE = 300 // what ListResourceRecordSets gives at most
const MAX_REMARKS = 20

/**
 * All record sets of the names from `from` on, as far as a page goes, and the name at which the next one begins. The last
 * name of a page may go on in the next one: it is left to that.
 */
async function readPage(
  { read, route53, hostedZone, report, zone }: Session,
  from: Name | undefined,
): Promise<{ sets: readonly ListedSet[]; next: Name | undefined }> {
  const sets: ListedSet[] = []
  let start: ListFrom | undefined = from && { name: from }
  for (;;) {
    const page = await read(() => {
      report({ kind: 'request', zone: zone.zone, operation: 'list' })
      return route53.list(hostedZone, start, PAGE)
    })
    sets.push(...page.sets)
    if (page.next === undefined) return { sets, next: undefined }
    const { name } = page.next
    const whole = sets.filter((set) => set.name !== name)
    if (whole.length > 0) return { sets: whole, next: name }
    start = page.next // a name of more than a page
  }
}

/**
 * The first page begins with the SOA of the zone, which no hosted zone is without. A list that lacks it is none of a hosted
 * zone, whoever gave it, and nothing may be concluded from what else it lacks.
 */
function expectApex({ zone: { zone } }: Session, sets: readonly ListedSet[]): void {
  if (sets.some(({ name, type }) => name === zone && type === 'SOA')) return
  throw new Stop({ code: 'NotRoute53', message: `what was listed is no hosted zone of ${zone}` })
}

/** Every name that is on the page or, by its row, should be. */
async function standings(
  session: Session,
  sets: readonly ListedSet[],
  from: Name | undefined,
  next: Name | undefined,
): Promise<readonly Standing[]> {
  const { store, names, hostedZone } = session
  const listed = Map.groupBy(sets, ({ name }) => name)
  const rows = new Map<Name, MirrorRow>()
  for await (const page of store.rowsBetween(hostedZone, from, next)) for (const row of page) rows.set(row.name, row)
  const others = [...listed.keys()].filter((name) => !rows.has(name))
  for (const [name, row] of await store.rows(hostedZone, others)) rows.set(name, row)
  const all = [...new Set([...listed.keys(), ...rows.keys()])]
  const { records, unreadable } = await names.readAll(all)
  const standing: Standing[] = []
  for (const name of all) {
    const row = rows.get(name)
    const found = listed.get(name) ?? (row && !isPlain(name) ? await lookUpAll(session, row) : [])
    standing.push({ name, sets: found, row, record: records.get(name), isReadable: !unreadable.has(name) })
  }
  return standing
}

/** The record sets that a row tells of, asked for one by one: a name with escapes may stand elsewhere in the list than here. */
async function lookUpAll(session: Session, { name, applied }: MirrorRow): Promise<readonly ListedSet[]> {
  const found: ListedSet[] = []
  for (const type of Object.keys(applied)) {
    const set = await lookUp(session, { name, type })
    if (set !== undefined) found.push(set)
  }
  return found
}

function addCounts(sum: WalkCounts, more: Partial<WalkCounts>): WalkCounts {
  const remarks = [...sum.remarks, ...(more.remarks ?? [])].slice(0, MAX_REMARKS)
  const added = Object.entries(sum).map(([what, count]) => [what, count + (more[what as keyof WalkCounts] ?? 0)])
  return { ...Object.fromEntries(added), remarks }
}
