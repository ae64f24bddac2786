import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseName } from '../../shared/dns/name.ts'
import { NameIndex } from '../../shared/dns/name-index.ts'

test('300,000 names, of which some have the same hash, are numbered as they come and found again', () => {
  const origin = parseName('example.org')
  const names = Array.from({ length: 300_000 }, (_, i) => parseName(`host${i}`, origin))
  const index = new NameIndex()
  assert.ok(names.every((name, i) => index.numberOf(name) === i))
  assert.ok(names.every((name, i) => index.numberOf(name) === i))
  assert.ok(names.every((name, i) => index.name(i) === name))
  assert.equal(index.count, names.length)
})
