/** The thread that reads one zone file. The memory that parsing takes is given back when it ends. */
import { constants } from 'node:buffer'
import { readFileSync, statSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { ZoneFileError } from '../../shared/dns/zone-file.ts'
import type { FromZoneFile, ZoneFile } from './zone-files.ts'
import { readZoneText } from './zone-text.ts'

/** Messages that may lie unread. */
const AHEAD = 8

const { origin, file, taken } = workerData as ZoneFile & { readonly taken: Int32Array }
let told = 0
try {
  if (statSync(file).size > constants.MAX_STRING_LENGTH) refuse(`${file}: is too large, 512 MiB can be read`)
  else for (const update of readZoneText(readFileSync(file, 'utf8'), { origin, file })) tell(update)
} catch (error) {
  const reason = reasonToRefuse(error)
  if (reason === undefined) throw error
  refuse(reason)
}

// ---------------------------------------------------------------------------

/** What is wrong with the file; undefined if the fault is not the file's. */
function reasonToRefuse(error: unknown): string | undefined {
  if (error instanceof ZoneFileError) return error.message
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall === undefined) return undefined
  return `${file}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`}`
}

function refuse(reason: string): void {
  tell({ kind: 'refused', reason })
}

/** Waits first if the reader has much to take, so that the two of them never hold the zone once more. */
function tell(message: FromZoneFile): void {
  for (let count = Atomics.load(taken, 0); told - count >= AHEAD; count = Atomics.load(taken, 0)) {
    Atomics.wait(taken, 0, count)
  }
  parentPort?.postMessage(message, message.kind === 'names' ? [message.packed.buffer] : [])
  told++
}
