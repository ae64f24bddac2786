import { parseArgs } from 'node:util'
import { NameError, parseName } from '../shared/dns/name.ts'
import type { LinkSettings } from './chain.ts'
import { readConfig } from './config/file.ts'
import { type Endpoint, parseEndpoint } from './listeners/endpoint.ts'
import type { ZoneFile } from './sources/zone-files.ts'
import { about, parseSeconds, parseWorkers } from './values.ts'

export const USAGE = `Usage: npm run responder -- [OPTION...]

Answers DNS questions over UDP and TCP.

  --zone ORIGIN=FILE     serve a zone from a master file (RFC 1035); may be given several times.
                         Without it, zones and names come from DynamoDB and follow its change log; the
                         tables are named by NAMES_TABLE, ZONES_TABLE and CHANGELOG_TABLE
  --dns HOST:PORT        where to listen, an IPv6 address as [::1]:5300; may be given several times
                         (default 127.0.0.1:5300)
  --workers N            threads that answer (default 1)
  --health HOST:PORT     serve /health, /ready and /metrics over HTTP
  --lameduck SECONDS     after SIGTERM, go on answering for so long while /ready says no (default 0)
  --interval SECONDS     time between two readings of the change log (default 0.25)
  --config FILE          what else there is to say, as JSON (responder/config/schema.json); options here win over it
  --help                 print this
`

export interface CliOptions {
  readonly help: boolean
  readonly zones: readonly ZoneFile[]
  readonly dns: readonly Endpoint[]
  readonly workers: number
  readonly control?: Endpoint
  readonly lameduckMs: number
  readonly intervalMs: number
  readonly links: LinkSettings
}

/** Reads the command line and the file that it names. Throws an Error that says what is wrong. */
export function parseOptions(args: readonly string[]): CliOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string' },
      zone: { type: 'string', multiple: true },
      dns: { type: 'string', multiple: true },
      workers: { type: 'string' },
      health: { type: 'string' },
      lameduck: { type: 'string' },
      interval: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const config = values.config === undefined ? undefined : about('--config', () => readConfig(values.config ?? ''))
  const zones = values.zone?.map((text) => about('--zone', () => parseZoneOption(text))) ?? config?.zones ?? []
  const twice = zones.find(({ origin }, i) => zones.findIndex((zone) => zone.origin === origin) !== i)
  if (twice !== undefined) throw new Error(`--zone: ${twice.file} is of a zone that has a file already`)
  const control = read('health', parseEndpoint) ?? config?.health
  return {
    help: values.help,
    zones,
    dns: values.dns?.map((text) => about('--dns', () => parseEndpoint(text))) ?? config?.dns ?? USUAL_DNS,
    workers: read('workers', parseWorkers) ?? config?.workers ?? 1,
    ...(control && { control }),
    lameduckMs: read('lameduck', (text) => parseSeconds(text, 0)) ?? config?.lameduckMs ?? 0,
    intervalMs: read('interval', (text) => parseSeconds(text, 0.01)) ?? config?.intervalMs ?? 250,
    links: config?.links ?? {},
  }

  function read<T>(option: 'health' | 'workers' | 'lameduck' | 'interval', parse: (text: string) => T): T | undefined {
    const text = values[option]
    return text === undefined ? undefined : about(`--${option}`, () => parse(text))
  }
}

// ---------------------------------------------------------------------------

const USUAL_DNS = [{ host: '127.0.0.1', port: 5300 }]

function parseZoneOption(text: string): ZoneFile {
  const equals = text.indexOf('=')
  if (equals < 1 || equals === text.length - 1) throw new Error(`"${text}" is not ORIGIN=FILE`)
  const origin = text.slice(0, equals)
  try {
    return { origin: parseName(origin), file: text.slice(equals + 1) }
  } catch (error) {
    if (error instanceof NameError)
      throw new Error(`"${origin}" is not a domain name: ${error.message}`, { cause: error })
    throw error
  }
}
