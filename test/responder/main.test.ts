/** The command line, as a process of its own. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, describe, test } from 'node:test'
import { parseEndpoint } from '../../responder/listeners/endpoint.ts'
import { eventually } from '../eventually.ts'
import { addresses, askUdp } from './client.ts'

const main = join(import.meta.dirname, '../../responder/main.ts')
const folder = mkdtempSync(join(tmpdir(), 'responder-main-'))
const children: ChildProcess[] = []
after(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})
const zone = write('good.zone', '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1\n')
const other = write('other.zone', '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.2\n')

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`serves zone files until ${signal}, and ends with 0`, async () => {
    const zones = ['--zone', `example.org=${zone}`, '--zone', `example.net.=${other}`]
    const child = run([...zones, '--dns', '127.0.0.1:0', '--health', '127.0.0.1:0', '--workers', '2'])
    const lines = await untilReady(child)
    const dns = parseEndpoint(/^DNS over UDP and TCP: (.*)$/.exec(lines[0] ?? '')?.[1] ?? '')
    const health = /^health, ready, metrics: (.*)$/.exec(lines[1] ?? '')?.[1]
    assert.equal(await (await fetch(`${health}/ready`)).text(), 'OK\n')
    assert.deepEqual(addresses(await askUdp(dns, 'ns.example.org. A')), ['192.0.2.1'])
    assert.deepEqual(addresses(await askUdp(dns, 'ns.example.net. A')), ['192.0.2.2'])
    const exit = once(child, 'exit')
    child.kill(signal)
    assert.deepEqual(await exit, [0, null])
  })
}

test("NAMESTREAM_UDP=node: serves UDP by Node's own sockets, and says so once", async () => {
  const child = run(['--zone', `example.org=${zone}`, '--dns', '127.0.0.1:0', '--workers', '2'], {
    ...process.env,
    NAMESTREAM_UDP: 'node',
  })
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += chunk
  })
  const [line = ''] = await untilReady(child)
  const dns = parseEndpoint(line.replace('DNS over UDP and TCP: ', ''))
  assert.deepEqual(addresses(await askUdp(dns, 'ns.example.org. A')), ['192.0.2.1'])
  child.kill('SIGTERM')
  await once(child, 'close')
  assert.equal(said.match(/UDP is served by Node's own sockets$/gm)?.length, 1, said)
})

test('SIGHUP makes it look at its files', async () => {
  const child = run(['--zone', `example.org=${zone}`, '--dns', '127.0.0.1:0'])
  await untilReady(child)
  child.kill('SIGHUP')
  for await (const line of createInterface({ input: child.stderr as NodeJS.ReadableStream })) {
    if (line === 'responder: nothing has changed') return
    assert.match(line, /\(\d+ s\)$|own sockets$/) // progress, where the machine is slow, and who serves UDP
  }
  assert.fail('it ended')
})

test('SIGHUP ends it where its terminal is gone', async (t) => {
  const [node, ...args] = [process.execPath, main, '--zone', `example.org=${zone}`, '--dns', '127.0.0.1:0']
  // `script` runs a command on a terminal, which goes when `script` does. It is in every Debian.
  const child = spawn('script', ['-qfc', `echo $$; exec ${node} ${args.join(' ')}`, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  children.push(child)
  const started = await Promise.race([once(child, 'spawn').then(() => true), once(child, 'error').then(() => false)])
  if (!started) return t.skip('there is no command script')
  let said = ''
  for await (const chunk of child.stdout) {
    said += chunk
    if (said.includes('ready')) break
  }
  const pid = Number(said.split(/\s/, 1)[0])
  process.kill(pid, 0)
  child.kill('SIGKILL')
  await eventually(() => assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' }))
})

describe('is refused, with one line and without stack trace', () => {
  const bad = write('bad.zone', '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\n\nwww 300 A nonsense\n')
  const noSoa = write('no-soa.zone', '@ 300 NS ns\nns 300 A 192.0.2.1\n')
  const huge = write('huge.zone', '')
  truncateSync(huge, 2 ** 30)
  const cname = write(
    'cname.zone',
    '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nw 300 CNAME x\nw 300 A 192.0.2.1\n',
  )
  for (const [title, args, message] of [
    ['a bad zone file', ['--zone', `example.org=${bad}`], new RegExp(`^responder: ${bad}:4: A: .*nonsense`)],
    ['a zone file without SOA', ['--zone', `example.org=${noSoa}`], new RegExp(`^responder: ${noSoa}:\\d+: .*SOA`)],
    [
      'a zone file against the rules',
      ['--zone', `example.org=${cname}`],
      new RegExp(`^responder: ${cname}:4: .*CNAME`),
    ],
    ['a file that is not there', ['--zone', 'example.org=/no/such/file'], /^responder: \/no\/such\/file: there is no/],
    ['a folder', ['--zone', `example.org=${folder}`], /^responder: .*: cannot be read \(EISDIR\)/],
    ['a file too large for a string', ['--zone', `example.org=${huge}`], /^responder: .*huge\.zone: is too large/],
    ['half an option', ['--zone', 'example.org'], /^responder: --zone: "example\.org" is not ORIGIN=FILE/],
    ['an origin that is no name', ['--zone', `a..b=${zone}`], /^responder: --zone: "a\.\.b" is not a domain name: /],
    [
      'one zone twice',
      ['--zone', `a=${zone}`, '--zone', `A.=${zone}`],
      /^responder: .*: is of a zone that has a file already/,
    ],
    ['an unknown option', ['--bogus'], /^responder: Unknown option '--bogus'/],
    ['an argument', ['example.org'], /^responder: Unexpected argument 'example\.org'/],
    ['an option without value', ['--dns'], /^responder: Option '--dns <value>' argument missing/],
    ['an option for a value', ['--dns', '--workers'], /^responder: Option '--dns' argument is ambiguous/],
    ['an endpoint that is none', ['--dns', 'localhost'], /^responder: --dns: "localhost" is not HOST:PORT/],
    ['no workers', ['--workers', '0'], /^responder: --workers: "0" is not a number from 1 to 64/],
    ['a negative time', ['--lameduck=-1'], /^responder: --lameduck: "-1" is not a number of seconds/],
  ] as const) {
    test(title, async () => {
      const { code, out, err } = await finished(
        run([...args, ...(args.includes('--dns' as never) ? [] : ['--dns', '127.0.0.1:0'])]),
      )
      const told = err.replace(/^.* \(\d+ s\)\n/gm, '') // progress, where the machine is slow
      assert.match(told, message)
      assert.equal(told.trimEnd().split('\n').length, 1)
      assert.equal(out, '')
      assert.equal(code, 1)
    })
  }

  test('a port that is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const { code, err } = await finished(run(['--zone', `example.org=${zone}`, '--dns', `127.0.0.1:${port}`]))
    assert.equal(err, `responder: cannot listen on 127.0.0.1:${port}: the port is taken\n`)
    assert.equal(code, 1)
    taken.close()
  })
})

test('goes on when nobody reads its log any more', async (t) => {
  let asked = 0
  const store = createServer((socket) => {
    socket.destroy()
    if (++asked > 3) store.emit('asked again') // three attempts make a failure, which is told
  }).listen(0, '127.0.0.1')
  t.after(() => store.close())
  await once(store, 'listening')
  const { port } = store.address() as { port: number }
  const child = run(['--dns', '127.0.0.1:0'], {
    ...process.env,
    NAMES_TABLE: 'names',
    ZONES_TABLE: 'zones',
    CHANGELOG_TABLE: 'changelog',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
  })
  child.stderr?.destroy()
  const event = await Promise.race([
    once(store, 'asked again').then(() => 'asked again'),
    once(child, 'exit').then(() => 'exit'),
  ])
  assert.equal(event, 'asked again')
})

test('--help', async () => {
  const { code, out, err } = await finished(run(['--help']))
  assert.match(out, /^Usage: /)
  assert.equal(err, '')
  assert.equal(code, 0)
})

// ---------------------------------------------------------------------------

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

function run(args: readonly string[], env = process.env): ChildProcess {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env })
  children.push(child)
  return child
}

/** The lines before `ready`. */
async function untilReady(child: ChildProcess): Promise<string[]> {
  assert.ok(child.stdout)
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') return lines
    lines.push(line)
  }
  throw new Error('the process ended before it was ready')
}

async function finished(child: ChildProcess): Promise<{ code: number; out: string; err: string }> {
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk) => {
    out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    err += chunk
  })
  const [code] = (await once(child, 'close')) as [number]
  return { code, out, err }
}
