import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseOptions } from '../../local/options.ts'

test('what holds without options', () => {
  assert.deepEqual(parseOptions([]), {
    help: false,
    auth: false,
    http: { host: '127.0.0.1', port: 8090 },
    dns: { host: '127.0.0.1', port: 5300 },
    health: undefined,
    route53: undefined,
    mirror: true,
    probe: false,
    functions: [],
    gateway: undefined,
    zones: ['rpc.szbd-uc.uaebd.local.'],
    data: fileURLToPath(new URL('../../.namestream', import.meta.url)),
  })
})

test('zones: lists and repetitions, made canonical, once each', () => {
  const { zones } = parseOptions([
    '--zone',
    'Example.ORG,a.example.org.',
    '--zone=example.org.',
    '--zone',
    ' b.example.org',
  ])
  assert.deepEqual(zones, ['example.org.', 'a.example.org.', 'b.example.org.'])
})

test('functions: lists and repetitions, and where they are called', () => {
  const { functions, gateway } = parseOptions([
    '--function',
    'a=/a.ts,b=/b.ts',
    '--function=c=/c.ts',
    '--gateway',
    '[::1]:1',
  ])
  assert.deepEqual(
    functions.map(({ name, file }) => `${name} ${file}`),
    ['a /a.ts', 'b /b.ts', 'c /c.ts'],
  )
  assert.deepEqual(gateway, { host: '::1', port: 1 })
})

test('a relative folder is meant from where the user is', () => {
  const from = process.env.INIT_CWD
  process.env.INIT_CWD = '/somewhere'
  try {
    assert.equal(parseOptions(['--data', 'kept']).data, '/somewhere/kept')
    delete process.env.INIT_CWD
    assert.equal(parseOptions(['--data', 'kept']).data, resolve('kept'))
  } finally {
    if (from !== undefined) process.env.INIT_CWD = from
  }
})

test('--ephemeral keeps nothing, whatever the folder', () => {
  assert.equal(parseOptions(['--ephemeral', '--data', 'kept']).data, undefined)
})

test('the mirror: where its Route 53 is emulated, and none at all', () => {
  const { route53, mirror } = parseOptions(['--route53', '[::1]:0', '--no-mirror'])
  assert.deepEqual({ route53, mirror }, { route53: { host: '::1', port: 0 }, mirror: false })
})

test('the probe: only where it is asked for, also without a mirror', () => {
  assert.deepEqual(
    [['--probe'], ['--probe', '--no-mirror']].map((args) => parseOptions(args).probe),
    [true, true],
  )
})

describe('the registration API and the emulator of Route 53 listen on loopback only', () => {
  for (const option of ['http', 'route53'] as const) {
    for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '[::1]']) {
      test(`--${option} ${host}`, () => assert.equal(parseOptions([`--${option}`, `${host}:1`])[option]?.port, 1))
    }
    for (const host of ['0.0.0.0', '192.0.2.1', '[::]', '[2001:db8::1]', '[::ffff:127.0.0.1]']) {
      test(`--${option} not ${host}`, () => {
        const refused = new RegExp(`^Error: --${option}: .* can be reached from other machines`)
        assert.throws(() => parseOptions([`--${option}`, `${host}:1`]), refused)
      })
    }
  }
})

describe('what is refused', () => {
  const cases: [args: string[], message: RegExp][] = [
    [['--zone', '.'], /^--zone: "\." is not a zone: the root zone/],
    [['--zone', '*.example.org'], /^--zone: "\*\.example\.org" is not a zone: a zone cannot be a wildcard$/],
    [['--zone', 'a..b'], /^--zone: "a\.\.b" is not a zone: the name has an empty label$/],
    [['--zone', `${'a.'.repeat(127)}`], /^--zone: .* is not a zone: .*/],
    [
      ['--zone', 'example.org=file'],
      /^--zone: "example\.org=file" is not a zone: zone files are served by npm run responder$/,
    ],
    [
      ['--http', '127.0.0.1:1', '--dns', '127.0.0.1:1'],
      /^--http, --dns, --health, --route53 and --gateway must not share a port$/,
    ],
    [['--gateway', '[::1]:1', '--dns', '[::1]:1'], /must not share a port$/],
    [['--gateway', '192.0.2.1:80'], /^--gateway: 192\.0\.2\.1:80 can be reached from other machines/],
    [['--function', 'pay'], /^--function: "pay" is not NAME=FILE/],
    [
      ['--http', '[::1]:1', '--route53', '[::1]:1'],
      /^--http, --dns, --health, --route53 and --gateway must not share a port$/,
    ],
    [['--route53', 'route53.amazonaws.com:443'], /^--route53: .*route53.amazonaws.com is not an IP address$/],
    [['--auth=yes'], /^Option '--auth' does not take an argument; /],
    [['--probe=yes'], /^Option '--probe' does not take an argument; /],
    [['--probe', '--auth'], /^--probe: the probe has no token, it cannot be used together with --auth$/],
    [['--probe', '--zone', 'a\\.b.example.org'], /^--probe: the probe cannot look up a name with escapes$/],
    [['--no-mirror=yes'], /^Option '--no-mirror' does not take an argument; /],
    [['--data', ''], /^--data: the folder has no name$/],
    [['--ephemeral=yes'], /^Option '--ephemeral' does not take an argument; npm start -- --help lists the options$/],
    [['--http', '--dns'], /^Option '--http' argument is ambiguous; /],
    [['example.org'], /^Unexpected argument 'example\.org'; npm start -- --help lists the options$/],
  ]
  for (const [args, message] of cases) {
    test(args.join(' ').slice(0, 60), () => assert.throws(() => parseOptions(args), { message }))
  }
})
