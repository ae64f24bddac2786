import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { ANY_PORTS, descendants, type Ended, gone, launch, runStack, startStack } from './stack.ts'

const folder = mkdtempSync(join(tmpdir(), 'namestream-e2e-'))
after(() => rmSync(folder, { recursive: true, force: true }))

describe('what cannot be: one clear line, exit code 1', { concurrency: 2 }, () => {
  const cases: [title: string, args: string[], line: RegExp][] = [
    ['an unknown option', ['--nonsense'], /^namestream: Unknown option '--nonsense'; npm start -- --help lists/],
    ['an argument', ['nonsense'], /^namestream: Unexpected argument 'nonsense'/],
    ['an option without value', ['--http'], /^namestream: Option '--http <value>' argument missing/],
    ['a port too high', ['--http', '127.0.0.1:65536'], /^namestream: --http: .*65535/],
    ['no port', ['--dns', '127.0.0.1'], /^namestream: --dns: "127.0.0.1" is not HOST:PORT/],
    ['a host name', ['--dns', 'example.org:53'], /^namestream: --dns: .*example.org is not an IP address/],
    ['the API on all addresses', ['--http', '0.0.0.0:8090'], /^namestream: --http: 0.0.0.0:8090 can be reached from/],
    ['the API on all IPv6 addresses', ['--http', '[::]:8090'], /^namestream: --http: \[::\]:8090 can be reached from/],
    ['an empty zone', ['--zone', 'example.org,'], /^namestream: --zone: "" is not a zone: the name is empty/],
    ['a label too long', ['--zone', `${'l'.repeat(64)}.org`], /^namestream: --zone: .*64 octets/],
    ['a folder that is a file', ['--data', `${folder}/file`], /^namestream: cannot use .*file for data: .*/],
  ]
  writeFileSync(join(folder, 'file'), '')
  for (const [title, args, line] of cases) {
    test(title, async () => assertRefused(await runStack(withPorts(args)), line))
  }
})

describe('a taken port is found before anything is started', async () => {
  const tcp = createServer().listen(0, '127.0.0.1').unref()
  await once(tcp, 'listening')
  const udp = createSocket('udp4').bind(0, '127.0.0.1').unref()
  await once(udp, 'listening')
  const tcpPort = `127.0.0.1:${(tcp.address() as { port: number }).port}`
  const udpPort = `127.0.0.1:${udp.address().port}`
  for (const [title, option, taken] of [
    ['the API', '--http', tcpPort],
    ['DNS over UDP', '--dns', udpPort],
    ['DNS over TCP', '--dns', tcpPort],
    ['health', '--health', tcpPort],
    ['Route 53', '--route53', tcpPort],
  ] as const) {
    test(title, async () => {
      const ended = await runStack(withPorts(['--ephemeral', option, taken]))
      assertRefused(ended, new RegExp(`^namestream: ${option}: cannot listen on ${taken}: the port is taken$`))
    })
  }
})

test('--help prints the options and starts nothing', async () => {
  const { code, stdout, stderr } = await runStack(['--help'])
  assert.equal(code, 0)
  for (const option of 'http auth dns health route53 no-mirror zone data ephemeral help'.split(' ')) {
    assert.match(stdout, new RegExp(`^  --${option}\\b`, 'm'))
  }
  assert.equal(stderr, '')
})

test('without Java and without a way to fetch one', async () => {
  const { JAVA_HOME: _, ...env } = process.env
  const offline = { ...env, PATH: '/nonexistent', HTTPS_PROXY: 'http://127.0.0.1:9' }
  const ended = await runStack(withPorts(['--ephemeral']), { env: offline })
  assert.equal(ended.code, 1)
  assert.match(
    ended.stderr,
    /^namestream: no Java 11 or later here: fetching one, .*\nnamestream: DynamoDB Local needs Java 11 or later: .*Install one .*or set JAVA_HOME\n$/,
  )
  assert.equal(ended.stdout, '')
})

test('two stacks run side by side, but not on one folder', async () => {
  const [one, two] = await Promise.all([
    startStack('--data', join(folder, 'one')),
    startStack('--data', join(folder, 'two')),
  ])
  const third = await runStack(withPorts(['--data', join(folder, 'one')]))
  assertRefused(
    third,
    /^namestream: .*one is in use by another stack \(process \d+\); end that, or take another with --data/,
  )
  assert.equal(await one.stop(), 0)
  assert.equal(await two.stop(), 0)
  const again = await startStack('--data', join(folder, 'one'))
  assert.equal(await again.stop(), 0)
})

describe('the end', { concurrency: 2 }, () => {
  test('SIGTERM ends all parts with exit code 0', async () => {
    const stack = await startStack('--ephemeral')
    const parts = descendants(stack.child.pid)
    assert.equal(await stack.stop(), 0)
    await gone(parts)
  })

  for (const stage of ['starting DynamoDB Local', 'starting the responder', 'starting the mirror']) {
    test(`SIGTERM while ${stage}`, async () => {
      const stack = launch(withPorts(['--data', join(folder, stage.replaceAll(' ', '-'))]))
      await stack.says('stderr', new RegExp(stage))
      const parts = descendants(stack.child.pid)
      assert.equal(await stack.stop(), 0)
      await gone(parts)
      assert.doesNotMatch(stack.stdout(), /^ready$/m)
    })
  }

  test('a signal to the whole process group, as Ctrl-C is, is one signal', async () => {
    const stack = await startStack('--ephemeral')
    const parts = descendants(stack.child.pid)
    const closed = once(stack.child, 'close')
    for (const pid of [stack.child.pid, ...parts.filter(isNode)]) if (pid) process.kill(pid, 'SIGINT')
    assert.deepEqual(await closed, [0, null])
    await gone(parts)
  })

  test('kill -9 of run.mjs ends all parts', async () => {
    const stack = await startStack('--ephemeral')
    const parts = descendants(stack.child.pid)
    await stack.stop('SIGKILL')
    await gone(parts)
  })

  test('kill -9 of the stack itself ends DynamoDB Local', async () => {
    const stack = await startStack('--ephemeral')
    const parts = descendants(stack.child.pid)
    const closed = once(stack.child, 'close')
    process.kill(parts.find(isNode) as number, 'SIGKILL')
    assert.deepEqual(await closed, [137, null])
    await gone(parts)
  })

  test('npm start ends with npm', async () => {
    const npm = launch(withPorts(['--ephemeral']), { command: ['npm', 'start', '--'] })
    await npm.says('stdout', /^ready$/m)
    const parts = descendants(npm.child.pid)
    assert.equal(await npm.stop(), 0)
    await gone(parts)
  })
})

// ---------------------------------------------------------------------------

function withPorts(args: readonly string[]): string[] {
  return [...ANY_PORTS, ...args]
}

function assertRefused({ code, stdout, stderr }: Ended, line: RegExp): void {
  assert.equal(code, 1)
  assert.equal(stdout, '')
  assert.match(stderr, /^[^\n]+\n$/, 'one line')
  assert.match(stderr.trimEnd(), line)
}

function isNode(pid: number): boolean {
  return /node\0.*main\.ts/.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1'))
}
