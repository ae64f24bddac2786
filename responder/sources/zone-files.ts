import { Worker } from 'node:worker_threads'
import { formatName, type WireName } from '../../shared/dns/name.ts'
import type { Update } from '../zones/update.ts'
import type { Publish, Source } from './source.ts'

/** A zone and the master file it is read from (RFC 1035 5). */
export interface ZoneFile {
  readonly origin: WireName
  readonly file: string
}

export type FromZoneFile = Update | { readonly kind: 'refused'; readonly reason: string }

/** Zones read once from files. A file that is not sound is refused with file, line and reason, and nothing is served. */
export function zoneFiles(files: readonly ZoneFile[]): Source {
  const published: (readonly Update[])[] = [] // packed, so keeping it costs little more than the file's size
  let loading: string | undefined = 'zone files are not read yet'
  let zones = 0
  let names = 0

  return {
    async start(publish, signal) {
      for (const file of files) {
        await load(file, publish, signal)
        if (signal.aborted) return
      }
      loading = undefined
    },
    snapshot: () => published,
    status: () => ({ loading, zones, names }),
  }

  async function load(zoneFile: ZoneFile, publish: Publish, signal: AbortSignal): Promise<void> {
    loading = `reading ${formatName(zoneFile.origin)} from ${zoneFile.file}`
    await readInThread(zoneFile, signal, (update) => {
      published.push([update])
      publish([update])
      if (update.kind === 'names') names += update.count
      else zones++
    })
  }
}

// ---------------------------------------------------------------------------

/** In a thread of its own, so that /health answers meanwhile. Rejects with the reason if the file is refused. */
function readInThread(zoneFile: ZoneFile, signal: AbortSignal, hear: (update: Update) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./zone-file-thread.ts', import.meta.url), { workerData: zoneFile })
    const terminate = () => thread.terminate()
    signal.addEventListener('abort', terminate)
    thread.on('message', (message: FromZoneFile) => {
      if (message.kind === 'refused') reject(new Error(message.reason))
      else hear(message)
    })
    thread.on('error', reject)
    thread.on('exit', () => {
      signal.removeEventListener('abort', terminate)
      resolve()
    })
  })
}
