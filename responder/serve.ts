import { expiryWords, readCertificate } from './listeners/certificate.ts'
import { formatEndpoint } from './listeners/endpoint.ts'
import type { Served } from './listeners/listen.ts'
import { atHangUp, endWith, say, tell, writeLog } from './process.ts'
import { Reloads } from './reload.ts'
import { type Responder, type ResponderOptions, startResponder } from './responder.ts'
import type { Settings } from './settings.ts'
import type { Source } from './sources/source.ts'
import { zoneFiles } from './sources/zone-files.ts'

export interface ServeOptions extends Pick<ResponderOptions, 'identity' | 'reports'> {
  /** Reads the settings, at the start and again when they may have changed. Throws an Error that says what is wrong. */
  readonly read: () => Settings
  /** The source of names where the settings name no files. */
  readonly followTables: (settings: Settings) => Promise<Source>
}

/** Serves until a signal: then it says that it is not ready, answers for the lameduck time, and ends. */
export async function serve({ read, followTables, identity, reports }: ServeOptions): Promise<void> {
  const settings = read()
  const { secure, ...open } = settings
  const certificate = secure && readCertificate(secure.files)
  const files = settings.zones.length > 0 ? zoneFiles(settings.zones) : undefined
  const source = files ?? (await followTables(settings))
  const responder = await startResponder({
    ...open,
    source,
    ...(secure && certificate && { secure: { ...secure, certificate } }),
    ...(identity !== undefined && { identity }),
    ...(reports && { reports }),
    figures: () => reloads.figures(),
    log: say,
    queryLog: writeLog,
  })
  const reloads = new Reloads({ settings, certificate, read, change: responder.change, reread: files?.reread, say })
  atHangUp(() => void responder.ready.then(() => reloads.look(true)))
  endWith(responder.stop)
  const bound = await untilReady(responder, source)
  reloads.start()
  for (const endpoint of bound) tell(placeOf(endpoint, settings))
  if (certificate !== undefined) say(`the certificate is read, ${expiryWords(certificate)}`)
  if (responder.control !== undefined) tell(`health, ready, metrics: http://${formatEndpoint(responder.control)}`)
  tell('ready')
}

// ---------------------------------------------------------------------------

/** Waits, and says from time to time what for. */
function untilReady({ ready }: Responder, source: Source): Promise<readonly Served[]> {
  const began = Date.now()
  const progress = setInterval(() => {
    const seconds = Math.round((Date.now() - began) / 1000)
    const rarely = seconds % 60 === 0 || Number.isInteger(Math.log2(seconds)) // it may take hours, where the store is away
    if (rarely) say(`${source.status().loading ?? 'filling the workers'} (${seconds} s)`)
  }, 1000)
  return ready.finally(() => clearInterval(progress))
}

function placeOf(endpoint: Served, { secure }: Settings): string {
  const place = formatEndpoint(endpoint)
  switch (endpoint.speaks) {
    case 'dns':
      return `DNS over UDP and TCP: ${place}`
    case 'tls':
      return `DNS over TLS: ${place}`
    case 'https':
      return `DNS over HTTPS: https://${place}${secure?.path}`
  }
}
