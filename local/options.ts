import { parseArgs } from 'node:util'
import { type Endpoint, formatEndpoint, parseEndpoint } from '../responder/listeners/endpoint.ts'
import { formatName, type Name, NameError, parseName, ROOT } from '../shared/dns/name.ts'
import { probeName } from '../shared/probe/name.ts'
import { newZone } from '../shared/records/new-zone.ts'
import { about, complaining } from './arguments.ts'
import { parseFolder } from './data-folder.ts'
import { type FunctionOption, parseFunctions } from './functions/option.ts'

export const USAGE = `Usage: npm start -- [OPTION...]

Runs the whole of Namestream on this machine: DynamoDB Local, the registration API, the stream triggers, the DNS
responder, and the mirror with an emulator of Route 53. Ends with Ctrl-C.

  --http HOST:PORT          registration API (default 127.0.0.1:8090), over plain HTTP and, without --auth, for
                            everybody: HOST must be a loopback address
  --auth                    let in who shows a token only, and let each write what is granted (npm run access)
  --dns HOST:PORT           DNS over UDP and TCP (default 127.0.0.1:5300)
  --health HOST:PORT        /health, /ready and /metrics of the responder, and the dashboard at /dashboard, for browsers
                            on this machine (default 127.0.0.1:8053, or any free port if that is taken)
  --route53 HOST:PORT       emulator of Route 53, to which names are mirrored (default 127.0.0.1:8091, or any free port
                            if that is taken); HOST must be a loopback address. Where AWS_ENDPOINT_URL_ROUTE_53 is
                            set, names are mirrored there instead, with your AWS credentials
  --no-mirror               mirror nothing
  --probe                   register namestream-probe in the first zone every 10 s, look it up, and tell the delays;
                            not with --auth
  --function NAME=FILE      run the function that FILE exports as handler, and publish it as NAME.fn. below the first zone;
                            may be given several times
  --gateway HOST:PORT       where functions are called by their names, over HTTP (default 127.0.0.1:8092, or any free
                            port if that is taken); HOST must be a loopback address
  --zone ORIGIN[,ORIGIN]    zones to serve; may be given several times (default rpc.szbd-uc.uaebd.local.). Zones of
                            earlier runs stay served
  --data FOLDER             where records are kept (default .namestream in the project)
  --ephemeral               keep everything in memory and forget it at the end
  --help                    print this

An IPv6 address is written as [::1]:8090; port 0 is any free one.
`

export interface Options {
  readonly help: boolean
  readonly http: Endpoint
  readonly auth: boolean
  readonly dns: Endpoint
  /** Absent: the usual port, or any free one where that is taken. */
  readonly health: Endpoint | undefined
  /** Of the emulator. Absent: as with health. */
  readonly route53: Endpoint | undefined
  readonly mirror: boolean
  /** Whether the first zone is probed. */
  readonly probe: boolean
  /** Functions of the user's. */
  readonly functions: readonly FunctionOption[]
  /** Of the function gateway. Absent: as with health. */
  readonly gateway: Endpoint | undefined
  readonly zones: readonly Name[]
  /** Folder of everything that outlives the stack; undefined if nothing does. */
  readonly data: string | undefined
}

/** Reads the command line. Throws an Error whose message is one line that says what is wrong. */
export function parseOptions(args: readonly string[]): Options {
  const values = readArguments(args)
  const options = {
    help: values.help,
    auth: values.auth,
    http: about('--http', () => loopback(parseEndpoint(values.http))),
    dns: about('--dns', () => parseEndpoint(values.dns)),
    health: optional('--health', values.health, parseEndpoint),
    route53: optional('--route53', values.route53, (text) => loopback(parseEndpoint(text))),
    mirror: !values['no-mirror'],
    probe: values.probe,
    functions: about('--function', () => parseFunctions(values.function)),
    gateway: optional('--gateway', values.gateway, (text) => loopback(parseEndpoint(text))),
    zones: about('--zone', () => parseZones(values.zone)),
    data: values.ephemeral ? undefined : about('--data', () => parseFolder(values.data)),
  }
  const listening = [options.http, options.dns, options.health, options.route53, options.gateway]
  const ports = listening.flatMap((endpoint) => (endpoint?.port ? [formatEndpoint(endpoint)] : []))
  if (new Set(ports).size < ports.length)
    throw new Error('--http, --dns, --health, --route53 and --gateway must not share a port')
  if (options.probe) about('--probe', () => checkProbe(options))
  return options
}

// ---------------------------------------------------------------------------

function readArguments(args: readonly string[]) {
  return complaining(
    'npm start -- --help lists the options',
    () =>
      parseArgs({
        args: [...args],
        options: {
          http: { type: 'string', default: '127.0.0.1:8090' },
          auth: { type: 'boolean', default: false },
          dns: { type: 'string', default: '127.0.0.1:5300' },
          health: { type: 'string' },
          route53: { type: 'string' },
          'no-mirror': { type: 'boolean', default: false },
          probe: { type: 'boolean', default: false },
          function: { type: 'string', multiple: true, default: [] },
          gateway: { type: 'string' },
          zone: { type: 'string', multiple: true, default: ['rpc.szbd-uc.uaebd.local.'] },
          data: { type: 'string' },
          ephemeral: { type: 'boolean', default: false },
          help: { type: 'boolean', default: false },
        },
      }).values,
  )
}

function optional<T>(option: string, text: string | undefined, read: (text: string) => T): T | undefined {
  return text === undefined ? undefined : about(option, () => read(text))
}

function loopback(endpoint: Endpoint): Endpoint {
  if (!/^127\.|^::1$/.test(endpoint.host)) {
    throw new Error(
      `${formatEndpoint(endpoint)} can be reached from other machines, and the local stack lets everybody write; use 127.0.0.1 or [::1]`,
    )
  }
  return endpoint
}

function checkProbe({ auth, zones }: Pick<Options, 'auth' | 'zones'>): void {
  if (auth) throw new Error('the probe has no token, it cannot be used together with --auth')
  if (zones[0] !== undefined) probeName(zones[0])
}

function parseZones(texts: readonly string[]): Name[] {
  return [...new Set(texts.flatMap((text) => text.split(',')).map((text) => parseZone(text.trim())))]
}

function parseZone(text: string): Name {
  try {
    if (text.includes('=')) throw new NameError('zone files are served by npm run responder')
    const zone = parseName(text)
    if (zone === ROOT) throw new NameError('the root zone is not for us')
    if (zone.startsWith('\x01*')) throw new NameError('a zone cannot be a wildcard')
    return newZone(formatName(zone)).zone
  } catch (error) {
    if (error instanceof NameError) throw new Error(`"${text}" is not a zone: ${error.message}`, { cause: error })
    throw error
  }
}
