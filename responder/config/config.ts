import * as v from 'valibot'
import { parseName } from '../../shared/dns/name.ts'
import { order } from '../chain.ts'
import { type Endpoint, parseEndpoint } from '../listeners/endpoint.ts'
import { MAX_WORKERS } from '../values.ts'
import { linksSchema } from './links.ts'
import { readable } from './readable.ts'

/** What a file may say of the responder. */
export type Config = v.InferOutput<typeof config>

/**
 * Reads a configuration. Throws an Error of one line that says where it is wrong: `FILE: links.any.over: …`. A key that is
 * not known is wrong.
 */
export function parseConfig(text: string, file: string): Config {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause })
  }
  const result = v.safeParse(config, given)
  if (result.success) return result.output
  throw new Error(`${file}: ${complaint(result.issues[0])}`)
}

// ---------------------------------------------------------------------------

const endpoint = v.pipe(
  readable(parseEndpoint),
  v.transform((text): Endpoint => parseEndpoint(text)),
)

const seconds = (least: number) => v.pipe(v.number(), v.minValue(least), v.maxValue(3600))

export const config = v.strictObject({
  $schema: v.optional(v.string()),
  /** Master files by origin; without any, names come from DynamoDB. */
  zones: v.optional(v.record(readable(parseName), v.string())),
  /** Where questions are taken over UDP and TCP. */
  dns: v.optional(v.pipe(v.array(endpoint), v.minLength(1))),
  /** Where `/health`, `/ready` and `/metrics` are. */
  health: v.optional(endpoint),
  workers: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_WORKERS))),
  /** Seconds to go on answering after SIGTERM. */
  lameduck: v.optional(seconds(0)),
  /** Seconds between two readings of the change log. */
  interval: v.optional(seconds(0.01)),
  links: v.optional(linksSchema(order), {}),
})

type Issue = v.BaseIssue<unknown>

/** The innermost of the issues, which is about the very value that is wrong, and where that is. */
function complaint(issue: Issue): string {
  const { path, message } = deepest(issue, [])
  return path === '' ? message : `${path}: ${message}`
}

function deepest(issue: Issue, above: readonly string[]): { path: string; message: string } {
  const path = [...above, ...(issue.path ?? []).map(({ key }) => String(key))]
  // Of the ways in which a value may be written, the one that it comes closest to.
  const inner = issue.issues?.toSorted((a, b) => (b.path?.length ?? 0) - (a.path?.length ?? 0))[0]
  if (inner?.path !== undefined) return deepest(inner, path)
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return { path: path.slice(0, -1).join('.'), message: `${JSON.stringify(path.at(-1))} is not known here` }
  }
  return { path: path.join('.'), message: issue.message }
}
