import type { HttpEvent } from '../../shared/http/event.ts'
import type { HttpRequest } from './expect.ts'

/**
 * The event that an HTTP API makes of a request on its default stage: a body of a type that is not known to be text, or
 * of none, comes in base64.
 */
export function httpEvent({ verb, path, headers, body }: HttpRequest): HttpEvent {
  const [rawPath = '', rawQueryString = ''] = path.split('?')
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const isText = /^(text\/|application\/(json|javascript|xml))/.test(lowerCase['content-type'] ?? '')
  const octets = Buffer.from(body)
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: lowerCase,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'api.example.org',
      domainPrefix: 'api',
      http: { method: verb, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.254', userAgent: 'test' },
      requestId: 'request-1',
      routeKey: '$default',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1767225600000,
    },
    ...(octets.length > 0 && { body: octets.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: octets.length > 0 && !isText,
  }
}
