/** The API beside the real worker, which sends to the Route 53 emulator. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMirrorApi } from '../../functions/mirror-api/mirror-api.ts'
import { anybody } from '../contract/writers.ts'
import { rrsets } from '../mirror/text.ts'
import { newWorld } from '../mirror/world.ts'
import { pathOf, request, ZONE_PATH } from './api.ts'

const permissionsOf = async () => ({ ...anybody, mayMirror: () => true, mayInvoke: () => false })

async function world() {
  const mirror = await newWorld({ insyncMs: 30_000 })
  const { clock, parts, run } = mirror
  const handler = createMirrorApi(
    { ...parts, permissionsOf, ask: (task) => run(task), pause: () => new Promise(() => {}) },
    { info() {}, error: (_, { error }) => assert.fail(String(error)) },
    () => {},
  )
  return {
    ...mirror,
    get: async (path: string) => (await request(handler, { verb: 'GET', path })).json,
    post: async (path: string, body = '') => (await request(handler, { verb: 'POST', path, body })).json,
    passes(ms: number) {
      clock.now += ms
    },
  }
}

test('a name is registered, sent, and in the end on all name servers', async () => {
  const { register, tell, run, get, passes, hostedZone } = await world()
  await register('h', rrsets('60 A 192.0.2.1'))
  await tell()
  passes(1_500)
  const waiting = await get(pathOf('h'))
  assert.deepEqual([waiting.status, waiting.mirrored, waiting.hostedZone], ['PENDING', {}, hostedZone])
  const backlog = await get(ZONE_PATH)
  assert.deepEqual([backlog.status, backlog.names.pending, backlog.lag], ['PENDING', 1, 1.5])

  await run()
  const sent = await get(pathOf('h'))
  assert.deepEqual([sent.status, sent.mirrored.A.rdata, sent.change.status], ['PENDING', ['192.0.2.1'], 'PENDING'])
  assert.ok(sent.change.lag >= 1.5)
  assert.equal((await get(ZONE_PATH)).lastBatch.id, sent.change.id)

  passes(31_000)
  assert.equal((await get(pathOf('h'))).status, 'INSYNC')
  const { status, names, lastBatch } = await get(ZONE_PATH)
  assert.deepEqual([status, names.pending, lastBatch.names, lastBatch.status], ['INSYNC', 0, 1, 'INSYNC'])
})

test("what Route 53 refuses is told in AWS's words", async () => {
  const { register, edit, sync, get } = await world()
  await edit('CREATE', 'taken', rrsets('300 A 192.0.2.9'))
  await register('taken', rrsets('60 A 192.0.2.1'))
  await register('free', rrsets('60 A 192.0.2.2'))
  await sync()
  const { status, mirrored, quarantined } = await get(pathOf('taken'))
  assert.deepEqual([status, mirrored], ['QUARANTINED', {}])
  assert.deepEqual([quarantined[0].type, quarantined[0].code], ['A', 'foreign'])
  assert.match(quarantined[0].message, /^Tried to create .*taken\.example\.org\..* but it already exists/)
  const zone = await get(ZONE_PATH)
  assert.deepEqual([zone.status, zone.names.quarantined], ['QUARANTINED', 1])
  assert.deepEqual(zone.quarantined, [{ name: 'taken.example.org.', ...quarantined[0] }])
  assert.deepEqual((await get(pathOf('free'))).quarantined, [])
})

test('what is in the hosted zone is adopted, and drift repaired', async () => {
  const { edit, row, register, sync, sets, get, post } = await world()
  await edit('CREATE', 'legacy', rrsets('300 TXT "old"'))
  const { adoption } = await post(`${ZONE_PATH}/adopt`)
  assert.deepEqual([adoption.running, adoption.imported, adoption.conflicts], [false, 1, 0])
  assert.ok((await row('legacy'))?.applied.TXT)
  const adopted = await get(pathOf('legacy'))
  assert.deepEqual([adopted.status, adopted.mirrored], ['INSYNC', { TXT: { ttl: 300, rdata: ['"old"'] } }])

  await register('h', rrsets('60 A 192.0.2.1'))
  await sync()
  await edit('UPSERT', 'h', rrsets('60 A 192.0.2.66'))
  const { reconcile } = await post(`${ZONE_PATH}/reconcile`)
  assert.deepEqual([reconcile.running, reconcile.changed, reconcile.missing], [false, 1, 0])
  assert.deepEqual(await sets(), ['h 60 A 192.0.2.1', 'legacy 300 TXT "old"'])
})
