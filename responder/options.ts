import { parseArgs } from 'node:util'
import { NameError, parseName } from '../shared/dns/name.ts'
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
}

/** Reads the command line. Throws an Error that says what is wrong. */
export function parseOptions(args: readonly string[]): CliOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      zone: { type: 'string', multiple: true, default: [] },
      dns: { type: 'string', multiple: true, default: ['127.0.0.1:5300'] },
      workers: { type: 'string', default: '1' },
      health: { type: 'string' },
      lameduck: { type: 'string', default: '0' },
      interval: { type: 'string', default: '0.25' },
      help: { type: 'boolean', default: false },
    },
  })
  const zones = values.zone.map((text) => about('--zone', () => parseZoneOption(text)))
  const twice = zones.find(({ origin }, i) => zones.findIndex((zone) => zone.origin === origin) !== i)
  if (twice !== undefined) throw new Error(`--zone: ${twice.file} is of a zone that has a file already`)
  return {
    help: values.help,
    zones,
    dns: values.dns.map((text) => about('--dns', () => parseEndpoint(text))),
    workers: about('--workers', () => parseWorkers(values.workers)),
    ...(values.health !== undefined && { control: about('--health', () => parseEndpoint(values.health ?? '')) }),
    lameduckMs: about('--lameduck', () => parseSeconds(values.lameduck, 0)),
    intervalMs: about('--interval', () => parseSeconds(values.interval, 0.01)),
  }
}

// ---------------------------------------------------------------------------

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
