import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeBody } from '../../functions/dynapi/body.ts'

const EMPTY = { zone: '', name: '', type: '', address: '', TTL: 0 }

describe('members', () => {
  const bodies: readonly (readonly [body: string, members: object])[] = [
    ['{}', {}],
    [
      '{"zone":"z","name":"n","type":"t","address":"a","TTL":1}',
      { zone: 'z', name: 'n', type: 't', address: 'a', TTL: 1 },
    ],
    [
      '{"ZONE":"z","nAME":"n","Type":"t","ADDRESS":"a","ttl":1}',
      { zone: 'z', name: 'n', type: 't', address: 'a', TTL: 1 },
    ],
    ['{"addre\u017f\u017f":"a"}', { address: 'a' }], // U+017F folds to s
    ['{"addre\u00df":"a"}', {}], // which does not fold to ss
    ['{"\\u0054TL":1}', { TTL: 1 }],
    ['{"zones":"z","zon":"z"," zone":"z","":"z"}', {}],
    ['{"zone":"a","zone":"b"}', { zone: 'b' }],
    ['{"zone":"a","Zone":"b","zone":"c"}', { zone: 'c' }],
    ['{"TTL":5,"ttl":6,"TTL":7}', { TTL: 7 }],
    ['{"TTL":5,"ttl":null}', { TTL: 5 }],
    ['{"zone":null,"TTL":null}', {}],
    ['{"TTL":0}', {}],
    ['{"TTL":4294967295}', { TTL: 4294967295 }],
    ['{"x":{"zone":"z"},"y":[{"TTL":1}],"z":-1.5e3}', {}],
    ['{"__proto__":{"zone":"z"},"constructor":"c","toString":1}', {}],
  ]
  for (const [body, members] of bodies) {
    test(body, () => assert.deepEqual(decodeBody(Buffer.from(body)), { ...EMPTY, ...members }))
  }
})

describe('values of the wrong kind, the first one named', () => {
  const bodies: readonly (readonly [body: string, text: string])[] = [
    ['null', 'null into Go value of type dynapi.Request'],
    ['[{}]', 'array into Go value of type dynapi.Request'],
    ['"{}"', 'string into Go value of type dynapi.Request'],
    ['-0.5', 'number into Go value of type dynapi.Request'],
    ['false', 'bool into Go value of type dynapi.Request'],
    ['{"Zone":1}', 'number into Go struct field Request.zone of type string'],
    ['{"name":{}}', 'object into Go struct field Request.name of type string'],
    ['{"type":[]}', 'array into Go struct field Request.type of type string'],
    ['{"address":false}', 'bool into Go struct field Request.address of type string'],
    ['{"ttl":"60"}', 'string into Go struct field Request.TTL of type uint32'],
    ['{"TTL":{}}', 'object into Go struct field Request.TTL of type uint32'],
    ['{"TTL":-0}', 'number -0 into Go struct field Request.TTL of type uint32'],
    ['{"TTL":60.0}', 'number 60.0 into Go struct field Request.TTL of type uint32'],
    ['{"TTL":99999999999999999999}', 'number 99999999999999999999 into Go struct field Request.TTL of type uint32'],
    ['{"TTL":1e999}', 'number 1e999 into Go struct field Request.TTL of type uint32'],
    ['{"TTL":"x","zone":1,"TTL":5}', 'string into Go struct field Request.TTL of type uint32'],
  ]
  for (const [body, text] of bodies) {
    const message = `json: cannot unmarshal ${text}`
    test(body, () => assert.throws(() => decodeBody(Buffer.from(body)), { code: 'invalid_json', message }))
  }
})

test('the whole text is checked before any value', () => {
  const message = "invalid character 'x' after top-level value"
  assert.throws(() => decodeBody(Buffer.from('{"zone":1}x')), { code: 'invalid_json', message })
})
