/** client/README.md: names the variables of the container, all and no others, and its shell script works. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { USAGE } from '../../client/container/settings.ts'
import { eventually } from '../eventually.ts'
import { startApi } from './api.ts'

const README = readFileSync(new URL('../../client/README.md', import.meta.url), 'utf8')

test('the variables are those that --help tells', () => {
  const rows = README.split('| variable | |')[1]?.split('\n\n')[0] ?? ''
  const told = Array.from(rows.matchAll(/`(NAMESTREAM_\w+)`/g), ([, name]) => name)
  const known = Array.from(USAGE.matchAll(/^ {2}(NAMESTREAM_\w+)/gm), ([, name]) => name)
  assert.deepEqual(told.sort(), known.sort())
})

test('the shell script registers, and withdraws at its end', async () => {
  const api = await startApi()
  const [, script = ''] = /```sh\n(.*?)```/s.exec(README) ?? []
  const env = { PATH: process.env.PATH ?? '', NAMESTREAM_URL: api.url, NAMESTREAM_TOKEN: 'ns_id_secret' }
  const shell = spawn('sh', ['-c', script], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  after(() => shell.kill('SIGKILL'))
  await eventually(() => assert.equal(Object.keys(api.registered('web.app.example.org')).length, 1))
  assert.equal(api.requests[0]?.headers.authorization, 'Bearer ns_id_secret')
  shell.kill('SIGTERM')
  await once(shell, 'exit')
  assert.deepEqual(api.registered('web.app.example.org'), {})
})
