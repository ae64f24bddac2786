import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { dynamoDbNameStore } from '../../../shared/aws/name-store.ts'
import { dynamoDbZoneStore } from '../../../shared/aws/zone-store.ts'
import { newZone } from '../../../shared/records/new-zone.ts'
import { a, apex, nameOf, record } from '../../contract/records.ts'
import { testTables } from '../../dynamodb.ts'

const { client, names: tables, newTables, environment } = await testTables()
const { names: old } = await newTables()
const registered = dynamoDbNameStore(client, tables.names)

before(async () => {
  await dynamoDbZoneStore(client, tables.zones).add(newZone(apex))
  const source = dynamoDbNameStore(client, old)
  await source.write(record('host', 3, a(60, '192.0.2.3', '192.0.2.4')), 0)
  await source.write(record('lost', 3, a(60, '192.0.2.5')), 0)
  await registered.write(record('host', 9, a(60, '192.0.2.3', '192.0.2.9')), 0)
})

const PLAN = `- host.example.org. 60 A 192.0.2.9
+ host.example.org. 60 A 192.0.2.4
+ lost.example.org. 60 A 192.0.2.5
`

test('prints what would change and writes nothing', async () => {
  const { code, stdout, stderr } = await restore('--from', old)
  assert.deepEqual([code, sorted(stdout)], [0, sorted(PLAN)])
  assert.equal(stderr, told('2 names to change, 0 names as they are to be', 'nothing was written; --apply does it'))
  assert.equal((await registered.read(nameOf('host')))?.version, 9)
})

test('with --apply writes it, once', async () => {
  const { code, stdout, stderr } = await restore('--from', old, '--apply')
  assert.deepEqual([code, sorted(stdout)], [0, sorted(PLAN)])
  assert.equal(stderr, told('2 names to change, 0 names as they are to be', '2 names written'))
  assert.deepEqual((await registered.read(nameOf('lost')))?.rrsets, a(60, '192.0.2.5'))
  const again = await restore('--from', old, '--apply')
  assert.deepEqual([again.stdout, again.stderr], ['', told('0 names to change, 2 names as they are to be')])
})

const refusals: readonly [args: readonly string[], env: object, message: RegExp][] = [
  [[], {}, /^restore: --from is needed; npm run restore -- --help tells how\n$/],
  [['--from', tables.names], {}, /^restore: --from: .* is what is registered now\n$/],
  [['--from', 'none'], {}, /^restore: there is no such table\n$/],
  [['--from', old, '--zone', 'example.net'], {}, /^restore: --zone: example\.net\. is not served\n$/],
  [['--from', old, '--zone', 'a..b'], {}, /^restore: --zone: the name has an empty label\n$/],
  [['--from', old, '--every'], {}, /^restore: Unknown option '--every'; npm run restore -- --help tells how\n$/],
  [['--from', old], { ZONES_TABLE: '' }, /^restore: ZONES_TABLE must be set, too\n$/],
  [
    ['--from', old, '--dynamodb', 'http://127.0.0.1:1'],
    {},
    /^restore: the record store did not answer, .*ECONNREFUSED.*\n$/,
  ],
]
for (const [args, env, message] of refusals) {
  test(`refused: ${args.join(' ')} ${Object.keys(env)}`, async () => {
    const { code, stdout, stderr } = await restore(...args, env)
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(stderr, message)
  })
}

test('--help', async () => {
  const { code, stdout } = await restore('--help')
  assert.equal(code, 0)
  assert.match(stdout, /^Usage: npm run -s restore -- --from TABLE/)
})

// ---------------------------------------------------------------------------

function restore(...given: readonly (string | object)[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const args = given.filter((one) => typeof one === 'string')
  const env = {
    PATH: process.env.PATH,
    ...environment,
    ...Object.assign({}, ...given.filter((one) => typeof one === 'object')),
  }
  const entry = fileURLToPath(new URL('../../../local/restore.ts', import.meta.url))
  return new Promise((done) => {
    execFile(process.execPath, [entry, ...args], { env }, (error, stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

function sorted(text: string): string[] {
  return text.split('\n').sort()
}

function told(...lines: string[]): string {
  return lines.map((line) => `restore: ${line}\n`).join('')
}
