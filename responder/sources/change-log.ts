import { setTimeout as sleep } from 'node:timers/promises'
import { parseName, type WireName } from '../../shared/dns/name.ts'
import type { Segment } from '../../shared/records/model.ts'
import type { ChangeLogReader, NameStore, Now, ZoneStore } from '../../shared/records/ports.ts'
import type { Update } from '../zones/update.ts'
import { type CompiledName, compileName, type StoredName } from './compile.ts'
import { Headers } from './headers.ts'
import { Ledger } from './ledger.ts'
import type { Publish, Source } from './source.ts'

export interface ChangeLogOptions {
  readonly log: ChangeLogReader
  readonly names: Pick<NameStore, 'scan'>
  readonly zones: Pick<ZoneStore, 'list'>
  /** What went wrong and when it was over, one line each. */
  readonly tell: (line: string) => void
  /** Time between two readings of the log. */
  readonly intervalMs?: number
  /** Time between two readings of the zones. */
  readonly zonesIntervalMs?: number
  /** Time after which all names are read again, at most; at random down to half of it, so that not all responders do at once. */
  readonly rescanIntervalMs?: number
  readonly now?: Now
  readonly random?: () => number
}

/**
 * Follows the change log: a snapshot of all names, then the segments since it was begun, and then what comes. States
 * are taken only if they are newer, so it does not matter that the snapshot is of no single moment. If the log no
 * longer reaches back to what was read last, a new snapshot is reconciled with what is served, which is never emptied.
 * So it is from time to time, for a change that the log never got; the log goes on being followed beside that, because
 * it takes minutes. While the store is away, what was read stays served.
 */
