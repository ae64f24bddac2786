import * as v from 'valibot'
import { parseName } from '../../shared/dns/name.ts'
import { order } from '../chain.ts'
import { type Endpoint, parseEndpoint } from '../listeners/endpoint.ts'
import { MAX_SECONDS, MAX_WORKERS } from '../values.ts'
import { complaint } from './complaint.ts'
import { complaintOfKeys } from './keys.ts'
import { linksSchema } from './links.ts'
import { readable } from './readable.ts'

/** What a file may say of the responder. */
export type Config = v.InferOutput<typeof config>

/**
 * Reads a configuration. Throws an Error of one line that says where it is wrong: `FILE: links.any.over: …`. A key that is
 * not known is wrong.
 */
export function parseConfig(text: string, file: string): Config {
  const wrong = (message: string) => new Error(`${file}: ${message.replace(SECRETS, '\u2026')}`)
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (error) {
    throw wrong((error as Error).message)
  }
  if (Array.isArray(given)) throw wrong('a configuration is an object, not a list')
  const keys = complaintOfKeys(text)
  if (keys !== undefined) throw wrong(keys)
  const result = v.safeParse(config, given)
  if (result.success) return result.output
  throw wrong(complaint(config, result.issues))
}

// ---------------------------------------------------------------------------

/** What is wrong is shown, but for what may be part of a secret. */
const SECRETS = /[\da-f]{8,}/gi

const endpoint = v.pipe(
  readable(parseEndpoint),
  v.transform((text): Endpoint => parseEndpoint(text)),
)

const endpoints = (tells: string) => v.pipe(v.array(endpoint), v.minLength(1), v.description(tells))
const file = (tells: string) => v.pipe(v.string(), v.minLength(1), v.description(tells))
const number = (least: number, most: number, tells: string) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most), v.description(tells))
const seconds = (least: number, tells: string) =>
  v.pipe(v.number(), v.minValue(least), v.maxValue(MAX_SECONDS), v.description(tells))

export const config = v.strictObject({
  $schema: v.optional(v.string()),
  zones: v.optional(
    v.pipe(
      v.record(readable(parseName), file('Path of the file.')),
      v.description('Master files by origin. Without any, names come from DynamoDB.'),
    ),
  ),
  dns: v.optional(endpoints('HOST:PORT of each place where questions are taken over UDP and TCP.')),
  tls: v.optional(
    v.pipe(
      v.strictObject({
        certificate: file('PEM file of the certificate, and of those that lead from it to one that clients know.'),
        key: file('PEM file of its private key.'),
        listen: v.optional(endpoints('HOST:PORT of each place where questions are taken over TLS.')),
      }),
      v.description('DNS over TLS (RFC 7858), and the certificate of DNS over HTTPS.'),
    ),
  ),
  https: v.optional(
    v.pipe(
      v.strictObject({
        listen: endpoints('HOST:PORT of each place where questions are taken over HTTPS.'),
        path: v.optional(v.pipe(v.string(), v.regex(/^\/[^?#\s]*$/, 'a path begins with / and has no ?, # or blank'))),
      }),
      v.description('DNS over HTTPS (RFC 8484).'),
    ),
  ),
  tcp: v.optional(
    v.pipe(
      v.strictObject({
        connections: v.optional(number(1, 100_000, 'Open connections.')),
        perClient: v.optional(number(1, 100_000, 'Open connections of one client address.')),
        idle: v.optional(seconds(0.1, 'Seconds without a complete request or a reply that is taken.')),
      }),
      v.description('Limits of each listener over TCP, TLS or HTTPS in each worker (RFC 9210 4.2).'),
    ),
  ),
  health: v.optional(v.pipe(endpoint, v.description('HOST:PORT of /health, /ready and /metrics.'))),
  workers: v.optional(number(1, MAX_WORKERS, 'Threads that answer.')),
  lameduck: v.optional(seconds(0, 'Seconds to go on answering after SIGTERM.')),
  interval: v.optional(seconds(0.01, 'Seconds between two readings of the change log.')),
  reload: v.optional(
    v.union([v.literal(false), seconds(1, 'Seconds between two looks at the files; false: only at SIGHUP.')]),
  ),
  links: v.optional(linksSchema(order), {}),
})
