import { isUtf8 } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import type { ALBEvent } from 'aws-lambda'
import type { ReceivedRequest } from '../http/event.ts'

/**
 * The event that an Application Load Balancer makes of a request for a Lambda function, with multi-value headers (ELB User
 * Guide, "Lambda functions as targets"): path and query not decoded, header names in lower case, those dropped that have
 * other characters than letters, digits and hyphens, a body that is not text in base64, and the headers that it adds.
 */
export function balancerEvent(request: ReceivedRequest, port: number): ALBEvent {
  const { method, sourceIp, body, at } = request
  const { path, query, host } = targetOf(request.target)
  const headers = grouped(namedHeaders(request.rawHeaders))
  if (host !== undefined) headers.set('host', [host]) // RFC 9112 3.2.2
  headers.set('x-forwarded-for', [[...(headers.get('x-forwarded-for') ?? []), sourceIp].join(', ')])
  headers.set('x-forwarded-port', [String(port)])
  headers.set('x-forwarded-proto', ['http'])
  if (!headers.has('x-amzn-trace-id')) headers.set('x-amzn-trace-id', [traceId(at)])
  const isText = isTextOf(headers) && isUtf8(body)
  return {
    requestContext: { elb: { targetGroupArn: TARGET_GROUP } },
    httpMethod: method,
    path,
    multiValueQueryStringParameters: Object.fromEntries(grouped(parametersOf(query))),
    multiValueHeaders: Object.fromEntries(headers),
    body: body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: body.length > 0 && !isText,
  }
}

// ---------------------------------------------------------------------------

const TARGET_GROUP = 'arn:aws:elasticloadbalancing:ddblocal:000000000000:targetgroup/local/0000000000000000'

function targetOf(target: string): { path: string; query: string; host: string | undefined } {
  const [, host, rest = ''] = /^(?:https?:\/\/([^/?#]*))?(.*)$/is.exec(target) ?? []
  const [, path = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(rest) ?? []
  return { path: path || '/', query, host }
}

function namedHeaders(raw: readonly string[]): [string, string][] {
  const pairs = Array.from({ length: raw.length / 2 }, (_, i): [string, string] => {
    return [(raw[2 * i] ?? '').toLowerCase(), raw[2 * i + 1] ?? '']
  })
  return pairs.filter(([name]) => /^[a-z0-9-]+$/.test(name))
}

function parametersOf(query: string): [string, string][] {
  const texts = query.split('&').filter((text) => text !== '')
  return texts.map((text) => {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(text) ?? []
    return [name, value]
  })
}

function grouped(pairs: readonly [string, string][]): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const [name, value] of pairs) {
    const values = groups.get(name)
    if (values === undefined) groups.set(name, [value])
    else values.push(value)
  }
  return groups
}

/** What it takes for text, unless it is compressed. */
function isTextOf(headers: ReadonlyMap<string, readonly string[]>): boolean {
  if (headers.has('content-encoding')) return false
  const [type = ''] = headers.get('content-type')?.[0]?.split(';') ?? []
  return /^(text\/.*|application\/(json|javascript|xml))$/i.test(type.trim())
}

/** `Root=1-…`: seconds since the epoch and 96 random bits, both in hexadecimal. */
function traceId(at: number): string {
  const seconds = Math.floor(at / 1000)
  return `Root=1-${seconds.toString(16).padStart(8, '0')}-${randomBytes(12).toString('hex')}`
}
