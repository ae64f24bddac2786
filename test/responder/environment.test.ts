/** What is read beside the endpoints and numbers, which test/responder/image covers. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readEnvironment } from '../../responder/environment.ts'

const [ONE, TWO] = ['e5e973e5a6b2a43f48e7dc849e37bfcf', '00112233445566778899AABBCCDDEEFF']

describe('COOKIE_SECRETS', () => {
  for (const [text, links] of [
    [undefined, {}],
    ['', {}],
    [ONE, { cookies: { secrets: [ONE] } }],
    [`${ONE},${TWO}`, { cookies: { secrets: [ONE, TWO] } }],
  ] as const) {
    test(String(text), () => assert.deepEqual(read(text).links, links))
  }

  for (const text of ['x', `${ONE},`, `${ONE} ${TWO}`, `${ONE},${TWO},${ONE}`, `${ONE}0`]) {
    test(`${text} is refused, and not told`, () => {
      assert.throws(
        () => read(text),
        ({ message }: Error) =>
          /^COOKIE_SECRETS: (a secret must be 32 hexadecimal digits|there may be two secrets, no more)$/.test(message),
      )
    })
  }
})

// ---------------------------------------------------------------------------

function read(text: string | undefined) {
  return readEnvironment({ AWS_REGION: 'us-east-1', ...(text !== undefined && { COOKIE_SECRETS: text }) })
}
