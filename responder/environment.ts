import { availableParallelism } from 'node:os'
import { container, containerVariables as variables } from '../shared/container.ts'
import type { LinkSettings } from './chain.ts'
import { parseSecret } from './cookies.ts'
import { type Endpoint, parseEndpoint } from './listeners/endpoint.ts'
import { about, MAX_WORKERS, parseSeconds, parseWorkers } from './values.ts'

export interface ContainerOptions {
  readonly dns: readonly Endpoint[]
  readonly control: Endpoint
  readonly workers: number
  readonly lameduckMs: number
  readonly intervalMs: number
  /** Time between two lines of metrics; 0 if there are to be none. */
  readonly reportMs: number
  readonly links: LinkSettings
}

/**
 * Reads what configures the container; whatever is not set has a default. Throws an Error that names the variable.
 *
 *     DNS_LISTEN        HOST:PORT for UDP and TCP ([::]:1053, which is IPv4 as well)
 *     HEALTH_LISTEN     HOST:PORT for /health, /ready and /metrics ([::]:8080)
 *     WORKERS           threads that answer (one a vCPU)
 *     LAMEDUCK_SECONDS  after SIGTERM, go on answering for so long (20)
 *     POLL_SECONDS      time between two readings of the change log (0.25)
 *     METRICS_SECONDS   time between two lines of metrics on stdout (60; 0: none)
 *     COOKIE_SECRETS    one secret or two of 32 hexadecimal digits, with a comma (one of this process alone)
 */
export function readEnvironment(environment: NodeJS.ProcessEnv): ContainerOptions {
  // Without it each request to DynamoDB would fail before it is sent, again and again.
  if (!environment.AWS_REGION) throw new Error('the environment variable AWS_REGION must name the region')
  return {
    dns: [read('dns', parseEndpoint, `[::]:${container.dnsPort}`)],
    control: read('health', parseEndpoint, `[::]:${container.healthPort}`),
    workers: read('workers', parseWorkers, String(Math.min(availableParallelism(), MAX_WORKERS))),
    lameduckMs: read('lameduck', (text) => parseSeconds(text, 0), '20'),
    intervalMs: read('poll', (text) => parseSeconds(text, 0.01), '0.25'),
    reportMs: read('metrics', (text) => parseSeconds(text, 0), '60'),
    links: read('cookies', readSecrets, ''),
  }

  function read<T>(option: keyof typeof variables, parse: (text: string) => T, otherwise: string): T {
    return about(variables[option], () => parse(environment[variables[option]] || otherwise))
  }
}

// ---------------------------------------------------------------------------

/** The settings of the link `cookies`. What it throws does not show a secret. */
function readSecrets(text: string): LinkSettings {
  if (text === '') return {}
  const secrets = text.split(',')
  if (secrets.length > 2) throw new Error('there may be two secrets, no more')
  for (const secret of secrets) parseSecret(secret)
  return { cookies: { secrets } }
}
