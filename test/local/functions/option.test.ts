import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFunctions } from '../../../local/functions/option.ts'

test('names and files', () => {
  assert.deepEqual(parseFunctions(['pay=./examples/pay.ts', 'a_1=/f.mjs,B-2=g=h.js'], '/home'), [
    { name: 'pay', file: '/home/examples/pay.ts' },
    { name: 'a_1', file: '/f.mjs' },
    { name: 'B-2', file: '/home/g=h.js' },
  ])
})

for (const [given, message] of [
  [['pay'], /^Error: "pay" is not NAME=FILE, as in pay=examples\/pay\.ts$/],
  [['=f.ts'], /is not NAME=FILE/],
  [['pay='], /is not NAME=FILE/],
  [['a.b=f.ts'], /is not NAME=FILE/],
  [[`${'x'.repeat(65)}=f.ts`], /is not NAME=FILE/],
  [['pay=f.ts,pay=g.ts'], /^Error: pay is there twice$/],
  [['mirror=f.ts'], /^Error: mirror is a function of Namestream itself/],
] as const) {
  test(`not ${given.join()}`, () => assert.throws(() => parseFunctions(given), message))
}
