/** What users take: the bundles run alone, in a folder of their own, and the types hold. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { eventually } from '../eventually.ts'
import { startApi } from './api.ts'
import { SERVICE, startContainer } from './container.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'namestream-client-'))
before(() => {
  execFileSync(process.execPath, [join(ROOT, 'client/build.ts'), folder], { stdio: 'inherit' })
})
after(() => rmSync(folder, { recursive: true }))

describe('the bundles', () => {
  test('are three files, small, that import nothing but Node', () => {
    const bundles = readdirSync(folder).filter((file) => file.endsWith('.mjs'))
    assert.deepEqual(bundles, ['namestream-client.mjs', 'namestream-register-name.mjs', 'namestream-register.mjs'])
    for (const bundle of bundles) {
      assert.ok(statSync(join(folder, bundle)).size < 60_000)
      const imports = readFileSync(join(folder, bundle), 'utf8').matchAll(/\bfrom "([^"]+)"|\bimport\(?"([^"]+)"/g)
      for (const [, name = '', loaded = ''] of imports) assert.match(name || loaded, /^node:/)
    }
  })

  test('of the client and the middleware register', async () => {
    const api = await startApi()
    const program = `
      import { createClient } from './namestream-client.mjs'
      import { registerName } from './namestream-register-name.mjs'
      const common = { url: '${api.url}', zone: 'example.org', records: [{ type: 'A', rdata: ['192.0.2.5'] }] }
      const kept = createClient(common).register({ ...common, name: 'web.example.org', id: 'web-1', lease: 30 })
      await kept.first
      await registerName({ ...common, name: 'pay.example.org' }).before({ context: { functionName: 'pay' } })`
    writeFileSync(join(folder, 'run.mjs'), program)
    const { child, ended } = startContainer([], {}, join(folder, 'run.mjs'))
    assert.equal(await ended, 0, String(child.exitCode))
    assert.deepEqual(Object.keys(api.registered('web.example.org')), ['web-1'])
    assert.deepEqual(Object.keys(api.registered('pay.example.org')), ['pay'])
  })

  test('of the container runs a command', async () => {
    const api = await startApi()
    const environment = {
      NAMESTREAM_URL: api.url,
      NAMESTREAM_ZONE: 'example.org',
      NAMESTREAM_NAME: 'web.example.org',
      NAMESTREAM_ADDRESS: '192.0.2.9',
    }
    const { child, out, ended } = startContainer(SERVICE, environment, join(folder, 'namestream-register.mjs'))
    await eventually(() => assert.equal(Object.keys(api.registered('web.example.org')).length, 1))
    await eventually(() => assert.match(out.stdout, /runs/))
    child.kill('SIGTERM')
    assert.equal(await ended, 3)
    assert.deepEqual(api.registered('web.example.org'), {})
  })

  test('of the container tells its settings', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'namestream-register.mjs'), '--help'])
    assert.equal(status, 0)
    assert.match(String(stderr), /^usage: node namestream-register\.mjs/)
  })
})

describe('the types', () => {
  const program = (records: string) => `
    import middy from '@middy/core'
    import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
    import { createClient, type Registered } from './namestream-client.mjs'
    import { registerName } from './namestream-register-name.mjs'
    const url = 'http://127.0.0.1:8090'
    const registration = { zone: 'example.org', name: 'web.example.org', records: ${records}, lease: 30 }
    export const kept: Registered = createClient({ url }).register(registration, { onError: ({ message }) => message })
    export const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
      .use(registerName({ ...registration, url, name: ({ functionName }) => functionName }))
      .handler(async () => ({ statusCode: 200 }))`

  for (const [title, records, reason] of [
    ['take what is right', "[{ type: 'A', rdata: ['192.0.2.5'] }]", /^$/],
    ['refuse what is not', "[{ type: 'A', rdata: '192.0.2.5' }]", /use\.mts.*error TS2345/],
  ] as const)
    test(title, () => {
      symlinkOnce(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
      writeFileSync(join(folder, 'use.mts'), program(records))
      const options = [
        '--ignoreConfig',
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        '--module',
        'nodenext',
        '--types',
        'node',
      ]
      const tsc = [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options, 'use.mts']
      assert.match(String(spawnSync(process.execPath, tsc, { cwd: folder }).stdout), reason)
    })
})

// ---------------------------------------------------------------------------

function symlinkOnce(to: string, from: string): void {
  try {
    symlinkSync(to, from)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
