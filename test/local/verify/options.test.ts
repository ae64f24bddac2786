import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, describe, test } from 'node:test'
import { writeStackFile } from '../../../local/stack-file.ts'
import { parseVerifyOptions } from '../../../local/verify/options.ts'

const running = mkdtempSync(join(tmpdir(), 'namestream-verify-'))
const unmirrored = mkdtempSync(join(tmpdir(), 'namestream-verify-'))
const idle = mkdtempSync(join(tmpdir(), 'namestream-verify-'))
after(() => {
  for (const folder of [running, unmirrored, idle]) rmSync(folder, { recursive: true })
})
writeStackFile(running, { dns: '127.0.0.1:5300', dynamoDb: 'http://127.0.0.1:1', route53: 'http://127.0.0.1:2' })
writeStackFile(unmirrored, { dns: '127.0.0.1:5300', dynamoDb: 'http://127.0.0.1:1' })
const remove = writeStackFile(idle, { dns: '127.0.0.1:5300', dynamoDb: 'http://127.0.0.1:1' })
remove()

const named = process.env.AWS_ENDPOINT_URL_ROUTE_53
delete process.env.AWS_ENDPOINT_URL_ROUTE_53
afterEach(() => delete process.env.AWS_ENDPOINT_URL_ROUTE_53)
after(() => named && Object.assign(process.env, { AWS_ENDPOINT_URL_ROUTE_53: named }))

test('the stack that runs on the folder tells where it is', () => {
  assert.deepEqual(parseVerifyOptions(['--data', running]), {
    dns: { host: '127.0.0.1', port: 5300 },
    dynamoDb: 'http://127.0.0.1:1',
    route53: { url: 'http://127.0.0.1:2', own: false },
  })
})

test('options win over the stack, and the user’s own Route 53 over its', () => {
  const args = ['--data', running, '--dns', '[::1]:53']
  process.env.AWS_ENDPOINT_URL_ROUTE_53 = 'https://route53.amazonaws.com'
  assert.deepEqual(parseVerifyOptions(args), {
    dns: { host: '::1', port: 53 },
    dynamoDb: 'http://127.0.0.1:1',
    route53: { url: 'https://route53.amazonaws.com', own: true },
  })
  assert.equal(parseVerifyOptions([...args, '--route53', 'http://127.0.0.1:3'])?.route53.url, 'http://127.0.0.1:3')
})

test('no stack is needed where all is told', () => {
  const all = ['--dns', '127.0.0.1:53', '--dynamodb', 'http://127.0.0.1:8', '--route53', 'http://127.0.0.1:9']
  assert.equal(parseVerifyOptions(['--data', idle, ...all])?.dynamoDb, 'http://127.0.0.1:8')
})

test('--help', () => assert.equal(parseVerifyOptions(['--help']), undefined))

describe('what is refused', () => {
  const cases: [args: string[], message: RegExp][] = [
    [
      ['--data', idle],
      /^no stack runs on .*: start it, or give --dns, --dynamodb, --route53 \(as one with --ephemeral prints\)$/,
    ],
    [
      ['--data', idle, '--dns', '127.0.0.1:1'],
      /^no stack runs on .*: start it, or give --dynamodb, --route53 \(as one with --ephemeral prints\)$/,
    ],
    [['--data', unmirrored], /^the stack was started with --no-mirror: nothing is mirrored$/],
    [['--data', running, '--dns', 'x'], /^--dns: "x" is not HOST:PORT$/],
    [['--data', running, '--route53', '127.0.0.1:1'], /^--route53: "127\.0\.0\.1:1" is not a URL$/],
    [['--data', running, '--dynamodb', 'http://'], /^--dynamodb: "http:\/\/" is not a URL$/],
    [['--nonsense'], /^Unknown option '--nonsense'; npm run verify-mirror -- --help lists the options$/],
  ]
  for (const [args, message] of cases) {
    test(args.filter((arg) => !arg.startsWith('/')).join(' '), () =>
      assert.throws(() => parseVerifyOptions(args), { message }),
    )
  }
})
