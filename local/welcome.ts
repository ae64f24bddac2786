import { type Endpoint, formatEndpoint } from '../responder/listeners/endpoint.ts'
import type { Stack } from './stack.ts'

/** What a user is told once the stack runs: where everything is, and a session to paste into another terminal. */
export function welcome({ http, dns, health, dynamoDb, zones, functionLog }: Stack, data: string | undefined): string {
  const zone = zones[0] ?? ''
  const url = `http://${formatEndpoint(http)}/dynapi`
  const record = { zone, name: NAME, type: 'A', address: '192.168.88.5', TTL: 3600 }
  return `
  registration  ${url}
  DNS           ${formatEndpoint(dns)}, UDP and TCP
  health        http://${formatEndpoint(health)}/health, /ready, /metrics
  DynamoDB      ${dynamoDb}, region us-east-1, any credentials
  zones         ${zones.join(' ')}
  data          ${data ?? 'in memory, gone at the end'}
  log           ${functionLog}, of what the functions complain about

Try it in another terminal:

  curl -X PUT -d '${JSON.stringify(record)}' ${url}; echo; sleep 1
  dig +short @${reachable(dns).host} -p ${dns.port} ${NAME}.${zone.replace(/\.$/, '')}

ready
`
}

// ---------------------------------------------------------------------------

const NAME = 'com.alipay.userservice.interface1'

/** A server on all addresses is asked at loopback. */
function reachable({ host, port }: Endpoint): Endpoint {
  if (host === '0.0.0.0') return { host: '127.0.0.1', port }
  return { host: host === '::' ? '::1' : host, port }
}
