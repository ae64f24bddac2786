import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { startHttpFront } from '../../local/http/front.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import type { RRsets } from '../../shared/records/model.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { testTables } from '../dynamodb.ts'
import { cases, ZONE } from './cases.ts'
import { send } from './client.ts'
import { assertResponse, OK } from './expect.ts'

const MAX_BUNDLE = 450_000 // octets; what Lambda must read and parse at each cold start

const tables = await testTables()
const names = dynamoDbNameStore(tables.client, tables.names.names)
await dynamoDbZoneStore(tables.client, tables.names.zones).add(newZone(canonicalName(ZONE)))

const folder = await mkdtemp(join(tmpdir(), 'namestream-bundle-'))
after(() => rm(folder, { recursive: true }))
const bundle = await bundled()
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT'
process.env.POWERTOOLS_METRICS_DISABLED = 'true'
process.env.ACCESS_ADMINS = '["local"]'
const { handler } = await import(pathToFileURL(bundle).href)
const front = await startHttpFront({
  endpoint: { host: '127.0.0.1', port: 0 },
  fn: { name: 'dynapi', handler, timeoutMs: 10_000 },
  log: (line) => assert.fail(line),
})
after(() => front.close())
const base = `http://127.0.0.1:${front.endpoint.port}`

test('the bundle keeps its size', async () => {
  const { size } = await stat(bundle)
  assert.ok(size <= MAX_BUNDLE, `${size} octets`)
})

describe('every case of the contract, through the bundle over HTTP and DynamoDB', { concurrency: 8 }, () => {
  for (const [index, one] of cases.entries()) {
    test(`${index}. ${one.title}`, async () => {
      const owner = canonicalName(one.owner)
      if (Object.keys(one.before).length > 0) {
        await names.write({ name: owner, zone: canonicalName(ZONE), version: 1, rrsets: one.before }, 0)
      }
      for (const sent of one.earlier) assertResponse(await send(base, sent), OK)
      assertResponse(await send(base, one.request), one.response)
      assert.deepEqual((await names.read(owner))?.rrsets ?? {}, one.after)
    })
  }
})

test('after all of them the table holds what they registered and nothing else', async () => {
  const held: Record<string, RRsets> = {}
  for await (const page of names.scan()) for (const { name, rrsets } of page) held[name] = rrsets
  const left = Object.entries(held).filter(([, rrsets]) => Object.keys(rrsets).length > 0)
  const registered = cases.filter(({ after: rrsets }) => Object.keys(rrsets).length > 0)
  assert.deepEqual(new Map(left), new Map(registered.map((one) => [one.owner, one.after])))
})

// ---------------------------------------------------------------------------

/** The function as it is deployed. */
async function bundled(): Promise<string> {
  const outfile = join(folder, 'handler.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('../../functions/dynapi/handler.ts', import.meta.url))],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  })
  return outfile
}
