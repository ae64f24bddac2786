/** The entry of containers: a real process, with a real command, before a real API. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { ownAddresses } from '../../client/container/address.ts'
import { eventually } from '../eventually.ts'
import { makeCertificate } from '../responder/certificate.ts'
import { type Api, startApi } from './api.ts'
import { SERVICE, startContainer, startEcs, TASK_ROLE } from './container.ts'
import { authorizationOf } from './signature.ts'

const NAME = 'web.example.org'
const TASK = '158d1c8083dd49d6b527399fd6414f5c'
const A = [{ type: 'A', rdata: ['192.0.2.9'] }]

describe('on ECS', { concurrency: 2 }, () => {
  test('registers the addresses of the task, signed by its role, and withdraws before the command hears of the end', async () => {
    const certificate = makeCertificate()
    const folder = await mkdtemp(join(tmpdir(), 'namestream-'))
    after(() => rm(folder, { recursive: true }))
    const authority = join(folder, 'ca.pem')
    await writeFile(authority, certificate.cert)
    const [api, ecs] = await Promise.all([startApi(certificate), startEcs()])
    const environment = { ...ecs.environment, ...settings(api), NAMESTREAM_TTL: '7', NODE_EXTRA_CA_CERTS: authority }
    const { child, out, ended } = startContainer(['--', ...SERVICE], environment)
    await running(api, out)

    assert.deepEqual(api.registered(NAME), {
      [TASK]: [
        { type: 'A', rdata: ['192.0.2.7'], ttl: 7 },
        { type: 'AAAA', rdata: ['2001:db8::7'], ttl: 7 },
      ],
    })
    const [request = assert.fail()] = api.requests
    const { AccessKeyId, SecretAccessKey, Token } = TASK_ROLE
    const role = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, region: 'eu-central-1' }
    assert.equal(request.headers.authorization, authorizationOf(request, role))
    assert.equal(request.headers['x-amz-security-token'], Token)

    child.kill('SIGTERM')
    assert.equal(await ended, 3)
    const [, told] = /SIGTERM (\d+)/.exec(out.stdout) ?? assert.fail(out.stdout)
    const withdrawal = api.requests.find(({ method }) => method === 'DELETE') ?? assert.fail()
    assert.ok(withdrawal.at <= Number(told))
    assert.deepEqual(api.registered(NAME), {})
    assert.equal(withdrawal.headers.authorization, authorizationOf(withdrawal, role))
    for (const secret of [SecretAccessKey, Token, 'of-the-task'])
      assert.ok(!`${out.stderr}${out.stdout}`.includes(secret))
  })

  test('waits for metadata that cannot be had at first, while the command runs', async () => {
    const [api, ecs] = await Promise.all([startApi(), startEcs()])
    ecs.failing = 2
    const { out } = startContainer(SERVICE, { ...ecs.environment, ...settings(api) })
    await running(api, out)
    assert.match(out.stderr, /^namestream: the metadata of the task cannot be had: status 500$/m)
    assert.deepEqual(Object.keys(api.registered(NAME)), [TASK])
  })

  test('does not register the address that a container has inside its host, and says what to do', async () => {
    const [api, ecs] = await Promise.all([startApi(), startEcs()])
    ecs.network = { NetworkMode: 'bridge', IPv4Addresses: ['172.17.0.2'] }
    const { out } = startContainer(SERVICE, { ...ecs.environment, ...settings(api) })
    await eventually(() => assert.match(out.stderr, /the network of the task is bridge: set NAMESTREAM_ADDRESS/))
    await eventually(() => assert.match(out.stdout, /runs/))
    assert.equal(api.requests.length, 0)
  })

  test('registers the address that is given instead', async () => {
    const [api, ecs] = await Promise.all([startApi(), startEcs()])
    ecs.network = { NetworkMode: 'bridge', IPv4Addresses: ['172.17.0.2'] }
    const { out } = startContainer(SERVICE, { ...ecs.environment, ...settings(api), NAMESTREAM_ADDRESS: '192.0.2.9' })
    await running(api, out)
    assert.deepEqual(api.registered(NAME), { [TASK]: A })
  })
})

describe('the command', { concurrency: 2 }, () => {
  test('has its arguments, its output and its environment, but not the token', async () => {
    const api = await startApi()
    const show = 'console.log(process.argv.slice(1), process.env.COLOUR, process.env.NAMESTREAM_TOKEN)'
    const environment = { ...settings(api), ...GIVEN, COLOUR: 'red', NAMESTREAM_TOKEN: 'ns_id_secret' }
    const { out, ended } = startContainer(['--', process.execPath, '-e', show, '--', '-x', 'a b'], environment)
    assert.equal(await ended, 0)
    assert.equal(out.stdout, "[ '-x', 'a b' ] red undefined\n")
    assert.doesNotMatch(out.stderr, /secret/)
    for (const { headers } of api.requests) assert.equal(headers.authorization, 'Bearer ns_id_secret')
    assert.deepEqual(api.registered(NAME), {})
  })

  for (const [title, program, code] of [
    ['that fails', 'setTimeout(() => process.exit(7), 300)', 7],
    ['that is killed', 'setTimeout(() => process.kill(process.pid, "SIGKILL"), 300)', 137],
    ['that crashes', 'setTimeout(() => { throw new Error("crash") }, 300)', 1],
  ] as const)
    test(`${title} gives the exit code, and takes its name along`, async () => {
      const api = await startApi()
      const { ended } = startContainer([process.execPath, '-e', program], { ...settings(api), ...GIVEN })
      await eventually(() => assert.deepEqual(api.registered(NAME), { 'web-1': A }))
      assert.equal(await ended, code)
      assert.deepEqual(api.registered(NAME), {})
      assert.equal(api.requests.at(-1)?.method, 'DELETE')
    })

  test('that is not there registers nothing', async () => {
    const api = await startApi()
    const { out, ended } = startContainer(['/there/is/none'], { ...settings(api), ...GIVEN })
    assert.equal(await ended, 127)
    assert.equal(out.stderr, 'namestream: cannot run /there/is/none: ENOENT\n')
    assert.equal(api.requests.length, 0)
  })

  test('gets other signals at once, and keeps its name', async () => {
    const api = await startApi()
    const { child, out } = startContainer(SERVICE, { ...settings(api), ...GIVEN })
    await running(api, out)
    child.kill('SIGHUP')
    await eventually(() => assert.match(out.stdout, /SIGHUP/))
    assert.deepEqual(api.registered(NAME), { 'web-1': A })
  })

  test('has some time between the withdrawal and its end, where that is wanted', async () => {
    const api = await startApi()
    const { child, out, ended } = startContainer(SERVICE, { ...settings(api), ...GIVEN, NAMESTREAM_DRAIN: '1' })
    await running(api, out)
    child.kill('SIGTERM')
    assert.equal(await ended, 3)
    const [, told] = /SIGTERM (\d+)/.exec(out.stdout) ?? assert.fail(out.stdout)
    const withdrawal = api.requests.find(({ method }) => method === 'DELETE') ?? assert.fail()
    assert.ok(Number(told) - withdrawal.at >= 950)
  })

  test('runs, and ends with its code, whether the API is there or not', async () => {
    const program = 'setTimeout(() => process.exit(5), 700)'
    const environment = { ...settings({ url: 'http://127.0.0.1:1' }), ...GIVEN, NAMESTREAM_TOKEN: 'ns_id_secret' }
    const { out, ended } = startContainer([process.execPath, '-e', program], environment)
    assert.equal(await ended, 5)
    const told = out.stderr.match(/^namestream: cannot register web.example.org: the API gave no answer: .*$/gm)
    assert.equal(told?.length, 1, out.stderr) // of several failures that are the same
    assert.doesNotMatch(out.stderr, /secret|Unhandled|at .*:\d+:\d+/)
  })

  test('hears of the end some seconds later where the API hangs', async () => {
    const api = await startApi()
    const { child, out, ended } = startContainer(SERVICE, { ...settings(api), ...GIVEN })
    await running(api, out)
    api.fault = 'hang'
    const began = Date.now()
    child.kill('SIGTERM')
    assert.equal(await ended, 3)
    assert.ok(Date.now() - began > 4_000 && Date.now() - began < 10_000, `${Date.now() - began} ms`)
  })

  test('hears of the end at the second signal, whatever the API does', async () => {
    const api = await startApi()
    const { child, out, ended } = startContainer(SERVICE, { ...settings(api), ...GIVEN })
    await running(api, out)
    api.fault = 'hang'
    child.kill('SIGTERM')
    await eventually(() => assert.equal(api.requests.at(-1)?.method, 'DELETE'))
    assert.doesNotMatch(out.stdout, /SIGTERM/)
    const second = Date.now()
    child.kill('SIGTERM')
    await eventually(() => assert.match(out.stdout, /SIGTERM/))
    assert.ok(Date.now() - second < 3_000)
    assert.equal(await ended, 3)
    assert.ok(Date.now() - second < 8_000)
    assert.match(out.stderr, /could not withdraw web.example.org: it goes with its lease/)
  })
})

describe('health', { concurrency: 2 }, () => {
  test('of a URL: the name is there as long as that is well', async () => {
    const api = await startApi()
    let status = 503
    const health = await listen(createServer((_, response) => response.writeHead(status).end('x')))
    const environment = { ...settings(api), ...GIVEN, NAMESTREAM_HEALTH: `http://127.0.0.1:${health}/health` }
    const { child, out, ended } = startContainer(SERVICE, environment)
    await eventually(() => assert.match(out.stdout, /runs/))
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    assert.equal(api.requests.length, 0)
    for (let turn = 0; turn < 2; turn++) {
      status = 200
      await eventually(() => assert.deepEqual(api.registered(NAME), { 'web-1': A }))
      status = 500
      await eventually(() => assert.deepEqual(api.registered(NAME), {}))
    }
    child.kill('SIGTERM')
    assert.equal(await ended, 3)
  })

  test('of a port: that it accepts connections', async () => {
    const api = await startApi()
    const port = await listen(createTcpServer((socket) => socket.on('error', () => {})))
    const { out } = startContainer(SERVICE, { ...settings(api), ...GIVEN, NAMESTREAM_HEALTH: String(port) })
    await running(api, out)
  })

  test('of a port where nobody is', async () => {
    const api = await startApi()
    const { child, out, ended } = startContainer(SERVICE, { ...settings(api), ...GIVEN, NAMESTREAM_HEALTH: '1' })
    await eventually(() => assert.match(out.stdout, /runs/))
    child.kill('SIGTERM')
    assert.equal(await ended, 3)
    assert.equal(api.requests.length, 0)
  })
})

describe('a sidecar, without a command', { concurrency: 2 }, () => {
  test('registers until a signal', async () => {
    const api = await startApi()
    const { child, out, ended } = startContainer([], { ...settings(api), ...GIVEN, NAMESTREAM_LEASE: '5' })
    await eventually(() => assert.ok(api.requests.length >= 3)) // renewed twice in real time
    const [first = assert.fail(), , third = assert.fail()] = api.requests
    assert.ok(third.at - first.at >= 2 * 1_300 && third.at - first.at < 5_000, `${third.at - first.at} ms`)
    child.kill('SIGTERM')
    assert.equal(await ended, 0)
    assert.deepEqual(api.registered(NAME), {})
    assert.equal(out.stderr, `namestream: registered ${NAME} A 192.0.2.9 as web-1\nnamestream: withdrew ${NAME}\n`)
  })

  test('tells a port by an SRV record at the name of the service', async () => {
    const api = await startApi()
    const { child, ended } = startContainer([], { ...settings(api), ...GIVEN, NAMESTREAM_PORT: '8080' })
    const srv = [{ type: 'SRV', rdata: ['0 0 8080 web.example.org.'] }]
    await eventually(() => assert.deepEqual(api.registered(`_http._tcp.${NAME}`), { 'web-1': srv }))
    await eventually(() => assert.deepEqual(api.registered(NAME), { 'web-1': A }))
    child.kill('SIGINT')
    assert.equal(await ended, 0)
    assert.deepEqual(api.registered(`_http._tcp.${NAME}`), {})
  })
})

describe('settings that are wrong are said at once, and nothing runs', { concurrency: 2 }, () => {
  const rows: readonly [variable: string, value: string, reason: RegExp][] = [
    ['NAMESTREAM_URL', '', /^namestream: NAMESTREAM_URL is not set; --help/],
    ['NAMESTREAM_URL', 'http://any:SECRET@:1', /^namestream: url: that is no URL;/],
    ['NAMESTREAM_NAME', '', /NAMESTREAM_NAME is not set/],
    ['NAMESTREAM_LEASE', '4', /NAMESTREAM_LEASE must be a number from 5 to 86400/],
    ['NAMESTREAM_LEASE', 'long', /NAMESTREAM_LEASE must be a number/],
    ['NAMESTREAM_TTL', '31', /NAMESTREAM_TTL must not be longer than the lease/],
    ['NAMESTREAM_PORT', '70000', /NAMESTREAM_PORT must be a number from 1 to 65535/],
    ['NAMESTREAM_HEALTH', 'tcp://127.0.0.1', /NAMESTREAM_HEALTH must be a URL, a port or tcp:/],
    ['NAMESTREAM_HEALTH', 'well', /NAMESTREAM_HEALTH must be/],
    ['NAMESTREAM_ADDRESS', '192.0.2.256', /NAMESTREAM_ADDRESS must be IP addresses/],
    ['NAMESTREAM_ID', 'a b', /NAMESTREAM_ID/],
    ['NAMESTREAM_TOKEN', 'SECRET\nmore', /the token has characters that no token has/],
  ]
  for (const [variable, value, reason] of rows)
    test(`${variable}=${JSON.stringify(value)}`, async () => {
      const environment = { ...settings({ url: 'http://127.0.0.1:1' }), ...GIVEN, [variable]: value }
      const { out, ended } = startContainer(SERVICE, environment)
      assert.equal(await ended, 2)
      assert.match(out.stderr, reason)
      assert.doesNotMatch(out.stderr, /SECRET/)
      assert.equal(out.stdout, '')
    })
})

describe('the own addresses', () => {
  const lo = [{ address: '127.0.0.1', family: 'IPv4', internal: true }]
  const rows: readonly [
    title: string,
    interfaces: Readonly<Record<string, readonly object[]>>,
    expected: readonly string[],
  ][] = [
    ['IPv4 first', { lo, eth0: [address('fe80::1'), address('2001:db8::1'), address('192.0.2.1')] }, ['192.0.2.1']],
    ['IPv6 alone', { lo, eth0: [address('fe80::1'), address('2001:db8::1')] }, ['2001:db8::1']],
    ['of the first interface', { lo, eth0: [address('192.0.2.1')], eth1: [address('192.0.2.2')] }, ['192.0.2.1']],
    [
      'not that of link-local metadata',
      { lo, ecs: [address('169.254.172.2')], eth1: [address('192.0.2.2')] },
      ['192.0.2.2'],
    ],
  ]
  for (const [title, interfaces, expected] of rows)
    test(title, () => {
      assert.deepEqual(ownAddresses(interfaces as Parameters<typeof ownAddresses>[0]), expected)
    })

  test('none but the loopback', () => {
    const interfaces = { lo } as unknown as Parameters<typeof ownAddresses>[0]
    assert.throws(() => ownAddresses(interfaces), /set NAMESTREAM_ADDRESS/)
  })
})

// ---------------------------------------------------------------------------

/** For what is not about finding these. */
const GIVEN = { NAMESTREAM_ADDRESS: '192.0.2.9', NAMESTREAM_ID: 'web-1' }

function settings({ url }: Pick<Api, 'url'>): Readonly<Record<string, string>> {
  return { NAMESTREAM_URL: url, NAMESTREAM_ZONE: 'example.org', NAMESTREAM_NAME: NAME }
}

/** Both the command and the name are there. */
async function running(api: Api, out: { readonly stdout: string; readonly stderr: string }): Promise<void> {
  await eventually(() => assert.match(out.stdout, /runs/))
  await eventually(() => assert.notDeepEqual(api.registered(NAME), {}, out.stderr))
}

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  after(() => server.close())
  return (server.address() as AddressInfo).port
}

function address(text: string): object {
  return { address: text, family: text.includes(':') ? 'IPv6' : 'IPv4', internal: false }
}
