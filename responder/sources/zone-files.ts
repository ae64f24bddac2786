import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { formatName, type WireName } from '../../shared/dns/name.ts'
import type { RRset } from '../../shared/dns/rrset.ts'
import { isLater, serialOf } from '../../shared/dns/serial.ts'
import { namesIn, type Update } from '../zones/update.ts'
import type { Publish, Source } from './source.ts'

/** A zone and the master file it is read from (RFC 1035 5). */
export interface ZoneFile {
  readonly origin: WireName
  readonly file: string
}

export type FromZoneFile = Update | { readonly kind: 'refused'; readonly reason: string }

/** What came of reading a zone again: it is served as it is now, or it was refused and is served as before. */
export interface Reread {
  readonly taken: boolean
  /** What there is to tell, in one line. */
  readonly line: string
}

export interface ZoneFilesSource extends Source {
  /**
   * Reads the files that have changed since they were read, and those that are new; with `refused`, those that were
   * refused, too. A zone that has no file any more is no longer served. To be called once `start` has resolved.
   */
  reread(files: readonly ZoneFile[], refused: boolean): Promise<readonly Reread[]>
}

/**
 * Zones read from files. At the start, a file that is not sound is refused with file, line and reason, and nothing is
 * served; later, the zone is served as it was.
 */
export function zoneFiles(files: readonly ZoneFile[]): ZoneFilesSource {
  const zones = new Map<WireName, Loaded>()
  let loading: string | undefined = 'zone files are not read yet'
  let publish: Publish = () => {}
  let signal = new AbortController().signal

  return {
    async start(publishTo, until) {
      publish = publishTo
      signal = until
      for (const file of files) {
        await load(file)
        if (signal.aborted) return
      }
      loading = undefined
    },
    async reread(now, refused) {
      const outcomes: Reread[] = []
      for (const [origin, { file }] of zones) {
        if (now.some((one) => one.origin === origin)) continue
        zones.delete(origin)
        publish([
          { kind: 'renew', apex: origin },
          { kind: 'zone', apex: origin },
        ])
        outcomes.push({ taken: true, line: `${formatName(origin)} is no longer served from ${file}` })
      }
      for (const file of now) {
        const known = zones.get(file.origin)
        const isSame = known?.file === file.file && known.seen === stateOf(file.file)
        if (isSame && !(known.refused && refused)) continue
        outcomes.push(...(await renew(file, known)))
        if (signal.aborted) break
      }
      return outcomes
    },
    status: () => ({
      loading,
      zones: [...zones.values()].filter(({ soa }) => soa !== undefined).length,
      names: [...zones.values()].reduce((sum, { names }) => sum + names, 0),
    }),
  }

  async function load({ origin, file }: ZoneFile): Promise<void> {
    loading = `reading ${formatName(origin)} from ${file}`
    const zone: Loaded = { file, seen: stateOf(file), refused: false, digest: '', names: 0, soa: undefined }
    const digest = new Digest()
    zones.set(origin, zone)
    await readInThread({ origin, file }, signal, (update) => {
      digest.add(update)
      publish([update])
      zone.names += namesIn([update])
      if (update.kind === 'zone') zone.soa = update.header?.soa
    })
    zone.digest = digest.value()
  }

  /** Reads a zone whole before any of it is handed out, so that there is nothing to take back. */
  async function renew({ origin, file }: ZoneFile, known: Loaded | undefined): Promise<Reread[]> {
    const { seen, updates, reason } = await readQuiet({ origin, file }, signal)
    if (signal.aborted) return []
    if (reason !== undefined) return [refuse(reason)]
    const soa = updates.findLast((update) => update.kind === 'zone')?.header?.soa
    const digest = digestOf(updates)
    const isSame = known?.digest === digest
    const renewal: Update = { kind: 'renew', apex: origin }
    try {
      if (!isSame) for (const update of [renewal, ...updates]) publish([update])
    } catch (error) {
      publish([renewal]) // gives up what there is of it
      return [refuse((error as Error).message)]
    }
    zones.set(origin, { file, seen, refused: false, digest, names: namesIn(updates), soa })
    if (isSame) return []
    return [{ taken: true, line: `${formatName(origin)} is served from ${file} ${serialWords(known?.soa, soa)}` }]

    function refuse(reason: string): Reread {
      const kept = known === undefined ? 'is not served' : 'is served as before'
      zones.set(origin, { ...(known ?? NOTHING), file, seen, refused: true })
      return { taken: false, line: `${formatName(origin)} ${kept}: ${reason}` }
    }
  }
}

