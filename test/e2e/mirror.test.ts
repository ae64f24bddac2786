import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { ChangeResourceRecordSetsCommand, ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53'
import { startRoute53 } from '../../local/route53/route53.ts'
import { eventually } from '../eventually.ts'
import { addresses, askUdp } from '../responder/client.ts'
import { descendants, put, type RunningStack, startStack, startStackIn, verifyMirror } from './stack.ts'

const ZONE = 'example.org.'
const folder = mkdtempSync(join(tmpdir(), 'namestream-e2e-'))
after(() => rmSync(folder, { recursive: true, force: true }))

describe('the mirror', { concurrency: 2 }, () => {
  test('follows what is registered, through kill -9 of everything, and leaves alone what is not its own', async () => {
    const data = join(folder, 'data')
    const acknowledged = new Map<string, string>()
    let stack = await startStack('--zone', ZONE, '--data', data)
    let route53 = await connect(stack)
    await register(stack, acknowledged, 'before', 5)
    await mirrored(stack, acknowledged)
    assert.deepEqual(await addressesIn(route53), acknowledged)
    const insync = statusOf(stack, `before0.${ZONE}`, '?wait=insync')

    await route53.send(foreign(route53.hostedZone))
    assert.equal(await remove(stack, 'before1', '192.0.2.1'), '200 OK')
    acknowledged.delete('before1')
    await eventually(async () => assert.deepEqual((await statusOf(stack, `before1.${ZONE}`)).mirrored, {}))
    assert.deepEqual(await addressesIn(route53), acknowledged)
    assert.equal((await insync).status, 'INSYNC')
    assert.deepEqual(await verifyMirror('--data', data), {
      code: 0,
      stdout: `${FOREIGN}4 names, 4 RRsets: the responder and Route 53 agree\n`,
      stderr: '',
    })

    // More writes than there is time for: the kill comes while many are under way.
    const writing = register(stack, acknowledged, 'during', 400).catch(() => {})
    await eventually(() => assert.ok(acknowledged.size > 60))
    for (const pid of descendants(stack.child.pid)) process.kill(pid, 'SIGKILL')
    await stack.stop('SIGKILL')
    await writing

    stack = await startStack('--zone', ZONE, '--data', data)
    const { hostedZone } = route53
    route53 = await connect(stack)
    assert.equal(route53.hostedZone, hostedZone)
    await mirrored(stack, acknowledged)
    const listed = await addressesIn(route53)
    for (const [name, address] of acknowledged) assert.equal(listed.get(name), address, name)
    const verified = await verifyMirror('--data', data)
    assert.deepEqual([verified.code, verified.stderr], [0, ''])
    assert.match(verified.stdout, new RegExp(`^${FOREIGN}\\d+ names, \\d+ RRsets: .* agree\n$`))
    assert.equal(await stack.stop(), 0)
    const without = await verifyMirror('--data', data)
    assert.deepEqual([without.code, without.stdout], [1, ''])
    assert.match(without.stderr, /^verify-mirror: no stack runs on .*\n$/)
  })

  test('goes to the Route 53 of the user’s own, which may be down at first', async () => {
    const log: string[] = []
    const own = { endpoint: { host: '127.0.0.1', port: 0 }, log: (line: string) => log.push(line) }
    const placeholder = await startRoute53(own)
    const { endpoint, url } = placeholder
    await placeholder.stop()
    const stack = await startStackIn(
      { ...process.env, ...KEYS, AWS_ENDPOINT_URL_ROUTE_53: url },
      '--ephemeral',
      '--zone',
      ZONE,
    )
    assert.equal(stack.route53, url)
    assert.match(
      stack.stderr(),
      /^namestream: not mirrored to Route 53: example\.org\. \(.*ECONNREFUSED.*\); .*tried again$/m,
    )
    const acknowledged = new Map<string, string>()
    await register(stack, acknowledged, 'early', 2)
    await eventually(async () =>
      assert.deepEqual(addresses(await askUdp(stack.dns, `early0.${ZONE} A`)), ['192.0.2.0']),
    )

    const emulator = await startRoute53({ ...own, endpoint })
    after(() => emulator.stop())
    await eventually(() => assert.match(stack.stderr(), /^namestream: example\.org\.: mirrored to Route 53 now$/m))
    await register(stack, acknowledged, 'late', 2)
    await mirrored(stack, acknowledged)
    assert.deepEqual(await addressesIn(await connect(stack)), acknowledged)
    const at = ['--dns', `${stack.dns.host}:${stack.dns.port}`, '--dynamodb', stack.dynamoDb, '--route53', url]
    assert.deepEqual(await verifyMirror(...at), {
      code: 0,
      stdout: '4 names, 4 RRsets: the responder and Route 53 agree\n',
      stderr: '',
    })
    assert.deepEqual(emulator.counts.violations, {})
    assert.deepEqual(log, [])
    assert.equal(await stack.stop(), 0)
  })

  test('--no-mirror: nothing is emulated, and nobody is asked', async () => {
    const emulator = await startRoute53({ endpoint: { host: '127.0.0.1', port: 0 }, log: assert.fail })
    after(() => emulator.stop())
    const env = { ...process.env, ...KEYS, AWS_ENDPOINT_URL_ROUTE_53: emulator.url }
    const stack = await startStackIn(env, '--ephemeral', '--no-mirror', '--zone', ZONE)
    assert.match(stack.stdout(), /^ {2}Route 53 +nothing is mirrored$/m)
    await register(stack, new Map(), 'name', 1)
    assert.equal((await fetch(`${stack.http}/v1/zones/${ZONE}/mirror`)).status, 404)
    assert.equal(await stack.stop(), 0)
    assert.deepEqual(emulator.counts.requests, {})
  })
})

// ---------------------------------------------------------------------------

const KEYS = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }
const FOREIGN = 'foreign: 1 record set of somebody else in Route 53, left alone\n'

