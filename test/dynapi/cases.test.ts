import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Case, cases } from './cases.ts'
import { assertResponse, OK } from './expect.ts'
import { naming } from './naming.ts'

describe('every case of the contract, through the whole handler', () => {
  for (const [index, one] of cases.entries()) test(`${index}. ${one.title}`, () => run(one))
})

test('no two cases share an owner', () => {
  assert.equal(new Set(cases.map(({ owner }) => owner)).size, cases.length)
})

async function run({ owner, before, earlier, request, response, after }: Case): Promise<void> {
  const { hold, send, held } = naming()
  await hold(owner, before)
  for (const sent of earlier) assertResponse(await send(sent), OK)
  assertResponse(await send(request), response)
  assert.deepEqual(await held(), Object.keys(after).length > 0 ? { [owner]: after } : {})
}
