/** Functions called by their names with curl, through the gateway as it is deployed, on DynamoDB Local. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { LambdaFunctionURLEvent } from 'aws-lambda'
import { startGateway } from '../../local/gateway/gateway.ts'
import { functionArn, type LocalFunction } from '../../local/lambda.ts'
import { startLambdaEndpoint } from '../../local/lambda-endpoint.ts'
import { newToken } from '../../shared/access/tokens.ts'
import { dynamoDbAccessStore } from '../../shared/aws/access-store.ts'
import { dynamoDbRegistrationStore } from '../../shared/aws/registration-store.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import { FUNCTION_ID } from '../../shared/registrations/model.ts'
import { testTables } from '../dynamodb.ts'
import { output, testWith } from './tools.ts'

const ZONE = canonicalName('example.org')
const { client, names: tables } = await testTables()
const functions = new Map<string, LocalFunction>([['pay', { name: 'pay', handler: pay, timeoutMs: 1_000 }]])
const lambda = await startLambdaEndpoint({ functions, log: assert.fail })
Object.assign(process.env, {
  AWS_ENDPOINT_URL_LAMBDA: lambda.url,
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
})
for (const [label, auth] of [
  ['pay', 'none'],
  ['safe', 'token'],
] as const) {
  const name = canonicalName(`${label}.fn.example.org`)
  const fn = { arn: `${functionArn('pay')}:live`, auth }
  const registration = { zone: ZONE, name, id: FUNCTION_ID, rrsets: {}, nonce: 'n', principal: 'local', fn } as const
  await dynamoDbRegistrationStore(client, tables.registrations).put(registration, undefined)
}
const { handler } = await import('../../functions/gateway/handler.ts')
const fn: LocalFunction = { name: 'gateway', handler, timeoutMs: 29_000 }
const gateway = await startGateway({ endpoint: { host: '127.0.0.1', port: 0 }, fn, log: assert.fail })
const address = `127.0.0.1:${gateway.endpoint.port}`
after(async () => {
  await gateway.close()
  await lambda.stop()
})

const curl = (...args: string[]) =>
  output('curl', ['-sS', '-w', ' %{http_code}', '--connect-to', `::${address}`, ...args])

testWith(['curl'], 'a function is reached by its name', async () => {
  const found = await curl('-d', 'a=1', '-b', 'c=2', 'http://pay.fn.example.org/a/../b%2Fc?x=1&x=2&y', '--path-as-is')
  const told = { method: 'POST', path: '/a/../b%2Fc', query: { x: '1,2', y: '' }, cookies: ['c=2'], body: 'a=1' }
  assert.equal(found, `${JSON.stringify(told)} 200`)
})

testWith(['curl'], 'through it as a proxy, where no resolver knows the name', async () => {
  const found = await output('curl', ['-sS', '-x', `http://${address}`, 'http://pay.fn.example.org/p'])
  assert.equal(JSON.parse(found).path, '/p')
})

testWith(['curl'], 'large bodies are sent once they are asked for, and too large ones are not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'namestream-gateway-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  for (const [length, status] of [
    [1_000_000, '200'],
    [2_000_000, '413'],
  ] as const) {
    const file = join(folder, status)
    writeFileSync(file, Buffer.alloc(length))
    const sent = ['-T', file, '-H', 'Expect: 100-continue', '-o', join(folder, 'answer')]
    assert.equal(await curl(...sent, 'http://pay.fn.example.org/quiet'), ` ${status}`)
  }
})

testWith(['curl'], 'names of nobody, and functions that fail', async () => {
  assert.match(await curl('http://other.fn.example.org/'), /"code":"function_not_found".* 404$/s)
  assert.match(await curl('http://pay.fn.example.org/throw'), /"code":"function_failed".* 502$/s)
  assert.match(await curl('http://pay.fn.example.org/hang'), /"code":"function_timeout".* 504$/s)
  assert.match(await output('curl', ['-sS', `http://${address}/`]), /"code":"function_not_found"/)
})

testWith(['curl'], 'a token where one is wanted, as Bearer, as a password, and in the URL', async () => {
  const { token, text } = newToken('curl', 3_600_000, Date.now(), randomBytes)
  const access = dynamoDbAccessStore(client, tables.access)
  await access.writeToken(token, 0)
  const url = 'http://safe.fn.example.org/who'
  assert.match(await curl(url), / 401$/)
  assert.match(await curl('-u', `any:${text}`, url), /"code":"invoke_denied".* 403$/s)
  const grant = { id: 'g', principal: `token:${token.id}` as const, zones: [ZONE], names: ['safe.fn'], types: ['A'] }
  await access.addGrant({ ...grant, actions: ['invoke'] })
  await new Promise((resolve) => setTimeout(resolve, 3_100)) // so long the gateway remembers that there was none
  for (const how of [
    ['-H', `Authorization: Bearer ${text}`, url],
    ['-u', `any:${text}`, url],
    [url.replace('//', `//any:${text}@`)],
  ]) {
    assert.equal(await curl(...how), `token:${token.id} 200`)
  }
})

// ---------------------------------------------------------------------------

async function pay(event: LambdaFunctionURLEvent): Promise<unknown> {
  const { rawPath: path, requestContext, queryStringParameters: query, cookies, body = '', isBase64Encoded } = event
  if (path === '/throw') throw new Error('of no concern to the client')
  if (path === '/hang') return new Promise(() => {})
  if (path === '/quiet') return { statusCode: 200 }
  if (path === '/who') {
    const { authorizer } = requestContext as { authorizer?: { lambda: { principal: string } } }
    const passedOn = event.headers.authorization ?? ''
    return {
      statusCode: 200,
      headers: { 'content-type': 'text/plain' },
      body: `${authorizer?.lambda.principal}${passedOn}`,
    }
  }
  const text = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString()
  return { method: requestContext.http.method, path, query, cookies, body: text }
}
