import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { repeatedMember } from '../../shared/http/repeated-member.ts'

describe('a member that is there twice', () => {
  const cases: readonly (readonly [json: string, repeated: string | undefined])[] = [
    ['{}', undefined],
    ['"a"', undefined],
    ['{"a":1,"b":1}', undefined],
    ['{"a":1,"a":1}', 'a'],
    ['{"a" : 1 , "\\u0061" : 1}', 'a'],
    ['{"a":{"a":{"a":1}}}', undefined],
    ['[{"a":1},{"a":1}]', undefined],
    ['{"x":[{"b":1,"c":2,"b":3}]}', 'b'],
    ['{"a":"b","b":"a"}', undefined],
    ['{"a":"\\",\\"a\\":1","b":1}', undefined],
    ['{"a\\\\":1,"a":1}', undefined],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ]
  for (const [json, repeated] of cases) test(json, () => assert.equal(repeatedMember(json), repeated))

  test('is in nothing that JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.json(), (json) => assert.equal(repeatedMember(JSON.stringify(JSON.parse(json))), undefined)),
    )
  })

  test('is found however it is spelled', () => {
    fc.assert(
      fc.property(fc.string(), fc.json(), (member, value) => {
        const key = JSON.stringify(member)
        assert.equal(repeatedMember(`[0,{"other${key.slice(1)}:0,${key}:${value},${key}:0}]`) !== undefined, true)
      }),
    )
  })
})
