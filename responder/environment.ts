import { availableParallelism } from 'node:os'
import { container, containerVariables as variables } from '../shared/container.ts'
import { defined, readConfig, settingsIn } from './config/file.ts'
import { parseSecret } from './cookies.ts'
import { type Endpoint, parseEndpoint } from './listeners/endpoint.ts'
import { type Settings, type SomeSettings, settle } from './settings.ts'
import { about, MAX_WORKERS, parseSeconds, parseWorkers } from './values.ts'

/**
 * Reads what configures the container; whatever is not set has a default. Throws an Error that names the variable.
 *
 *     DNS_LISTEN        HOST:PORT for UDP and TCP ([::]:1053, which is IPv4 as well); several with commas
 *     TLS_LISTEN        HOST:PORT for DNS over TLS (none); several with commas
 *     HTTPS_LISTEN      HOST:PORT for DNS over HTTPS (none); several with commas
 *     TLS_CERTIFICATE   file of the certificate of both, in PEM
 *     TLS_KEY           file of its key
 *     HEALTH_LISTEN     HOST:PORT for /health, /ready and /metrics ([::]:8080)
 *     WORKERS           threads that answer (one a vCPU)
 *     NAMESTREAM_UDP    node to serve UDP by Node's own sockets, which it is read for where they are opened (native)
 *     LAMEDUCK_SECONDS  after SIGTERM, go on answering for so long (20)
 *     POLL_SECONDS      time between two readings of the change log (0.25)
 *     COOKIE_SECRETS    one secret or two of 32 hexadecimal digits, with a comma (one of this process alone)
 *     CONFIG            what else there is to say, as the JSON text that the command line takes as a file
 *     CONFIG_FILE       or a file of it; variables win over both
 */
export function readEnvironment(environment: NodeJS.ProcessEnv): ContainerSettings {
  const file = configured()
  const cookies = read('cookies', readSecrets)
  const said = defined({
    dns: read('dns', parseEndpoints),
    tls: read('tls', parseEndpoints),
    https: read('https', parseEndpoints),
    certificate: read('certificate', (text) => text),
    key: read('key', (text) => text),
    control: read('health', parseEndpoint),
    workers: read('workers', parseWorkers),
    lameduckMs: read('lameduck', (text) => parseSeconds(text, 0)),
    intervalMs: read('poll', (text) => parseSeconds(text, 0.01)),
    links: cookies && { ...file.links, cookies },
  })
  const { control = USUAL_CONTROL, ...settings } = settle(said, file, usual())
  // Without it each request to DynamoDB would fail before it is sent, again and again.
  if (settings.zones.length === 0 && !environment.AWS_REGION)
    throw new Error('the environment variable AWS_REGION must name the region')
  return { ...settings, control }

  function configured(): SomeSettings {
    const text = environment[variables.config]
    const file = environment[variables.configFile]
    if (text && file) throw new Error(`${variables.config} and ${variables.configFile} cannot both be set`)
    if (file) return about(variables.configFile, () => readConfig(file))
    return text ? settingsIn(text, variables.config, '.') : {}
  }

  function read<T>(option: keyof typeof variables, parse: (text: string) => T): T | undefined {
    const text = environment[variables[option]]
    return text ? about(variables[option], () => parse(text)) : undefined
  }
}

/** Time between two lines of metrics, from METRICS_SECONDS (60); 0 if there are to be none. */
export function readReportInterval(environment: NodeJS.ProcessEnv): number {
  return about(variables.metrics, () => parseSeconds(environment[variables.metrics] || '60', 0))
}

export interface ContainerSettings extends Settings {
  readonly control: Endpoint
}

// ---------------------------------------------------------------------------

const USUAL_CONTROL = parseEndpoint(`[::]:${container.healthPort}`)

function usual(): SomeSettings {
  return {
    dns: [parseEndpoint(`[::]:${container.dnsPort}`)],
    workers: Math.min(availableParallelism(), MAX_WORKERS),
    lameduckMs: 20_000,
  }
}

/** The settings of the link `cookies`. What it throws does not show a secret. */
function readSecrets(text: string): { readonly secrets: readonly string[] } {
  const secrets = text.split(',')
  if (secrets.length > 2) throw new Error('there may be two secrets, no more')
  for (const secret of secrets) parseSecret(secret)
  return { secrets }
}

function parseEndpoints(text: string): Endpoint[] {
  return text.split(',').map((one) => parseEndpoint(one.trim()))
}
