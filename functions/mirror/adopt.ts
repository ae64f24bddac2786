import { emptyRow } from '../../shared/mirror/plan.ts'
import type { ListedSet } from '../../shared/mirror/ports.ts'
import { createEditName } from '../../shared/records/edit-name.ts'
import { onRRsets } from '../../shared/records/edits.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { RRsets, StoredRRset } from '../../shared/records/model.ts'
import { sameRRset } from '../../shared/records/segments.ts'
import { excludes, isOfHostedZone } from './compare.ts'
import type { Session } from './session.ts'
import type { Finding, Standing } from './walk.ts'

export interface AdoptOptions {
  /** Where a name is registered with other data than the hosted zone holds, the registered data wins. */
  readonly overwrite: boolean
  /** True for a name that is another served zone's. */
  readonly isElsewhere: (name: Standing['name']) => boolean
}

/**
 * Takes over the record sets that a hosted zone holds at a name: they are registered, so that they are answered and stay,
 * and noted as ours, so that from now on the mirror may change them. In this order: the other way round, a crash in
 * between would have the mirror delete them. What cannot be registered stays as it is, and so does, without `overwrite`,
 * what is registered otherwise.
 */
export async function adoptName(session: Session, standing: Standing, options: AdoptOptions): Promise<Finding> {
  const { name, sets, record } = standing
  const zone = session.zone.zone
  const row = standing.row ?? emptyRow(name)
  const strangers = sets.filter((set) => !isOfHostedZone(zone, set) && row.applied[set.type] === undefined)
  const owned = sets.length - strangers.length
  if (strangers.length === 0) return { counts: { owned } }

  const registered = record?.zone === zone ? record.rrsets : {}
  const verdicts = strangers.map((set) => ({
    ...set,
    ...judge(set, registered, { ...options, isReadable: standing.isReadable }),
  }))
  const wanted = Object.fromEntries(verdicts.flatMap(({ type, take }) => (take ? [[type, take]] : [])))
  const remarks = verdicts.flatMap(({ type, why }) => (why ? [`${name} ${type}: ${why}`] : []))
  const count = (kind: Verdict['kind']) => verdicts.filter((verdict) => verdict.kind === kind).length
  const left = { owned, conflicts: count('conflict'), skipped: count('skip') }
  try {
    const after = await register(session, standing, wanted)
    const ours = Object.entries(wanted).filter(([type, rrset]) => {
      const now = after[type] // nothing, if a CNAME was registered meanwhile
      return now !== undefined && (options.overwrite || sameRRset(now, rrset))
    })
    const taken = new Set(ours.map(([type]) => type))
    const refused = Object.fromEntries(Object.entries(row.refused).filter(([type]) => !taken.has(type)))
    return {
      counts: { ...left, foreign: strangers.length - ours.length, imported: ours.length, remarks },
      row: { ...row, applied: { ...row.applied, ...Object.fromEntries(ours) }, refused, version: 0 },
      mark: true,
    }
  } catch (error) {
    if (!(error instanceof NamingError) || error.code === 'unavailable') throw error
    const remark = `${name}: ${error.message}`
    return { counts: { ...left, foreign: strangers.length, skipped: strangers.length, remarks: [remark] } }
  }
}

// ---------------------------------------------------------------------------

interface Verdict {
  readonly kind: 'take' | 'conflict' | 'skip'
  readonly take?: StoredRRset
  readonly why?: string
}

function judge(
  { name, type, rrset }: ListedSet,
  registered: RRsets,
  options: AdoptOptions & Pick<Standing, 'isReadable'>,
): Verdict {
  if (!options.isReadable) return { kind: 'skip', why: 'what is registered cannot be read' }
  if (options.isElsewhere(name)) return { kind: 'skip', why: 'the name belongs to another served zone' }
  if (rrset === undefined) return { kind: 'skip', why: 'an alias, or one of several under a routing policy' }
  const standing = registered[type]
  if (standing === undefined && Object.keys(registered).some((other) => excludes(type, other))) {
    return { kind: 'conflict', why: 'a CNAME stands alone, and the name has other records' } // RFC 2181 10.1
  }
  if (standing === undefined || sameRRset(standing, rrset)) return { kind: 'take', take: rrset }
  if (!options.overwrite) return { kind: 'conflict', why: 'other data is registered' }
  return { kind: 'take', take: rrset, why: 'replaced by the registered data' }
}

/** Registers what is not registered yet; gives what then is. Of a race with another writer the other is the winner. */
async function register(
  { names, zone, now, pause }: Session,
  { name, record }: Standing,
  wanted: RRsets,
): Promise<RRsets> {
  const missing = Object.entries(wanted).filter(([type]) => record?.rrsets[type] === undefined)
  if (missing.length === 0) return record?.rrsets ?? {}
  const add = onRRsets((rrsets) => ({
    ...Object.fromEntries(missing.filter(([type]) => !Object.keys(rrsets).some((other) => excludes(type, other)))),
    ...rrsets,
  }))
  const edited = await createEditName(names, now, pause)(zone.zone, name, add, 'mirror adoption')
  return edited.record?.rrsets ?? {}
}