// ---------------------------------------------------------------------------

/** A zone that was read. */
interface Loaded {
  readonly file: string
  /** The file as it was when it was read last. */
  readonly seen: string
  /** It was not sound then, and what is served is older. */
  readonly refused: boolean
  /** Of all that was handed out. */
  digest: string
  names: number
  soa: RRset | undefined
}

const NOTHING = { digest: '', names: 0, soa: undefined }
const MAX_READINGS = 3

interface Reading {
  readonly seen: string
  readonly updates: Update[]
  /** Why the file is refused. */
  readonly reason?: string
}

/** Reads a file in a state in which it stayed meanwhile: one that is being written is read again. */
async function readQuiet(zoneFile: ZoneFile, signal: AbortSignal): Promise<Reading> {
  for (let left = MAX_READINGS; ; left--) {
    const seen = stateOf(zoneFile.file)
    const updates: Update[] = []
    const reason = await readInThread(zoneFile, signal, (update) => updates.push(update)).then(
      () => undefined,
      (error: Error) => error.message,
    )
    if (left === 1 || signal.aborted || stateOf(zoneFile.file) === seen)
      return { seen, updates, ...(reason && { reason }) }
  }
}

/** Tells one state of a file from another. */
function stateOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? 'absent' : `${stat.dev} ${stat.ino} ${stat.size} ${stat.mtimeNs}`
}

/** Tells one content of a zone from another. */
class Digest {
  readonly #hash = createHash('sha256')

  add(update: Update): void {
    if (update.kind === 'names') this.#hash.update(update.packed)
    else this.#hash.update(JSON.stringify(update, (_, value) => (value instanceof Uint8Array ? [...value] : value)))
  }

  value(): string {
    return this.#hash.digest('hex')
  }
}

function digestOf(updates: readonly Update[]): string {
  const digest = new Digest()
  for (const update of updates) digest.add(update)
  return digest.value()
}

/** Secondaries and whoever watches the serial learn of a change by its rise only (RFC 1034 4.3.5). */
function serialWords(before: RRset | undefined, now: RRset | undefined): string {
  const serial = now && serialOf(now)
  const old = before && serialOf(before)
  if (serial === undefined || old === undefined || isLater(serial, old)) return `with serial ${serial}`
  return `with serial ${serial}, which has not risen from ${old} though the zone has changed`
}

/** In a thread of its own, so that /health answers meanwhile. Rejects with the reason if the file is refused, or `hear` throws. */
function readInThread(zoneFile: ZoneFile, signal: AbortSignal, hear: (update: Update) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const taken = new Int32Array(new SharedArrayBuffer(4)) // messages
    const thread = new Worker(new URL('./zone-file-thread.ts', import.meta.url), { workerData: { ...zoneFile, taken } })
    const terminate = () => thread.terminate()
    signal.addEventListener('abort', terminate)
    thread.on('message', (message: FromZoneFile) => {
      try {
        if (message.kind === 'refused') throw new Error(message.reason)
        hear(message)
      } catch (error) {
        reject(error as Error)
        void terminate()
      }
      Atomics.add(taken, 0, 1)
      Atomics.notify(taken, 0)
    })
    thread.on('error', reject)
    thread.on('exit', () => {
      signal.removeEventListener('abort', terminate)
      resolve()
    })
  })
}