export function changeLog(options: ChangeLogOptions): Source {
  const { log, names, zones, tell, intervalMs = 250, zonesIntervalMs = 5000 } = options
  const { rescanIntervalMs = 3_600_000 } = options
  const { now = Date.now, random = Math.random } = options
  const ledger = new Ledger()
  const headers = new Headers()
  let cursor: number | undefined // the last segment that is served; undefined where a snapshot is needed
  let loading: string | undefined = 'the change log was not read yet'
  let caughtUpAt = now()
  let zonesReadAt = 0
  let rescanAt = Number.POSITIVE_INFINITY
  let rescanFailed = false
  let present: Set<WireName> | undefined // while all names are read again: those known to be there

  return {
    start: (publish, signal) => new Promise((resolve) => void follow(publish, signal, resolve)),
    status: () => ({
      loading,
      zones: headers.size,
      names: ledger.size,
      followed: { position: cursor ?? 0, ageSeconds: (now() - caughtUpAt) / 1000 },
    }),
  }

  async function follow(publish: Publish, signal: AbortSignal, onComplete: () => void): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        const began = now()
        if (cursor === undefined) cursor = await takeSnapshot(publish)
        if (await readOn(publish)) {
          caughtUpAt = began
          loading = undefined
          onComplete()
          if (began >= rescanAt) void rescan(publish, signal)
        }
        if (failures > 0) tell('the store answers again')
        failures = 0
      } catch (error) {
        failures++
        const reason = rootOf(error)
        if (loading !== undefined) loading = `the store does not answer: ${reason}`
        if (failures === 1) tell(`the store does not answer, what was read stays served: ${reason}`)
      }
      const pause = failures === 0 ? intervalMs : spread(backoff(failures, intervalMs))
      await sleep(pause, undefined, { signal }).catch(() => {})
    }
  }

  /** Brings what is served to the state of the store; gives the segment to read on from. */
  async function takeSnapshot(publish: Publish): Promise<number> {
    const head = await log.head() // first, so that no change falls between the snapshot and the segments read after it
    await readZones()
    await readNames(publish, new Set(), () => true)
    return head
  }

  /** Reads all names again while the log is followed; neither waits for the other. Never rejects. */
  async function rescan(publish: Publish, signal: AbortSignal): Promise<void> {
    const ours = new Set<WireName>()
    const goesOn = () => present === ours && !signal.aborted
    present = ours
    rescanAt = Number.POSITIVE_INFINITY
    try {
      await readNames(publish, ours, goesOn)
    } catch (error) {
      if (!goesOn()) return
      rescanAt = now() + spread(rescanIntervalMs / RESCAN_TRIES)
      if (!rescanFailed) tell(`not all names could be read again, what was read stays served: ${rootOf(error)}`)
      rescanFailed = true
    } finally {
      if (present === ours) present = undefined
    }
  }

  /** Serves the names of the store. In the end all others are removed, but for those that the caller adds to `there`. */
  async function readNames(publish: Publish, there: Set<WireName>, goesOn: () => boolean): Promise<void> {
    for await (const page of names.scan()) {
      if (!goesOn()) return
      const states = compile(page)
      for (const { name } of states) there.add(name)
      publish(ledger.apply(states, now()))
      if (loading !== undefined) loading = `reading the names: ${there.size.toLocaleString('en')} so far`
    }
    if (!goesOn()) return
    publish(ledger.keepOnly(there))
    rescanAt = now() + spread(rescanIntervalMs)
    if (rescanFailed) tell('all names were read again')
    rescanFailed = false
  }

  /** Reads the log up to its head. False if it does not go on where the last reading ended. */
  async function readOn(publish: Publish): Promise<boolean> {
    if (now() - zonesReadAt >= zonesIntervalMs) await readZones()
    for (let emptyHanded = false; ; ) {
      const from = cursor ?? 0
      const { segments, head } = await log.after(from)
      // A head beyond what was read may have moved while it was read. If nothing comes the second time, nothing will.
      const lost = segments.length === 0 && head > from && emptyHanded
      if (lost || head < from || segments.some(({ seq }, i) => seq !== from + 1 + i)) {
        tell(`the change log does not go on after segment ${from}: reading all names again`)
        cursor = undefined
        present = undefined // what is being read now began before the gap
        return false
      }
      emptyHanded = segments.length === 0
      cursor = from + segments.length
      const applied = segments.map(applySegment)
      const updates = applied.flatMap((segment) => segment.updates)
      const writtenAt = loading === undefined ? applied.flatMap((segment) => segment.writtenAt) : [] // nothing is asked yet
      publish([...updates, ...headers.advance(cursor)], writtenAt)
      if (cursor >= head) return true
    }
  }

  function applySegment({ seq, changes }: Segment): { readonly updates: Update[]; readonly writtenAt: number[] } {
    for (const { zone } of changes) if (!headers.touch(parseName(zone), seq)) zonesReadAt = 0 // a zone not known yet
    const states = compile(changes.map((change) => ({ ...change, rrsets: change.new })))
    for (const { name } of states) present?.add(name) // the scan may have been past its place already
    const writtenAt = states.filter((state) => ledger.isNews(state)).flatMap((state) => state.writtenAt ?? [])
    return { updates: ledger.apply(states, now()), writtenAt }
  }

  async function readZones(): Promise<void> {
    headers.zones = await zones.list()
    zonesReadAt = now()
    ledger.forgetRemoved(now() - REMEMBERED_MS)
  }

  /** At random down to half of it. */
  function spread(ms: number): number {
    return ms * (0.5 + random() / 2)
  }

  /** States that cannot be read are left out: they cannot come from our own writers, and the rest must go on. */
  function compile(stored: readonly StoredName[]): CompiledName[] {
    return stored.flatMap((state) => {
      try {
        return [compileName(state)]
      } catch (error) {
        tell(`${state.name} is not served: ${(error as Error).message}`)
        return []
      }
    })
  }
}

// ---------------------------------------------------------------------------

const REMEMBERED_MS = 48 * 3600 * 1000 // as long as the log lives
const MAX_BACKOFF_MS = 10_000
const RESCAN_TRIES = 20 // in the time between two, while it fails: a scan of a million names has its price

/** What began it: the adapters wrap the faults of the way to the store. */
function rootOf(error: unknown): string {
  const { cause, message, code } = error as NodeJS.ErrnoException
  return cause === undefined ? message || code || String(error) : rootOf(cause)
}

function backoff(failures: number, intervalMs: number): number {
  return Math.min(intervalMs * 2 ** failures, MAX_BACKOFF_MS)
}
