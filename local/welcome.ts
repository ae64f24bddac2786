import { formatEndpoint } from '../responder/listeners/endpoint.ts'
import { PROJECT_DATA } from './data-folder.ts'
import type { Stack } from './stack.ts'
import { addressesOf, reachable } from './stack-file.ts'

/** What a user is told once the stack runs: where everything is, and a session to paste into another terminal. */
export function welcome(stack: Stack, data: string | undefined): string {
  const { http, auth, dns, health, dynamoDb, route53, zones, functions, functionLog } = stack
  const zone = zones[0] ?? ''
  const url = `http://${formatEndpoint(http)}/dynapi`
  const record = { zone, name: NAME, type: 'A', address: '192.168.88.5', TTL: 3600 }
  return `
  registration  ${url}
  DNS           ${formatEndpoint(dns)}, UDP and TCP
  Route 53      ${describeRoute53(route53)}
  health        http://${formatEndpoint(health)}/health, /ready, /metrics
  dashboard     http://${formatEndpoint(reachable(health))}/dashboard
  DynamoDB      ${dynamoDb}, region us-east-1, any credentials
  zones         ${zones.join(' ')}
${functions ? `  functions     ${functions.names.join(' ')}\n` : ''}  data          ${data ?? 'in memory, gone at the end'}
  log           ${functionLog}, of what the functions complain about

Try it in another terminal:

${auth ? getToken(zone, stack, data) : ''}  curl ${auth ? '-u any:$TOKEN ' : ''}-X PUT -d '${JSON.stringify(record)}' ${url}; echo; sleep 1
  dig +short @${reachable(dns).host} -p ${dns.port} ${NAME}.${zone.replace(/\.$/, '')}
${tryMirror(stack, data)}${tryFunction(stack, data)}
ready
`
}

// ---------------------------------------------------------------------------

const NAME = 'com.alipay.userservice.interface1'

/** A token, and a grant to write with it. */
function getToken(zone: string, stack: Stack, data: string | undefined): string {
  const where = data === PROJECT_DATA ? '' : data === undefined ? ` --dynamodb ${stack.dynamoDb}` : ` --data ${data}`
  const access = 'npm run -s access --'
  return `  TOKEN=$(${access} token create --label me${where})
  ${access} grant add --principal token:$(echo $TOKEN | cut -d_ -f2) --zone ${zone} --name '*'${where}
`
}

function describeRoute53(route53: Stack['route53']): string {
  if (route53 === undefined) return 'nothing is mirrored'
  return route53.own ? `${route53.url}, with your AWS settings` : `${route53.url}, region us-east-1, any credentials`
}

/** A function, as who asks for it by name reaches it. */
function tryFunction(stack: Stack, data: string | undefined): string {
  const { functions } = stack
  if (functions?.names[0] === undefined) return ''
  const name = functions.names[0].replace(/\.$/, '')
  return `  curl --connect-to ::${formatEndpoint(reachable(functions.gateway))} http://${name}/
  npm run -s functions${whichFunctions(stack, data)}\n`
}

/** The same record as Route 53 has it, and whether all is as it should be. */
function tryMirror(stack: Stack, data: string | undefined): string {
  const { route53, zones } = stack
  if (route53 === undefined) return ''
  const hostedZone = zones[0] && route53.hostedZones.get(zones[0])
  const credentials = route53.own ? '' : 'AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any '
  const region = route53.own ? '' : ' --region us-east-1'
  const list = `aws --endpoint-url ${route53.url}${region} route53 list-resource-record-sets --hosted-zone-id ${hostedZone}`
  return `${hostedZone ? `  ${credentials}${list}\n` : ''}  npm run verify-mirror${whichStack(stack, data)}\n`
}

function whichFunctions({ dynamoDb, functions }: Stack, data: string | undefined): string {
  if (data === PROJECT_DATA || functions === undefined) return ''
  if (data !== undefined) return ` -- --data ${data}`
  return ` -- --dynamodb ${dynamoDb} --lambda ${functions.lambda} --zone ${functions.zone}`
}

function whichStack(stack: Stack, data: string | undefined): string {
  if (data === PROJECT_DATA) return ''
  if (data !== undefined) return ` -- --data ${data}`
  const { dns, dynamoDb, route53 } = addressesOf(stack)
  return ` -- --dns ${dns} --dynamodb ${dynamoDb} --route53 ${route53}`
}
