import type { LinkSettings } from './chain.ts'
import type { CertificateFiles } from './listeners/certificate.ts'
import { type ConnectionLimits, LIMITS } from './listeners/connections.ts'
import type { Endpoint } from './listeners/endpoint.ts'
import type { ZoneFile } from './sources/zone-files.ts'

/** All that configures the server, links included. */
export interface Settings {
  /** Empty where zones come from the tables. */
  readonly zones: readonly ZoneFile[]
  readonly dns: readonly Endpoint[]
  readonly secure?: SecureSettings
  readonly control?: Endpoint
  readonly workers: number
  readonly limits: ConnectionLimits
  readonly lameduckMs: number
  readonly intervalMs: number
  /** Time between two looks at the files; 0 if only a signal makes it look. */
  readonly reloadMs: number
  readonly links: LinkSettings
}

export interface SecureSettings {
  readonly tls: readonly Endpoint[]
  readonly https: readonly Endpoint[]
  /** The path of DNS over HTTPS. */
  readonly path: string
  readonly files: CertificateFiles
}

/** What one place says of the settings, be it the command line, the environment or a file. */
export interface SomeSettings extends Partial<Omit<Settings, 'secure' | 'limits'>> {
  readonly tls?: readonly Endpoint[]
  readonly https?: readonly Endpoint[]
  readonly path?: string
  readonly certificate?: string
  readonly key?: string
  readonly limits?: Partial<ConnectionLimits>
}

/** The settings that come of it: what is said first holds, then what is usual. Throws an Error if that is not sound. */
export function settle(said: SomeSettings, file: SomeSettings, usual: SomeSettings): Settings {
  const all = { ...USUAL, ...usual, ...file, ...said }
  const { zones, dns, workers, lameduckMs, intervalMs, reloadMs, links, control } = all
  const twice = zones.find(({ origin }, i) => zones.findIndex((zone) => zone.origin === origin) !== i)
  if (twice !== undefined) throw new Error(`${twice.file}: is of a zone that has a file already`)
  const secure = secureSettings(all)
  return {
    zones,
    dns,
    workers,
    lameduckMs,
    intervalMs,
    reloadMs,
    links,
    limits: { ...LIMITS, ...all.limits },
    ...(secure && { secure }),
    ...(control && { control }),
  }
}

// ---------------------------------------------------------------------------

const NONE: readonly never[] = []

const USUAL = {
  zones: NONE,
  dns: NONE,
  tls: NONE,
  https: NONE,
  path: '/dns-query', // as the examples of RFC 8484 have it, and clients take it to be
  workers: 1,
  lameduckMs: 0,
  intervalMs: 250,
  reloadMs: 30_000,
  links: {},
}

function secureSettings(
  all: SomeSettings & Pick<SecureSettings, 'tls' | 'https' | 'path'>,
): SecureSettings | undefined {
  const { tls, https, path, certificate, key } = all
  if (tls.length === 0 && https.length === 0) return undefined
  if (certificate === undefined || key === undefined) throw new Error('tls and https need a certificate and its key')
  return { tls, https, path, files: { certificate, key } }
}
