/** Who may write what, with `npm start -- --auth` and `npm run access`, as curl and other clients send their tokens. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { newToken, parseToken } from '../../shared/access/tokens.ts'
import { dynamoDbAccessStore } from '../../shared/aws/access-store.ts'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import { testCredentials } from '../dynamodb.ts'
import { eventually } from '../eventually.ts'
import { runAccess, startStack } from './stack.ts'

const ZONE = 'example.org.'
const RECONCILE = '/v1/zones/example.org/mirror/reconcile'
const data = mkdtempSync(join(tmpdir(), 'namestream-e2e-'))
after(() => rmSync(data, { recursive: true, force: true }))

const stack = await startStack('--auth', '--zone', ZONE, '--data', data)
const { ACCESS_TABLE: _, ...env } = process.env
Object.assign(process.env, testCredentials(stack.dynamoDb))
const client = dynamoDbClient()
after(() => client.destroy())
const names = dynamoDbNameStore(client, 'names')

const basic = (token: string) => `Basic ${Buffer.from(`any:${token}`).toString('base64')}`
const bearer = (token: string) => `Bearer ${token}`
const principalOf = (token: string) => `token:${parseToken(token)?.id}`

async function access(line: string) {
  const { code, stdout, stderr } = await runAccess(env, ...line.split(' '), '--data', data)
  assert.equal(code, 0, stderr)
  return stdout.trim()
}

async function put(name: string, authorization?: string, path = '/dynapi'): Promise<[status: number, body: string]> {
  const body = JSON.stringify({ zone: ZONE, name, type: 'A', address: '192.0.2.1' })
  const headers = { ...(authorization !== undefined && { authorization }) }
  const response = await fetch(stack.http + path, { method: path === '/dynapi' ? 'PUT' : 'POST', headers, body })
  return [response.status, await response.text()]
}

const UNAUTHORIZED = [401, '{"message":"Unauthorized"}']
const FORBIDDEN = [403, '{"message":"Forbidden"}']
const OK = [200, 'OK']

const token = await access('token create --label e2e')
const id = parseToken(token)?.id

describe('before there is a grant', () => {
  test('without a token, or with a wrong one, nobody gets in', async () => {
    assert.deepEqual(await put('h.app'), UNAUTHORIZED)
    const stranger = newToken('x', 60_000, Date.now(), randomBytes).text
    for (const header of ['Bearer x', bearer(stranger), basic(stranger), token, bearer(`${token.slice(0, -4)}AAAA`)]) {
      assert.deepEqual(await put('h.app', header), FORBIDDEN)
    }
  })

  test('a token may do nothing', async () => {
    const [status, body] = await put('h.app', bearer(token))
    assert.deepEqual(
      [status, body],
      [403, `not allowed to write anything: there is no grant for ${principalOf(token)}\n`],
    )
  })
})

test('with a grant: what it says, as Bearer and as password, and nothing else; the record says who', async () => {
  await access(`grant add --principal ${principalOf(token)} --zone ${ZONE} --name *.app`)
  await eventually(async () => assert.deepEqual(await put('h.app', bearer(token)), OK)) // grants are remembered for 3 s
  assert.deepEqual(await put('g.app', basic(token)), OK)
  assert.deepEqual(await put('app', bearer(token)), [403, 'not allowed to write app.example.org. A\n'])
  assert.equal(await names.read(canonicalName('app.example.org')), undefined)
  assert.equal((await names.read(canonicalName('g.app.example.org')))?.by?.principal, principalOf(token))
  const [status, body] = await put('', bearer(token), RECONCILE)
  assert.deepEqual([status, JSON.parse(body).code], [403, 'update_denied'])
})

test('rotated: both secrets for the grace time, then the new one', async () => {
  const next = await access(`token rotate ${id} --grace 2s`)
  assert.deepEqual([(await put('r.app', bearer(token)))[0], (await put('r.app', basic(next)))[0]], [200, 200])
  await eventually(async () => assert.deepEqual(await put('r.app', bearer(token)), FORBIDDEN))
  assert.deepEqual(await put('r.app', bearer(next)), OK)
  await access(`token revoke ${id}`)
  assert.deepEqual(await put('r.app', bearer(next)), FORBIDDEN)
  const { code, stdout, stderr } = await runAccess(env, 'token', 'rotate', `${id}`, '--data', data)
  assert.deepEqual([code, stdout, stderr], [1, '', `access: token:${id} is revoked: create another one\n`])
})

test('expired', async () => {
  const short = newToken('short', 1_500, Date.now(), randomBytes)
  await dynamoDbAccessStore(client, 'access').writeToken(short.token, 0)
  assert.match((await put('h.app', bearer(short.text)))[1], /^not allowed to write anything/)
  await eventually(async () => assert.deepEqual(await put('h.app', bearer(short.text)), FORBIDDEN))
})

test('no secret is told: neither by the stack, nor in what it keeps', async () => {
  const secret = parseToken(token)?.secret ?? ''
  const log = readFileSync(join(data, 'functions.log'), { encoding: 'utf8', flag: 'a+' })
  const list = await access('token list')
  for (const text of [stack.stdout(), stack.stderr(), log, list]) assert.ok(!text.includes(secret))
  assert.match(list, new RegExp(`^token:${id} .*revoked=`, 'm'))
})

test('npm run access tells what is wrong in one line, and helps', async () => {
  const help = await runAccess(env, '--help')
  assert.deepEqual([help.code, help.stderr], [0, ''])
  assert.match(help.stdout, /^Usage: npm run -s access -- COMMAND/)
  const without = await runAccess(env, 'token', 'list', '--data', join(data, 'none'))
  assert.equal(without.code, 1)
  assert.match(
    without.stderr,
    /^access: no stack runs on .*none: start it \(one with --ephemeral prints what to say instead\), or set ACCESS_TABLE for one on AWS\n$/,
  )
  const gone = await runAccess(env, 'token', 'list', '--dynamodb', 'http://127.0.0.1:1')
  assert.match(gone.stderr, /^access: the record store did not answer, try again: .*ECONNREFUSED.*\n$/)
  const local = { ...env, ...testCredentials(stack.dynamoDb) }
  const named = await runAccess({ ...local, ACCESS_TABLE: 'access' }, 'token', 'list')
  assert.equal(named.stdout.trim(), await access('token list'))
  const wrong = await runAccess({ ...local, ACCESS_TABLE: 'none' }, 'token', 'list')
  assert.match(wrong.stderr, /^access: [^\n]*there is no such table[^\n]*\n$/)
})
