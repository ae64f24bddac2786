import { parseArgs } from 'node:util'
import { NameError, parseName } from '../shared/dns/name.ts'
import { defined, readConfig } from './config/file.ts'
import { parseEndpoint } from './listeners/endpoint.ts'
import { type Settings, settle } from './settings.ts'
import type { ZoneFile } from './sources/zone-files.ts'
import { about, parseSeconds, parseWorkers } from './values.ts'

export const USAGE = `Usage: npm run responder -- [OPTION...]

Answers DNS questions over UDP and TCP, TLS and HTTPS.

  --zone ORIGIN=FILE     serve a zone from a master file (RFC 1035); may be given several times.
                         Without it, zones and names come from DynamoDB and follow its change log; the
                         tables are named by NAMES_TABLE, ZONES_TABLE and CHANGELOG_TABLE
  --dns HOST:PORT        where to listen, an IPv6 address as [::1]:5300; may be given several times
                         (default 127.0.0.1:5300)
  --tls HOST:PORT        where to listen for DNS over TLS; may be given several times
  --https HOST:PORT      where to listen for DNS over HTTPS; may be given several times
  --certificate FILE     what clients of both are shown, in PEM
  --key FILE             its private key, in PEM
  --workers N            threads that answer (default 1)
  --health HOST:PORT     serve /health, /ready and /metrics over HTTP
  --lameduck SECONDS     after SIGTERM, go on answering for so long while /ready says no (default 0)
  --interval SECONDS     time between two readings of the change log (default 0.25)
  --config FILE          what else there is to say, as JSON (responder/config/schema.json); options here win over it
  --help                 print this

At SIGHUP, and every half a minute or so, files are read again that have changed.
`

export interface CommandLine {
  readonly help: boolean
  /** Reads the settings, and the file that the command line names. Throws an Error that says what is wrong. */
  readonly settings: () => Settings
}

/** Reads the command line. Throws an Error that says what is wrong. */
export function parseOptions(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string' },
      zone: { type: 'string', multiple: true },
      dns: { type: 'string', multiple: true },
      tls: { type: 'string', multiple: true },
      https: { type: 'string', multiple: true },
      certificate: { type: 'string' },
      key: { type: 'string' },
      workers: { type: 'string' },
      health: { type: 'string' },
      lameduck: { type: 'string' },
      interval: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const said = defined({
    zones: values.zone?.map((text) => about('--zone', () => parseZoneOption(text))),
    dns: all('dns'),
    tls: all('tls'),
    https: all('https'),
    certificate: values.certificate,
    key: values.key,
    workers: read('workers', parseWorkers),
    control: read('health', parseEndpoint),
    lameduckMs: read('lameduck', (text) => parseSeconds(text, 0)),
    intervalMs: read('interval', (text) => parseSeconds(text, 0.01)),
  })
  const { config } = values
  const settings = () => settle(said, config === undefined ? {} : about('--config', () => readConfig(config)), USUAL)
  return { help: values.help, settings }

  function all(option: 'dns' | 'tls' | 'https') {
    return values[option]?.map((text) => about(`--${option}`, () => parseEndpoint(text)))
  }

  function read<T>(option: 'health' | 'workers' | 'lameduck' | 'interval', parse: (text: string) => T): T | undefined {
    const text = values[option]
    return text === undefined ? undefined : about(`--${option}`, () => parse(text))
  }
}

// ---------------------------------------------------------------------------

const USUAL = { dns: [{ host: '127.0.0.1', port: 5300 }] }

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
