/** Headers as load balancers have them with multi-value headers: each name in lower case, with its values in order. */
export type Headers = ReadonlyMap<string, readonly string[]>

/** Headers of an event, or of anything that has them so; the same name in another letter case is the same header. */
export function readHeaders(pairs: Iterable<readonly [name: string, values: readonly string[]]>): Headers {
  const found = new Map<string, string[]>()
  for (const [name, values] of pairs) {
    const key = name.toLowerCase()
    found.set(key, [...(found.get(key) ?? []), ...values])
  }
  return found
}

/** Those that are meant for more than the next hop (RFC 9110 7.6.1): the others stay, as what they name is there no more. */
export function endToEnd(headers: Headers): Headers {
  const listed = (headers.get('connection') ?? []).flatMap((value) => value.toLowerCase().split(/\s*,\s*/))
  const dropped = new Set([...HOP_BY_HOP, ...listed.map((name) => name.trim()).filter((name) => !KEPT.has(name))])
  return new Map([...headers].filter(([name]) => !dropped.has(name)))
}

// ---------------------------------------------------------------------------

const HOP_BY_HOP = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** No client can take these away by listing them: functions trust them. */
const KEPT = new Set([
  'host',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-amzn-trace-id',
  'content-type',
  'cookie',
])
