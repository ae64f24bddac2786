import { randomUUID } from 'node:crypto'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { bodyPart, cookiesOf, joined, logTime } from '../../shared/http/payload.ts'

/** An HTTP request as it was received. */
export interface ReceivedRequest {
  readonly method: string
  /** Request target: path and query as sent. */
  readonly target: string
  /** Names and values in turn, as sent. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  readonly httpVersion: string
  readonly sourceIp: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/**
 * The event that an API Gateway HTTP API makes of a request for a Lambda function (payload format 2.0): the path
 * decoded, the query both raw and decoded, header names in lower case, equal headers and parameters joined by comma, a
 * body that is not text in base64. Throws URIError if the path cannot be decoded; the gateway answers 400 then.
 */
export function gatewayEvent(request: ReceivedRequest): APIGatewayProxyEventV2 {
  const { method, target, httpVersion, sourceIp, at } = request
  const [rawTarget = '', ...rest] = target.replace(/^https?:\/\/[^/?]*/i, '').split('?')
  const path = decodeURIComponent(rawTarget || '/')
  const query = rest.join('?')
  const { cookie, ...headers } = joinedHeaders(request.rawHeaders)
  const cookies = cookie === undefined ? [] : [...cookiesOf([cookie])]
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(query !== '' && { queryStringParameters: joined(new URLSearchParams(query)) }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: headers.host ?? 'localhost',
      domainPrefix: 'local',
      http: { method, path, protocol: `HTTP/${httpVersion}`, sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: logTime(at),
      timeEpoch: at,
    },
    ...bodyPart(request.body, headers['content-type']),
  }
}

// ---------------------------------------------------------------------------

/** The order of appearance is kept, the first spelling of the name is not. */
function joinedHeaders(raw: readonly string[]): Record<string, string> {
  const pairs = Array.from({ length: raw.length / 2 }, (_, i) => {
    const name = (raw[2 * i] ?? '').toLowerCase()
    return [name, raw[2 * i + 1] ?? ''] as const
  })
  const cookies = pairs.filter(([name]) => name === 'cookie').map(([, value]) => value)
  return {
    ...joined(pairs.filter(([name]) => name !== 'cookie')),
    ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
  }
}
