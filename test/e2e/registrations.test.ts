/** Registrations with leases on a running stack: renewed, left alone, withdrawn, and through the end of the stack. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { ListHostedZonesCommand, ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53'
import { Rcode, Type } from '../../shared/dns/codes.ts'
import { eventually } from '../eventually.ts'
import { addresses, askUdp } from '../responder/client.ts'
import { descendants, put as putRecord, type RunningStack, runAccess, startStack } from './stack.ts'

const ZONE = 'example.org.'
const folder = mkdtempSync(join(tmpdir(), 'namestream-e2e-'))
after(() => rmSync(folder, { recursive: true, force: true }))

describe('registrations', { concurrency: 2 }, () => {
  test('a lease is renewed without a change of the zone, and once it is not, the name is gone everywhere', async () => {
    const stack = await startStack('--ephemeral', '--zone', ZONE)
    const route53 = new Route53Client({ endpoint: stack.route53, region: 'us-east-1', credentials: ANY })
    after(() => route53.destroy())
    await register(stack, 'web', 'i-1', '192.0.2.1', 5)
    await eventually(async () => assert.deepEqual(await answers(stack, 'web'), ['192.0.2.1']))
    await eventually(async () => assert.ok((await namesIn(route53)).includes(`web.${ZONE}`)))
    const serial = await serialOf(stack)

    let until = 0
    for (let n = 0; n < 5; n++) {
      await sleep(1_500)
      until = await register(stack, 'web', 'i-1', '192.0.2.1', 5)
      assert.deepEqual(await answers(stack, 'web'), ['192.0.2.1'])
    }
    assert.equal(await serialOf(stack), serial, 'a renewal is no change')

    await sleep(until - Date.now() - 300)
    assert.deepEqual(await answers(stack, 'web'), ['192.0.2.1'], 'not before its time')
    await sleep(until + 2_000 - Date.now())
    assert.deepEqual((await askUdp(stack.dns, `web.${ZONE} A`)).rcode, Rcode.NXDOMAIN, 'within two seconds')
    await eventually(async () => assert.ok(!(await namesIn(route53)).includes(`web.${ZONE}`)))
    assert.equal((await send(stack, 'GET', 'web', 'i-1')).status, 404)
    assert.equal(await stack.stop(), 0)
    assert.doesNotMatch(stack.stderr(), /leases|registrations|sqs/)
  })

  test('several stand at one name, beside what is registered otherwise; each goes by itself', async () => {
    const stack = await startStack('--ephemeral', '--no-mirror', '--zone', ZONE)
    await register(stack, 'web', 'i-1', '192.0.2.1')
    await register(stack, 'web', 'i-2', '192.0.2.2', 600)
    await eventually(async () => assert.deepEqual(await answers(stack, 'web'), ['192.0.2.1', '192.0.2.2']))
    assert.equal((await send(stack, 'DELETE', 'web', 'i-1')).status, 204)
    await eventually(async () => assert.deepEqual(await answers(stack, 'web'), ['192.0.2.2']))
    const alias = { records: [{ type: 'CNAME', rdata: ['t.example.net'] }] }
    const { status, body } = await send(stack, 'PUT', 'web', 'i-3', alias)
    assert.deepEqual([status, body.code], [409, 'record_conflict'])
    assert.equal((await send(stack, 'DELETE', 'web', 'i-3')).status, 404)
    assert.equal(await putRecord(stack, { zone: ZONE, name: 'plain', type: 'A', address: '192.0.2.9' }), '200 OK')
    await eventually(async () => assert.deepEqual(await answers(stack, 'plain'), ['192.0.2.9']))
    assert.equal(await stack.stop(), 0)
  })

  test('leases live through kill -9 of everything: those that are over meanwhile are gone, the others end in their time', async () => {
    const data = join(folder, 'data')
    let stack = await startStack('--no-mirror', '--zone', ZONE, '--data', data)
    await register(stack, 'short', 'i-1', '192.0.2.1', 5)
    await register(stack, 'long', 'i-1', '192.0.2.2', 600)
    const until = await register(stack, 'middle', 'i-1', '192.0.2.3', 30)
    for (const pid of descendants(stack.child.pid)) process.kill(pid, 'SIGKILL')
    await stack.stop('SIGKILL')
    await sleep(5_000)

    stack = await startStack('--no-mirror', '--zone', ZONE, '--data', data)
    assert.ok(Date.now() < until, 'the machine is not too slow for this test')
    await eventually(async () => assert.deepEqual(await answers(stack, 'short'), []))
    for (const [name, address] of [
      ['long', '192.0.2.2'],
      ['middle', '192.0.2.3'],
    ] as const) {
      await eventually(async () => assert.deepEqual(await answers(stack, name), [address]))
    }
    await sleep(until + 2_000 - Date.now())
    assert.deepEqual(await answers(stack, 'middle'), [])
    assert.deepEqual(await answers(stack, 'long'), ['192.0.2.2'])
    assert.ok((await register(stack, 'long', 'i-1', '192.0.2.2', 600)) > Date.now() + 599_000)
    assert.equal(await stack.stop(), 0)
  })

  test('with --auth: who has a token and a grant, and nobody else', async () => {
    const data = join(folder, 'auth')
    const stack = await startStack('--auth', '--no-mirror', '--zone', ZONE, '--data', data)
    const { ACCESS_TABLE: _, ...env } = process.env
    const access = async (line: string) => (await runAccess(env, ...line.split(' '), '--data', data)).stdout.trim()
    const [token, other] = [await access('token create --label a'), await access('token create --label b')]
    for (const one of [token, other]) {
      await access(`grant add --principal token:${one.split('_')[1]} --zone ${ZONE} --name *.app`)
    }
    const put = async (name: string, shown?: string) => {
      const { status, body } = await send(stack, 'PUT', name, 'i-1', RECORDS, shown)
      return [status, body.code]
    }
    assert.deepEqual(await put('h.app'), [401, undefined])
    assert.deepEqual(await put('h.app', token), [200, undefined])
    assert.deepEqual(await put('h.app', other), [409, 'registration_conflict'])
    assert.deepEqual(await put('h', token), [403, 'update_denied'])
    assert.equal((await send(stack, 'GET', 'h.app', 'i-1', undefined, other)).status, 200)
    assert.equal(await stack.stop(), 0)
  })
})

// ---------------------------------------------------------------------------

const ANY = { accessKeyId: 'any', secretAccessKey: 'any' }
const RECORDS = { records: [{ type: 'A', rdata: ['192.0.2.1'] }], lease: 30 }

async function send(stack: RunningStack, method: string, name: string, id: string, value?: object, token?: string) {
  const url = `${stack.http}/v1/zones/example.org/names/${name}.example.org/registrations/${id}`
  const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }) }
  const response = await fetch(url, { method, headers, ...(value && { body: JSON.stringify(value) }) })
  const text = await response.text()
  const body: Record<string, string> = text === '' ? {} : JSON.parse(text)
  return { status: response.status, body }
}

/** Gives the end of the lease, in milliseconds since the epoch. */
async function register(stack: RunningStack, name: string, id: string, address: string, lease?: number) {
  const value = { records: [{ type: 'A', rdata: [address] }], ...(lease !== undefined && { lease }) }
  const { status, body } = await send(stack, 'PUT', name, id, value)
  assert.equal(status, 200, JSON.stringify(body))
  return Date.parse(body.until ?? '')
}

async function answers(stack: RunningStack, name: string): Promise<string[]> {
  return addresses(await askUdp(stack.dns, `${name}.${ZONE} A`)).sort()
}

async function serialOf(stack: RunningStack): Promise<number> {
  const { answer } = await askUdp(stack.dns, `${ZONE} SOA`)
  const rdata = answer.find(({ type }) => type === Type.SOA)?.rdata ?? assert.fail('no SOA')
  return Buffer.from(rdata).readUInt32BE(rdata.length - 20)
}

async function namesIn(route53: Route53Client): Promise<readonly string[]> {
  const { HostedZones = [] } = await route53.send(new ListHostedZonesCommand({}))
  const HostedZoneId = HostedZones[0]?.Id
  const { ResourceRecordSets = [] } = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId }))
  return ResourceRecordSets.map(({ Name = '' }) => Name)
}
