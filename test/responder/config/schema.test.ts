import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import * as v from 'valibot'
import { jsonSchemaOf, keysAt } from '../../../responder/config/json-schema.ts'
import { schemaFile, schemaText } from '../../../responder/config/schema-file.ts'

test('the schema for editors is that of the source', () => {
  assert.equal(readFileSync(schemaFile, 'utf8'), schemaText(), 'it is stale: npm run schema')
})

describe('JSON Schema of', () => {
  const recursive: v.GenericSchema = v.strictObject({ inner: v.optional(v.lazy(inner)) })
  function inner() {
    return recursive
  }
  for (const [title, schema, expected] of [
    ['a text', v.string(), { type: 'string' }],
    ['bounds', v.pipe(v.string(), v.minLength(2), v.regex(/^a/)), { type: 'string', minLength: 2, pattern: '^a' }],
    [
      'a number',
      v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9)),
      { type: 'integer', minimum: 1, maximum: 9 },
    ],
    ['a boolean', v.boolean(), { type: 'boolean' }],
    ['a value', v.literal(false), { const: false }],
    ['a choice', v.picklist(['a', 'b']), { enum: ['a', 'b'] }],
    ['a list', v.pipe(v.array(v.null()), v.maxLength(3)), { type: 'array', items: { type: 'null' }, maxItems: 3 }],
    ['a pair', v.tuple([v.string()]), { type: 'array', items: [{ type: 'string' }], minItems: 1, maxItems: 1 }],
    ['a table', v.record(v.string(), v.number()), { type: 'object', additionalProperties: { type: 'number' } }],
    ['alternatives', v.union([v.string(), v.number()]), { anyOf: [{ type: 'string' }, { type: 'number' }] }],
    ['what may be null', v.nullable(v.string()), { anyOf: [{ type: 'string' }, { type: 'null' }] }],
    [
      'what only code can check',
      v.pipe(
        v.string(),
        v.check(() => true),
      ),
      { type: 'string' },
    ],
    [
      'what is turned into something else: what was given',
      v.pipe(v.string(), v.description('tells'), v.transform(Number), v.number(), v.minValue(1)),
      { type: 'string', description: 'tells' },
    ],
    [
      'an object',
      v.strictObject({ a: v.string(), b: v.optional(v.number(), 1) }),
      {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'number' } },
        required: ['a'],
        additionalProperties: false,
      },
    ],
    ['an open object', v.object({}), { type: 'object', properties: {} }],
    [
      'what holds itself',
      v.array(v.lazy(inner)),
      {
        type: 'array',
        items: { $ref: '#/definitions/part1' },
        definitions: {
          part1: {
            type: 'object',
            properties: { inner: { $ref: '#/definitions/part1' } },
            additionalProperties: false,
          },
        },
      },
    ],
  ] as const) {
    test(title, () => {
      const { $schema, ...rest } = jsonSchemaOf(schema)
      assert.equal($schema, 'http://json-schema.org/draft-07/schema#')
      assert.deepEqual(rest, expected)
    })
  }

  test('a kind that is not known is an error, not a gap', () => {
    assert.throws(() => jsonSchemaOf(v.array(v.bigint())), /the kind bigint cannot be put into JSON Schema/)
    assert.throws(() => jsonSchemaOf(v.pipe(v.string(), v.regex(/^a/i))), /the flags of \/\^a\/i cannot be put into/)
  })
})

test('the keys at a place, whatever forms it may take', () => {
  const whole: v.GenericSchema = v.strictObject({
    a: v.optional(
      v.union([v.literal(false), v.strictObject({ b: v.record(v.string(), v.strictObject({ c: v.string() })) })]),
    ),
    list: v.array(v.strictObject({ d: v.string() })),
    self: v.optional(v.lazy(() => whole)),
  })
  const schema = jsonSchemaOf(whole)
  for (const [path, keys] of [
    [[], ['a', 'list', 'self']],
    [['a'], ['b']],
    [['a', 'b'], []],
    [['a', 'b', 'any'], ['c']],
    [['list', '0'], ['d']],
    [['self', 'self', 'a'], ['b']],
    [['absent'], []],
  ] as const) {
    assert.deepEqual(keysAt(schema, path), keys, path.join('.'))
  }
})
