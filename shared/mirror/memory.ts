import type { Name } from '../dns/name.ts'
import type { HostedZoneId, Inflight, Mark, MirrorRow, MirrorState } from './model.ts'
import { orderKey } from './order.ts'
import { type ChangeNote, MAX_AHEAD_MS, type MirrorStore, type PaceStore } from './ports.ts'

/** The mirror's memory kept in this process, for tests and local runs: same contract as DynamoDB, no durability. */
export function memoryMirrorStore(): MirrorStore {
  const hostedZones = new Map<HostedZoneId, Kept>()
  const changes = new Map<string, ChangeNote>()
  const kept = (id: HostedZoneId): Kept => {
    const known = hostedZones.get(id) ?? newlyKept()
    hostedZones.set(id, known)
    return known
  }
  return {
    async mark(hostedZone, names) {
      const { marks } = kept(hostedZone)
      const oldestFirst = [...names].sort((one, other) => one.at - other.at)
      for (const { name, at } of oldestFirst) {
        marks.set(name, { name, token: crypto.randomUUID(), at: marks.get(name)?.at ?? at })
      }
    },
    async marks(hostedZone, after, limit) {
      const { marks } = kept(hostedZone)
      return namesAfter(marks.keys(), after, limit).flatMap((name) => marks.get(name) ?? [])
    },
    async unmark(hostedZone, seen, now) {
      const { marks } = kept(hostedZone)
      for (const { name, token, at } of seen) {
        const mark = marks.get(name)
        if (mark?.token === token) marks.delete(name)
        else if (mark?.at === at) marks.set(name, { ...mark, at: now })
      }
    },
    async restless(ids) {
      return ids.filter((id) => {
        const { marks, state } = kept(id)
        return marks.size > 0 || state?.walk !== undefined || state?.lease !== undefined
      })
    },

    ...memoryLeases(kept),

    async rows(hostedZone, names) {
      const found = names.flatMap((name) => kept(hostedZone).rows.get(name) ?? [])
      return new Map(found.map((row) => [row.name, row]))
    },
    async putRows(hostedZone, rows) {
      const zone = kept(hostedZone)
      for (const row of rows) {
        zone.rows.set(row.name, row)
        if (!zone.keys.has(row.name)) zone.keys.set(row.name, orderKey(row.name))
      }
    },
    async *rowsBetween(hostedZone, from, before) {
      const first = from === undefined ? '' : orderKey(from)
      const end = before === undefined ? undefined : orderKey(before)
      const zone = kept(hostedZone)
      const rows = [...zone.keys]
        .filter(([, key]) => key >= first && (end === undefined || key < end))
        .sort(([, one], [, other]) => (one < other ? -1 : 1))
        .flatMap(([name]) => zone.rows.get(name) ?? [])
      for (let at = 0; at < rows.length; at += PAGE) yield rows.slice(at, at + PAGE)
    },
    async refused(hostedZone, after, limit) {
      return namesAfter(refusedNames(kept(hostedZone)), after, limit)
    },
    async counts(hostedZone) {
      const zone = kept(hostedZone)
      return { marked: zone.marks.size, refused: refusedNames(zone).length }
    },

    async inflight(hostedZone) {
      return kept(hostedZone).inflight
    },
    async setInflight(hostedZone, inflight) {
      kept(hostedZone).inflight = inflight
    },

    async changeNote(id) {
      return changes.get(id)
    },
    async noteChange(id, note) {
      changes.set(id, note)
    },
  }
}

/** The pace of the writers in this process. */
export function memoryPaceStore(): PaceStore {
  let next = 0
  let deferred = 0
  return {
    async reserve(intervalMs, now, latest) {
      const farthest = now + MAX_AHEAD_MS
      const slot = next > farthest ? now : Math.max(now, next)
      if (slot > latest) return undefined
      if (next > farthest && deferred > farthest) deferred = 0
      next = slot + intervalMs
      return slot
    },
    async defer(until) {
      next = Math.max(next, until)
      deferred = Math.max(deferred, until)
    },
    async deferredUntil() {
      return deferred
    },
  }
}

// ---------------------------------------------------------------------------

const PAGE = 100

/** All that is kept of one hosted zone. */
interface Kept {
  readonly marks: Map<Name, Mark>
  readonly rows: Map<Name, MirrorRow>
  /** By which rows are in order. */
  readonly keys: Map<Name, string>
  state: MirrorState | undefined
  inflight: Inflight | undefined
}

function newlyKept(): Kept {
  return { marks: new Map(), rows: new Map(), keys: new Map(), state: undefined, inflight: undefined }
}

function memoryLeases(
  kept: (id: HostedZoneId) => Kept,
): Pick<MirrorStore, 'wake' | 'acquire' | 'extend' | 'release' | 'state' | 'note' | 'beginWalk'> {
  return {
    async wake(hostedZone, now) {
      const zone = kept(hostedZone)
      zone.state = { ...zone.state, wake: (zone.state?.wake ?? 0) + 1 }
      return !isHeld(zone.state, now)
    },
    async acquire(hostedZone, holder, now, until) {
      const zone = kept(hostedZone)
      if (isHeld(zone.state, now)) return undefined
      zone.state = { wake: 0, ...zone.state, lease: { holder, until } }
      return zone.state
    },
    async extend(hostedZone, holder, until) {
      const zone = kept(hostedZone)
      if (zone.state?.lease?.holder !== holder) return false
      zone.state = { ...zone.state, lease: { holder, until } }
      return true
    },
    async release(hostedZone, holder, wake) {
      const zone = kept(hostedZone)
      if (zone.state?.lease?.holder !== holder) return true
      if (zone.state.wake !== wake) return false
      const { lease: _given, ...state } = zone.state
      zone.state = state
      return true
    },
    async state(hostedZone) {
      return kept(hostedZone).state
    },
    async note(hostedZone, members) {
      const zone = kept(hostedZone)
      const known = Object.entries({ ...zone.state, ...members }).filter(([, value]) => value !== undefined)
      zone.state = { wake: 0, ...Object.fromEntries(known) }
    },
    async beginWalk(hostedZone, walk) {
      const zone = kept(hostedZone)
      if (zone.state?.walk !== undefined) return false
      zone.state = { wake: 0, ...zone.state, walk }
      return true
    },
  }
}

function isHeld(state: MirrorState | undefined, now: number): boolean {
  return state?.lease !== undefined && state.lease.until > now
}

function refusedNames({ rows }: Kept): Name[] {
  return [...rows.values()].filter(({ refused }) => Object.keys(refused).length > 0).map(({ name }) => name)
}

function namesAfter(names: Iterable<Name>, after: Name | undefined, limit: number): Name[] {
  const those = [...names].filter((name) => after === undefined || name > after)
  return those.sort().slice(0, limit)
}
