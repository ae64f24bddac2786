import type { ALBEvent, APIGatewayEventRequestContextV2, APIGatewayProxyEventV2WithRequestContext } from 'aws-lambda'
import { bodyPart, cookiesOf, joined, logTime } from '../../shared/http/payload.ts'
import { NamingError } from '../../shared/records/faults.ts'
import { endToEnd, type Headers, readHeaders } from './headers.ts'

/** The event of a function URL (payload format 2.0), with who calls where the gateway has asked for a token. */
export type FunctionEvent = APIGatewayProxyEventV2WithRequestContext<
  Omit<APIGatewayEventRequestContextV2, 'authentication'> & {
    readonly authentication: null
    readonly authorizer?: { readonly lambda: { readonly principal: string } }
  }
>

export interface RequestContext {
  /** The name that was called, without its final dot. */
  readonly domainName: string
  readonly requestId: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Who has shown a token, which then stays here. */
  readonly principal?: string | undefined
}

/** The headers of an event. A target group without multi-value headers sends single ones. */
export function headersOf({ multiValueHeaders, headers }: ALBEvent): Headers {
  const single = Object.entries(headers ?? {}).map(([name, value]) => [name, [value ?? '']] as const)
  const multiple = Object.entries(multiValueHeaders ?? {}).map(([name, values]) => [name, values ?? []] as const)
  return readHeaders(multiValueHeaders ? multiple : single)
}

/** The event that a function gets of a request. Path and query stay as they were sent. Throws NamingError `body_too_large`. */
export function functionEvent(event: ALBEvent, context: RequestContext): FunctionEvent {
  const { domainName, requestId, at, principal } = context
  const { cookie = [], ...headers } = Object.fromEntries(
    [...endToEnd(headersOf(event))].filter(([name]) => name !== 'authorization' || principal === undefined),
  )
  const body = bodyOf(event)
  const { httpMethod: method, path } = event
  const rawQueryString = queryOf(event)
  const cookies = cookiesOf(cookie)
  const [domainPrefix = ''] = domainName.split('.')
  const sourceIp = headers['x-forwarded-for']?.at(-1)?.split(',').at(-1)?.trim() ?? '' // the last one is the load balancer's
  const [userAgent = ''] = headers['user-agent'] ?? []
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString,
    ...(cookies.length > 0 && { cookies: [...cookies] }),
    headers: Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values.join(',')])),
    ...(rawQueryString !== '' && { queryStringParameters: joined(new URLSearchParams(rawQueryString)) }),
    requestContext: {
      accountId: 'anonymous',
      apiId: domainPrefix,
      authentication: null,
      ...(principal !== undefined && { authorizer: { lambda: { principal } } }),
      domainName,
      domainPrefix,
      http: { method, path, protocol: 'HTTP/1.1', sourceIp, userAgent },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: logTime(at),
      timeEpoch: at,
    },
    ...bodyPart(body, headers['content-type']?.[0]),
  }
}

// ---------------------------------------------------------------------------

/** What a load balancer takes for a function; it refuses more itself. */
const MAX_BODY = 1024 * 1024

function bodyOf({ body, isBase64Encoded }: ALBEvent): Buffer {
  const octets = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8')
  if (octets.length > MAX_BODY) throw new NamingError('body_too_large', `the body is over ${MAX_BODY} octets`)
  return octets
}

/** The load balancer has taken it apart, and decodes nothing: a parameter without a value may have had an equals sign. */
function queryOf({ multiValueQueryStringParameters, queryStringParameters }: ALBEvent): string {
  const pairs = multiValueQueryStringParameters
    ? Object.entries(multiValueQueryStringParameters).flatMap(([name, values]) =>
        (values ?? []).map((value) => [name, value] as const),
      )
    : Object.entries(queryStringParameters ?? {}).map(([name, value]) => [name, value ?? ''] as const)
  return pairs.map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join('&')
}
