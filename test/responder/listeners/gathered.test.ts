import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Gathered } from '../../../responder/listeners/gathered.ts'
import { randomNumbers } from '../../random.ts'

test('what comes in pieces is there in order, but for what was dropped', () => {
  const random = randomNumbers(1)
  const source = Buffer.from(Array.from({ length: 50_000 }, () => random(256)))
  const gathered = new Gathered()
  let [from, to] = [0, 0]
  while (to < source.length) {
    const size = random(3) === 0 ? random(500) : random(3)
    gathered.add(source.subarray(to, to + size)) // all pieces lie in one buffer, which is not to be written to
    to = Math.min(to + size, source.length)
    if (random(3) === 0) {
      const count = random(to - from + 1)
      gathered.drop(count)
      from += count
    }
    assert.equal(gathered.length, to - from)
    assert.ok(gathered.octets().equals(source.subarray(from, to)))
  }
})

test('many small pieces take up little more than their octets, and keep nothing of what they were cut from', () => {
  const gathered = new Gathered()
  for (let i = 0; i < 10_000; i++) gathered.add(Buffer.alloc(20_000).subarray(i, i + 1))
  assert.ok(gathered.octets().buffer.byteLength < 20_000)
})
