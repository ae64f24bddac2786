import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { inTurns } from '../../responder/workers/in-turns.ts'

test('messages are taken in their order, and others have a turn after each that costs something', async () => {
  const taken: string[] = []
  const hear = inTurns(
    (message: string) => taken.push(message),
    (message) => message.startsWith('!'),
  )
  hear('a')
  hear('b')
  assert.deepEqual(taken, ['a', 'b'], 'at once, where nothing costs')
  for (const message of ['!1', '!2', 'c', '!3', 'd']) hear(message)
  assert.deepEqual(taken.splice(0), ['a', 'b', '!1'])
  for (const expected of [['!2'], ['c', '!3'], ['d'], []]) {
    await setImmediate()
    assert.deepEqual(taken.splice(0), expected)
  }
  hear('e')
  assert.deepEqual(taken, ['e'])
})
