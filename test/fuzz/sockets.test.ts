/** A responder of its own process outlives hostile clients, and answers others right meanwhile. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attackSockets } from './sockets/run.ts'

const ROUNDS = 3

test(`${ROUNDS} rounds of attacks on its sockets`, async (t) => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  t.diagnostic(`seed ${seed}`)
  const { rss } = await attackSockets(seed, (round) => round < ROUNDS)
  assert.equal(rss.length, ROUNDS)
  const more = (rss.at(-1) ?? 0) - (rss[0] ?? 0)
  assert.ok(more < 40, `resident after each round, in MB: ${rss.map(Math.round).join(' ')}`)
})
