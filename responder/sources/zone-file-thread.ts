/** The thread that reads one zone file. The memory that parsing takes is given back when it ends. */
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { Type } from '../../shared/dns/codes.ts'
import type { RRset } from '../../shared/dns/rrset.ts'
import { parseZoneFile, ZoneFileError } from '../../shared/dns/zone-file.ts'
import { packRRsets } from '../zones/packed.ts'
import { type NameEntry, packNames } from '../zones/update.ts'
import type { FromZoneFile, ZoneFile } from './zone-files.ts'

const NAMES_AT_ONCE = 10_000

const { origin, file } = workerData as ZoneFile
try {
  handOut(parseZoneFile(readFileSync(file, 'utf8'), { origin, file }))
} catch (error) {
  const reason = reasonToRefuse(error)
  if (reason === undefined) throw error
  tell({ kind: 'refused', reason })
}

// ---------------------------------------------------------------------------

/** Packs the RRsets, those of one name being side by side, and sends them off; what makes the zone served comes last. */
function handOut(rrsets: readonly RRset[]): void {
  const soa = rrsets.find(({ type }) => type === Type.SOA) as RRset // there is one, or the file had been refused
  const ns = rrsets.find(({ type, owner }) => type === Type.NS && owner === origin) as RRset
  let entries: NameEntry[] = []
  for (let i = 0; i < rrsets.length; ) {
    const { owner } = rrsets[i] as RRset
    const own: RRset[] = []
    for (; rrsets[i]?.owner === owner; i++) own.push(rrsets[i] as RRset)
    const stored = owner === origin ? own.filter((rrset) => rrset !== soa && rrset !== ns) : own
    if (stored.length > 0) entries.push([owner, packRRsets(stored)])
    if (entries.length === NAMES_AT_ONCE || i === rrsets.length) {
      tell({ kind: 'names', count: entries.length, packed: packNames(entries) })
      entries = []
    }
  }
  tell({ kind: 'header', header: { soa, ns } })
}

/** What is wrong with the file; undefined if the fault is not the file's. */
function reasonToRefuse(error: unknown): string | undefined {
  if (error instanceof ZoneFileError) return error.message
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall === undefined) return undefined
  return `${file}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`}`
}

function tell(message: FromZoneFile): void {
  parentPort?.postMessage(message)
}
