import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { isValid, newToken, parseToken, revoke, rotate } from '../../shared/access/tokens.ts'

const DAY = 86_400_000
const T0 = 1_700_000_000_000
const secretOf = (text: string) => parseToken(text)?.secret ?? ''

test('a token is 256 random bits beyond its id, and what is kept of it does not tell them', () => {
  const asked: number[] = []
  const { token, text } = newToken('ci', DAY, T0, (octets) => {
    asked.push(octets)
    return randomBytes(octets)
  })
  assert.deepEqual(asked, [8, 32])
  assert.match(text, /^ns_[0-9a-f]{16}_[\w-]{43}$/)
  assert.deepEqual([token.label, token.created, token.version, token.secrets.length], ['ci', T0, 1, 1])
  const kept = JSON.stringify(token)
  assert.ok(!kept.includes(secretOf(text)) && kept.includes(token.id))
  assert.equal(parseToken(text)?.id, token.id)
  assert.notEqual(newToken('ci', DAY, T0, randomBytes).text, text)
})

describe('the life of a token', () => {
  const first = newToken('ci', 10 * DAY, T0, randomBytes)
  const at = (day: number) => T0 + day * DAY
  const two = rotate(first.token, 10 * DAY, DAY, at(5), randomBytes)
  const three = rotate(two.token, 10 * DAY, DAY, at(5.5), randomBytes)
  const one = first.text

  test('valid until its time is over, and with its own secret only', () => {
    const { token } = first
    assert.equal(isValid(token, secretOf(one), at(0)), true)
    assert.equal(isValid(token, secretOf(one), at(10) - 1), true)
    assert.equal(isValid(token, secretOf(one), at(10)), false)
    assert.equal(isValid(token, secretOf(newToken('ci', DAY, T0, randomBytes).text), at(0)), false)
    assert.equal(isValid(undefined, secretOf(one), at(0)), false)
    assert.equal(isValid(token, '', at(0)), false)
  })

  test('what stands in for a secret that is not there is none', () => {
    assert.equal(isValid({ ...first.token, secrets: [] }, '', -1), false)
  })

  test('after a rotation both secrets are valid, the old one for the grace time', () => {
    for (const [day, old, fresh] of [
      [5, true, true],
      [5.9, true, true],
      [6, false, true],
      [14.9, false, true],
      [15, false, false],
    ] as const) {
      const found = [one, two.text].map((text) => isValid(two.token, secretOf(text), at(day)))
      assert.deepEqual(found, [old, fresh], `day ${day}`)
    }
    assert.deepEqual([two.token.id, two.token.version, two.token.created], [first.token.id, 2, T0])
  })

  test('a second rotation ends the oldest secret at once', () => {
    assert.equal(three.token.secrets.length, 2)
    const found = [one, two.text, three.text].map((text) => isValid(three.token, secretOf(text), at(5.5)))
    assert.deepEqual(found, [false, true, true])
  })

  test('a rotation does not lengthen the life of the old secret; a grace of 0 ends it', () => {
    const late = rotate(first.token, DAY, DAY, at(9.5), randomBytes)
    assert.equal(isValid(late.token, secretOf(one), at(10)), false)
    const hard = rotate(first.token, DAY, 0, at(1), randomBytes)
    assert.equal(isValid(hard.token, secretOf(one), at(1)), false)
    assert.equal(hard.token.secrets.length, 1)
    const revived = rotate(first.token, DAY, DAY, at(20), randomBytes)
    assert.deepEqual([revived.token.secrets.length, isValid(revived.token, secretOf(revived.text), at(20))], [1, true])
  })

  test('revoked, none of its secrets is valid', () => {
    const revoked = revoke(two.token, at(5))
    assert.deepEqual([revoked.secrets, revoked.revoked, revoked.version], [[], at(5), 3])
    assert.equal(isValid({ ...revoked, secrets: two.token.secrets }, secretOf(two.text), at(5)), false)
  })
})

describe('texts that are no token', () => {
  const { text } = newToken('ci', DAY, T0, randomBytes)
  const texts = [
    '',
    'ns_',
    text.slice(0, -1),
    `${text}A`,
    ` ${text}`,
    `${text}\n`,
    text.toUpperCase(),
    `NS${text.slice(2)}`,
  ]
  for (const other of [
    ...texts,
    text.replace('ns_', 'nx_'),
    text.replace(/_/g, '-'),
    `${text.slice(0, -1)}B`,
    `${text}=`,
  ]) {
    test(JSON.stringify(other.slice(0, 30)), () => assert.equal(parseToken(other), undefined))
  }
})
