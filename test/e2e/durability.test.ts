import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { eventually } from '../eventually.ts'
import { addresses, askUdp } from '../responder/client.ts'
import { descendants, gone, put, type RunningStack, startStack } from './stack.ts'

const ZONE = 'example.org.'
const folder = mkdtempSync(join(tmpdir(), 'namestream-e2e-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('what was acknowledged is there after a restart, and after kill -9 of everything in the middle of writes', async () => {
  const acknowledged = new Map<string, string>()
  let stack = await start()
  await write(stack, acknowledged, 'before', 10)
  assert.equal(await stack.stop(), 0)

  stack = await start()
  await allAnswer(stack, acknowledged)
  // More writes than there is time for: the kill comes while many are under way.
  const writing = write(stack, acknowledged, 'during', 400).catch(() => {})
  await eventually(() => assert.ok(acknowledged.size > 60))
  for (const pid of descendants(stack.child.pid)) process.kill(pid, 'SIGKILL')
  await stack.stop('SIGKILL')
  await writing

  stack = await start()
  await allAnswer(stack, acknowledged)
  assert.equal(await stack.stop(), 0)
})

test('DynamoDB Local dies: names are answered meanwhile, it is started again, nothing is lost', async () => {
  const acknowledged = new Map<string, string>()
  const stack = await start()
  await write(stack, acknowledged, 'early', 5)
  await allAnswer(stack, acknowledged)
  process.kill(javaOf(stack), 'SIGKILL')
  await eventually(() =>
    assert.match(stack.stderr(), /^namestream: DynamoDB Local ended by itself, starting it again/m),
  )
  assert.deepEqual(addresses(await askUdp(stack.dns, `early0.${ZONE} A`)), ['192.0.2.0'])
  await eventually(() => assert.match(stack.stderr(), /^namestream: DynamoDB Local is up again$/m))
  await write(stack, acknowledged, 'late', 5)
  await allAnswer(stack, acknowledged)
  assert.equal(await stack.stop(), 0)
})

test('DynamoDB Local in memory dies: names are answered on, writes are refused', async () => {
  const acknowledged = new Map<string, string>()
  const stack = await startStack('--ephemeral', '--zone', ZONE)
  await write(stack, acknowledged, 'kept', 1)
  await allAnswer(stack, acknowledged)
  process.kill(javaOf(stack), 'SIGKILL')
  await eventually(() => assert.match(stack.stderr(), /^namestream: DynamoDB Local ended, and with it all/m))
  assert.match(await put(stack, record('new', '192.0.2.1')), /^503 /)
  await allAnswer(stack, acknowledged)
  assert.equal(await stack.stop(), 0)
})

test('DynamoDB Local hangs: names are answered, and the stack ends all the same', async () => {
  const acknowledged = new Map<string, string>()
  const stack = await startStack('--ephemeral', '--zone', ZONE)
  await write(stack, acknowledged, 'kept', 1)
  await allAnswer(stack, acknowledged)
  const parts = descendants(stack.child.pid)
  process.kill(javaOf(stack), 'SIGSTOP')
  await allAnswer(stack, acknowledged)
  assert.equal(await stack.stop(), 0)
  await gone(parts)
})

// ---------------------------------------------------------------------------

function start(): Promise<RunningStack> {
  return startStack('--zone', ZONE, '--data', join(folder, 'data'))
}

function record(name: string, address: string) {
  return { zone: ZONE, name, type: 'A', address, TTL: 60 }
}

/** Registers names from eight clients at once; each is noted once it is acknowledged. */
async function write(stack: RunningStack, acknowledged: Map<string, string>, prefix: string, count: number) {
  let next = 0
  const client = async () => {
    while (next < count) {
      const i = next++
      const address = `192.0.2.${i % 256}`
      assert.equal(await put(stack, record(`${prefix}${i}`, address)), '200 OK')
      acknowledged.set(`${prefix}${i}`, address)
    }
  }
  await Promise.all(Array.from({ length: 8 }, client))
}

async function allAnswer(stack: RunningStack, acknowledged: ReadonlyMap<string, string>): Promise<void> {
  for (const [name, address] of acknowledged) {
    await eventually(async () =>
      assert.deepEqual(addresses(await askUdp(stack.dns, `${name}.${ZONE} A`)), [address], name),
    )
  }
}

function javaOf(stack: RunningStack): number {
  const [, java] = descendants(stack.child.pid)
  assert.ok(java)
  return java
}
