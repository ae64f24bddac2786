import assert from 'node:assert/strict'
import { test } from 'node:test'
import { invoke } from '../../local/lambda.ts'
import { telling } from '../../local/telling.ts'

test('failures are told when they begin and when they are over', async () => {
  const log: string[] = []
  const outcomes = ['fine', 'no store', 'no store', 'fine', 'no store']
  const handler = async () => {
    const outcome = outcomes.shift()
    if (outcome !== 'fine') throw new Error(outcome)
    return outcome
  }
  const fn = telling({ name: 'mirror', handler, timeoutMs: 1000 }, (line) => log.push(line))
  const results = []
  while (outcomes.length > 0) results.push(await invoke(fn, {}).catch((error: Error) => error.message))
  assert.deepEqual(results, ['fine', 'no store', 'no store', 'fine', 'no store'])
  assert.deepEqual(log, [
    'mirror failed and is tried again: no store',
    'mirror works again',
    'mirror failed and is tried again: no store',
  ])
})