type Connected = Route53Client & { hostedZone: string }

/** A client of the stack's Route 53, and the hosted zone of the zone there. */
async function connect(stack: RunningStack): Promise<Connected> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new Route53Client({ region: 'us-east-1', endpoint: stack.route53, credentials })
  after(() => client.destroy())
  const { hostedZone } = await statusOf(stack)
  return Object.assign(client, { hostedZone })
}

/** What the API of the mirror says of the zone, or of a name in it. */
async function statusOf(stack: RunningStack, name?: string, query = ''): Promise<MirrorStatus> {
  const path = name === undefined ? '' : `/names/${name}${query}`
  return (await (await fetch(`${stack.http}/v1/zones/${ZONE}/mirror${path}`)).json()) as MirrorStatus
}

interface MirrorStatus {
  readonly hostedZone: string
  readonly status: string
  readonly mirrored: unknown
}

/** Waits until the mirror says that it has these names. Route 53 itself takes too few requests to be asked so often. */
async function mirrored(stack: RunningStack, names: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, address] of names) {
    await eventually(async () => {
      const { mirrored } = await statusOf(stack, `${name}.${ZONE}`)
      assert.deepEqual(mirrored, { A: { ttl: 60, rdata: [address] } }, name)
    })
  }
}

/** The addresses that Route 53 lists, by names relative to the zone. */
async function addressesIn(client: Connected): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (let from: { StartRecordName?: string | undefined } | undefined = {}; from; ) {
    const command: ListResourceRecordSetsCommand = new ListResourceRecordSetsCommand({
      HostedZoneId: client.hostedZone,
      ...from,
    })
    const { ResourceRecordSets = [], NextRecordName } = await client.send(command)
    for (const { Name = '', Type, ResourceRecords } of ResourceRecordSets) {
      if (Type === 'A') found.set(Name.replace(`.${ZONE}`, ''), ResourceRecords?.[0]?.Value ?? '')
    }
    from = NextRecordName === undefined ? undefined : { StartRecordName: NextRecordName }
  }
  return found
}

function foreign(hostedZone: string): ChangeResourceRecordSetsCommand {
  const set = { Name: `foreign.${ZONE}`, Type: 'TXT' as const, TTL: 5, ResourceRecords: [{ Value: '"not ours"' }] }
  const Changes = [{ Action: 'CREATE' as const, ResourceRecordSet: set }]
  return new ChangeResourceRecordSetsCommand({ HostedZoneId: hostedZone, ChangeBatch: { Changes } })
}

/** Registers names from four clients at once; each is noted once it is acknowledged. */
async function register(stack: RunningStack, acknowledged: Map<string, string>, prefix: string, count: number) {
  let next = 0
  const client = async () => {
    while (next < count) {
      const i = next++
      const address = `192.0.2.${i % 256}`
      assert.equal(await put(stack, record(`${prefix}${i}`, address)), '200 OK')
      acknowledged.set(`${prefix}${i}`, address)
    }
  }
  await Promise.all(Array.from({ length: 4 }, client))
}

async function remove(stack: RunningStack, name: string, address: string): Promise<string> {
  const body = JSON.stringify(record(name, address))
  const response = await fetch(`${stack.http}/dynapi`, { method: 'DELETE', body })
  return `${response.status} ${await response.text()}`
}

function record(name: string, address: string) {
  return { zone: ZONE, name, type: 'A', address, TTL: 60 }
}
