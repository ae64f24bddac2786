/** Which writes a source tells the time of: those that are served for the first time because the log brought them. */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ChangeLogOptions, changeLog } from '../../../responder/sources/change-log.ts'
import { EMPTY_LOG } from '../../../shared/records/ports.ts'
import { Registry } from './registry.ts'

const stop: AbortController[] = []
afterEach(() => {
  for (const controller of stop.splice(0)) controller.abort()
})

test('writes that the log brings, each once, with the segment that has them', async () => {
  const { registry, published, write, reaches } = await following()
  await write('a', 1)
  await reaches(1)
  await write('a', 2)
  await reaches(2)
  registry.writtenAt = 3
  for (const label of ['b', 'c']) await registry.write(label, ['192.0.2.1'])
  await registry.log()
  await reaches(3)
  await sleep(20)
  assert.deepEqual(published, [[1], [2], [3, 3]])
})

test('not what was there at the start, nor what was written while that was read', async () => {
  const registry = new Registry()
  registry.writtenAt = 1
  for (let i = 0; i < 250; i++) await registry.write(`n${i}`, ['192.0.2.1'])
  await registry.log()
  registry.betweenPages = async () => {
    registry.betweenPages = async () => {}
    for (let i = 0; i < 250; i++) await registry.write(`n${i}`, ['192.0.2.2'])
    await registry.log()
  }
  const { published, write, reaches } = await following(registry)
  await write('n1', 3)
  await reaches(3)
  assert.deepEqual(published, [[3]])
})

test('not what a full reading was faster with', async () => {
  const { registry, published, reaches, source } = await following(new Registry(), { rescanIntervalMs: 20 })
  registry.writtenAt = 1
  await registry.write('a', ['192.0.2.1'])
  while (source.status().names === 0) await sleep(2)
  await registry.log()
  await reaches(1)
  assert.deepEqual(published, [])
})

test('what the log brings while all names are read again, but for what a page had before', async () => {
  const { registry, published, write, reaches, source } = await following(new Registry(), { rescanIntervalMs: 20 })
  await write('known', 1)
  await reaches(1)
  registry.writtenAt = 2
  await registry.write('a', ['192.0.2.2'])
  const { promise: held, resolve: letOn } = Promise.withResolvers<void>()
  let isHeld = false
  registry.betweenPages = async () => {
    if (source.status().names === 1) return // until a page had it
    isHeld = true
    await held
  }
  while (!isHeld) await sleep(2)
  await registry.log()
  await reaches(2)
  await write('b', 3)
  await reaches(3)
  letOn()
  await write('c', 4)
  await reaches(4)
  assert.deepEqual(published, [[1], [3], [4]])
})

test('what waited while the store was away, and nothing that does not say when it was written', async () => {
  const { registry, published, write, reaches, told } = await following()
  registry.away = true
  while (told.length === 0) await sleep(2)
  await write('a', 1)
  await write('b', undefined)
  registry.away = false
  await reaches(2)
  assert.deepEqual(published, [[1]])
})

// ---------------------------------------------------------------------------

/** A source that is complete, and the times that it published from the start on. */
async function following(registry = new Registry(), options: Partial<ChangeLogOptions> = {}) {
  await registry.serve()
  const told: string[] = []
  const published: (readonly number[])[] = []
  const tell = (line: string) => told.push(line)
  const source = changeLog({ ...registry.ports, tell, intervalMs: 5, random: () => 0, ...options })
  const controller = new AbortController()
  stop.push(controller)
  const publish = (_: unknown, writtenAt: readonly number[] = []) => {
    if (writtenAt.length > 0) published.push(writtenAt)
  }
  await source.start(publish, controller.signal)
  return {
    registry,
    source,
    told,
    published,
    async write(label: string, writtenAt: number | undefined) {
      registry.writtenAt = writtenAt
      await registry.writeAndLog(label, [`192.0.2.${writtenAt ?? 0}`])
    },
    async reaches(nth: number) {
      while ((source.status().followed?.position ?? 0) < EMPTY_LOG + nth) await sleep(2)
    },
  }
}
