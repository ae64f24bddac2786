import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { carryOut } from '../../../local/access/commands.ts'
import { parseAccessOptions } from '../../../local/access/options.ts'
import { memoryAccessStore } from '../../../shared/access/memory.ts'
import { isValid, parseToken } from '../../../shared/access/tokens.ts'

import { memoryStore } from '../../../shared/records/memory.ts'
import { a, nameOf, record } from '../../contract/records.ts'

const T0 = Date.UTC(2026, 0, 1)
const DAY = 86_400_000
const ROLE = 'iam:arn:aws:iam::123456789012:role/x'

/** Commands over a store in memory, on a clock of its own. */
function world() {
  const store = memoryAccessStore()
  const { names } = memoryStore()
  const clock = { now: T0 }
  const run = async (line: string) => {
    const options = parseAccessOptions(line.split(' '))
    assert.ok(options)
    return carryOut({ store, names, now: () => clock.now, random: randomBytes }, options.command)
  }
  const token = async () => {
    const { output } = await run('token create --label ci --expires 10d')
    return parseToken(output.trim()) ?? assert.fail(output)
  }
  return { store, names, clock, run, token }
}

describe('grants', () => {
  test('are added, listed and removed', async () => {
    const { run, clock } = world()
    const { output, remark } = await run(`grant add --principal ${ROLE} --zone example.org --name *.app --expires 1d`)
    const [id] = output.split(' ')
    const told = `${ROLE} zones=example.org. names=*.app types=A,AAAA actions=write`
    assert.deepEqual([output, remark], [`${id} ${told} until=2026-01-02T00:00:00Z\n`, 'It holds within some seconds'])
    await run(`grant add --principal iam:arn:aws:iam::123456789012:* --zone example.org --name @`)
    assert.equal((await run(`grant list --principal ${ROLE}`)).output, output)
    assert.equal((await run('grant list')).output.split('\n').length, 3)
    clock.now += DAY
    assert.match((await run(`grant list --principal ${ROLE}`)).output, / ended=2026-01-02T00:00:00Z\n$/)
    assert.match((await run(`grant remove ${id}`)).remark, /is removed/)
    await assert.rejects(run(`grant remove ${id}`), { message: `there is no grant ${id}` })
    assert.deepEqual(await run(`grant list --principal ${ROLE}`), { output: '', remark: 'There is none' })
  })

  test('for a token need one', async () => {
    const { store, run, token } = world()
    const { id } = await token()
    await run(`grant add --principal token:${id} --zone example.org --name *`)
    const missing = 'token:0123456789abcdef'
    await assert.rejects(run(`grant add --principal ${missing} --zone example.org --name *`), /no token 0123/)
    assert.equal((await store.grants()).length, 1)
  })
})

describe('tokens', () => {
  test('are shown once', async () => {
    const { store, run } = world()
    const { output, remark } = await run('token create --label ci --expires 10d')
    const { id, secret } = parseToken(output.trim()) ?? assert.fail(output)
    assert.equal(remark, `This is token:${id}, valid until 2026-01-11T00:00:00Z. It is shown this once`)
    assert.equal(isValid(await store.token(id), secret, T0), true)
    const list = await run('token list')
    assert.equal(list.output, `token:${id} created=2026-01-01T00:00:00Z until=2026-01-11T00:00:00Z "ci"\n`)
  })

  test('are rotated', async () => {
    const { store, clock, run, token } = world()
    const { id, secret } = await token()
    clock.now += DAY
    const { output } = await run(`token rotate token:${id} --grace 12h --expires 20d`)
    const next = parseToken(output.trim())?.secret ?? ''
    const valid = async () => {
      const stored = await store.token(id)
      return [secret, next].map((one) => isValid(stored, one, clock.now))
    }
    assert.deepEqual(await valid(), [true, true])
    assert.match(
      (await run('token list')).output,
      / until=2026-01-22T00:00:00Z former secret until=2026-01-02T12:00:00Z "ci"\n$/,
    )
    clock.now += DAY / 2
    assert.deepEqual(await valid(), [false, true])
  })

  test('are revoked, for good', async () => {
    const { store, run, token } = world()
    const { id, secret } = await token()
    for (const _ of ['once', 'again']) assert.equal((await run(`token revoke ${id}`)).remark, `token:${id} is revoked`)
    assert.equal(isValid(await store.token(id), secret, T0), false)
    await assert.rejects(run(`token rotate ${id}`), { message: `token:${id} is revoked: create another one` })
    assert.match((await run('token list')).output, / revoked=2026-01-01T00:00:00Z "ci"\n$/)
  })

  test('that are not there, or somebody else has changed', async () => {
    const { store, run, token } = world()
    await assert.rejects(run('token revoke 0123456789abcdef'), { message: 'there is no token 0123456789abcdef' })
    await assert.rejects(run('token revoke ns_secret'), { message: 'there is no token of that id' })
    const { id } = await token()
    store.writeToken = async () => false
    await assert.rejects(run(`token rotate ${id}`), /^Error: token:\S+ was changed by somebody else meanwhile/)
  })
})

describe('who', () => {
  test('has written a name, or withdrawn it', async () => {
    const { names, run } = world()
    const by = { principal: ROLE, at: T0 }
    await names.write({ ...record('host', 1, a(60, '192.0.2.1')), by }, 0)
    await names.write({ ...record('gone', 1, {}), by }, 0)
    await names.write(record('old', 1, a(60, '192.0.2.1')), 0)
    const told = async (label: string) => (await run(`who ${nameOf(label)}`)).output
    assert.equal(await told('host'), `host.example.org. A by=${ROLE} at=2026-01-01T00:00:00Z\n`)
    assert.equal(await told('gone'), `gone.example.org. withdrawn by=${ROLE} at=2026-01-01T00:00:00Z\n`)
    assert.equal(await told('old'), 'old.example.org. A by=unknown\n')
    await assert.rejects(told('none'), { message: 'there is no record of none.example.org.' })
  })
})

test('grants of a token that is revoked are marked', async () => {
  const { run, token } = world()
  const { id } = await token()
  await run(`grant add --principal token:${id} --zone example.org --name *`)
  assert.doesNotMatch((await run('grant list')).output, /revoked/)
  await run(`token revoke ${id}`)
  assert.match((await run('grant list')).output, / \(the token is revoked\)\n$/)
})
