/** Callers that show who they are, as curl does it. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { runAccess, startStack } from '../e2e/stack.ts'
import { output, testWith } from './tools.ts'

const data = mkdtempSync(join(tmpdir(), 'namestream-interop-'))
after(() => rmSync(data, { recursive: true, force: true }))
const record = JSON.stringify({ zone: 'example.org.', name: 'h', type: 'A', address: '192.0.2.1' })
const put = ['-sS', '-w', ' %{http_code}', '-X', 'PUT', '-d', record]

testWith(['curl'], 'a token as Bearer, as a password, and in the URL', async () => {
  const { http } = await startStack('--auth', '--zone', 'example.org', '--data', data)
  const { ACCESS_TABLE: _, ...env } = process.env
  const access = async (...args: string[]) => (await runAccess(env, ...args, '--data', data)).stdout.trim()
  const token = await access('token', 'create', '--label', 'curl')
  const principal = `token:${token.split('_')[1]}`
  await access('grant', 'add', '--principal', principal, '--zone', 'example.org', '--name', 'h')

  const url = `${http}/dynapi`
  assert.equal(await output('curl', [...put, '-H', `Authorization: Bearer ${token}`, url]), 'OK 200')
  assert.equal(await output('curl', [...put, '-u', `any:${token}`, url]), 'OK 200')
  assert.equal(await output('curl', [...put, url.replace('//', `//any:${token}@`)]), 'OK 200')
  assert.equal(await output('curl', [...put, url.replace('//', `//:${token}@`)]), 'OK 200')
  assert.equal(await output('curl', [...put, url]), '{"message":"Unauthorized"} 401')
  assert.equal(await output('curl', [...put, '-u', `any:x${token}`, url]), '{"message":"Forbidden"} 403')
})

testWith(['curl'], 'SigV4 is no hindrance where nobody is asked', async () => {
  const { http } = await startStack('--ephemeral', '--zone', 'example.org')
  const signed = ['--aws-sigv4', 'aws:amz:eu-west-1:execute-api', '--user', 'id:secret']
  assert.equal(await output('curl', [...put, ...signed, `${http}/dynapi`]), 'OK 200')
})
