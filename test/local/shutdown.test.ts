import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Shutdown } from '../../local/shutdown.ts'

test('parts end in reverse order, one that fails to end holds up none', async () => {
  const shutdown = new Shutdown()
  const ended: string[] = []
  await shutdown.part(
    async () => 'first',
    async (name) => void ended.push(name),
  )
  await shutdown.part(
    async () => 'second',
    async (name) => {
      ended.push(name)
      throw new Error('cannot end')
    },
  )
  await shutdown.part(
    async () => 'third',
    () => new Promise(() => {}),
    1,
  )
  await Promise.all([shutdown.endAll(), shutdown.endAll()])
  assert.deepEqual(ended, ['second', 'first'])
})

test('a part that starts when the end comes is ended, and what waits for it does not go on', async () => {
  const shutdown = new Shutdown()
  const { promise: starting, resolve: start } = Promise.withResolvers<string>()
  const happened: string[] = []
  void shutdown
    .part(
      () => starting,
      async (name) => void happened.push(`${name} ended`),
    )
    .then(() => happened.push('went on'))
  const ending = shutdown.endAll()
  start('part')
  await ending
  void shutdown.part(
    async () => void happened.push('started later'),
    async () => {},
  )
  await new Promise(setImmediate)
  assert.deepEqual(happened, ['part ended'])
})

test('a part that does not start is not ended', async () => {
  const shutdown = new Shutdown()
  await assert.rejects(
    shutdown.part(
      () => Promise.reject(new Error('taken')),
      () => assert.fail('ended'),
    ),
    /taken/,
  )
  await shutdown.endAll()
})
