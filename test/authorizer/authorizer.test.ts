import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createAuthorizer } from '../../functions/authorizer/authorizer.ts'
import { memoryAccessStore } from '../../shared/access/memory.ts'
import { newToken, parseToken, revoke, rotate } from '../../shared/access/tokens.ts'
import { NamingError } from '../../shared/records/faults.ts'

const HOUR = 3_600_000
const T0 = 1_700_000_000_000
const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`

/** The authorizer over a store in memory with one token, a clock of its own, and its log lines. */
async function world() {
  const store = memoryAccessStore()
  const clock = { now: T0 }
  const lines: object[] = []
  const reads: string[] = []
  const log = {
    info: (message: string, fields: object) => lines.push({ message, ...fields }),
    error: (message: string, fields: object) => lines.push({ message, ...fields }),
  }
  const token = (id: string) => {
    reads.push(id)
    return store.token(id)
  }
  const measured: string[] = []
  const measure = (name: string) => void measured.push(name)
  const authorizer = createAuthorizer({ store: { token }, now: () => clock.now, log, measure })
  const issued = newToken('ci', HOUR, T0, randomBytes)
  await store.writeToken(issued.token, 0)
  const ask = (...identitySource: string[]) =>
    authorizer({ identitySource, requestContext: { requestId: 'request-1' } })
  return { ...issued, store, clock, lines, reads, measured, authorizer, ask }
}

const NO = { isAuthorized: false }

describe('let in', () => {
  const headers: readonly [title: string, header: (token: string) => string][] = [
    ['Bearer', (token) => `Bearer ${token}`],
    ['a scheme in any letter case (RFC 9110 11.1)', (token) => `bEARER ${token}`],
    ['several spaces', (token) => `Bearer   ${token}`],
    ['Basic', (token) => basic(`any:${token}`)],
    ['Basic without user name, as of https://:TOKEN@host', (token) => basic(`:${token}`)],
    ['basic in lower case', (token) => basic(`any:${token}`).replace('Basic', 'basic')],
    ['Basic without padding', (token) => basic(`any:${token}`).replace(/=+$/, '')],
    ['a user name of any octets', (token) => basic(`\u00e4 \n:${token}`)],
    ['a long user name', (token) => basic(`${'u'.repeat(600)}:${token}`)],
  ]
  for (const [title, header] of headers) {
    test(title, async () => {
      const { ask, text, token, reads, lines, measured } = await world()
      assert.deepEqual(await ask(header(text)), { isAuthorized: true, context: { principal: `token:${token.id}` } })
      assert.deepEqual([reads, lines, measured], [[token.id], [], ['TokensAccepted']])
    })
  }
})

describe('not let in, and the store is not asked', () => {
  const headers: readonly [title: string, header: (token: string) => string][] = [
    ['nothing', () => ''],
    ['a scheme alone', () => 'Bearer'],
    ['a scheme and a space', () => 'Bearer '],
    ['the token alone', (token) => token],
    ['no space', (token) => `Bearer${token}`],
    ['a tab', (token) => `Bearer\t${token}`],
    ['another scheme', (token) => `Token ${token}`],
    ['SigV4', () => 'AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/execute-api/aws4_request, Signature=0'],
    ['something before', (token) => ` Bearer ${token}`],
    ['something after', (token) => `Bearer ${token} `],
    ['a line feed after', (token) => `Bearer ${token}\n`],
    ['two headers that API Gateway has joined', (token) => `Bearer ${token},Bearer ${token}`],
    ['a token cut off', (token) => `Bearer ${token.slice(0, -1)}`],
    ['a token and more', (token) => `Bearer ${token}x`],
    ['a token in capitals', (token) => `Bearer ${token.toUpperCase()}`],
    ['the base64 of a Bearer', (token) => `Bearer ${Buffer.from(token).toString('base64')}`],
    ['Basic that is no base64', (token) => `Basic any:${token}`],
    [
      'Basic in base64url',
      (token) =>
        `Basic ${Buffer.from(`\u00ff\u00ff?:${token}`).toString('base64').replace(/\//g, '_').replace(/\+/g, '-')}_`,
    ],
    ['Basic with padding inside', (token) => basic(`any:${token}`).replace('Basic ', 'Basic =')],
    ['Basic without colon', (token) => basic(token)],
    ['Basic with the token as user name', (token) => basic(`${token}:`)],
    ['Basic with a colon in front of the password', (token) => basic(`any::${token}`)],
    ['Basic with a line feed after', (token) => basic(`any:${token}\n`)],
    ['Basic of nothing', () => 'Basic '],
    ['a very long header', (token) => basic(`${'u'.repeat(2_000)}:${token}`)],
    ['an endless one', () => `Bearer ${'x'.repeat(100_000)}`],
  ]
  for (const [title, header] of headers) {
    test(title, async () => {
      const { ask, text, reads, lines, measured } = await world()
      assert.deepEqual(await ask(header(text)), NO)
      assert.deepEqual([reads, lines], [[], [{ message: 'refused', reason: 'no token', requestId: 'request-1' }]])
      assert.deepEqual(measured, ['TokensRefused'])
    })
  }

  test('no identity source at all, or several', async () => {
    const { ask, authorizer, text } = await world()
    for (const identitySource of [undefined, null, []]) {
      const event = { requestContext: { requestId: 'r' }, ...(identitySource !== undefined && { identitySource }) }
      assert.deepEqual(await authorizer(event), NO)
    }
    assert.deepEqual(await ask(`Bearer ${text}`, `Bearer ${text}`), NO)
  })

  test('whatever else it may be', async () => {
    const { ask, reads } = await world()
    const password = fc.string({ unit: 'binary' }).map((text) => basic(`any:${text}`))
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `Bearer ${text}`),
          password,
        ),
        async (header) => {
          assert.deepEqual(await ask(header), NO)
        },
      ),
    )
    assert.deepEqual(reads, [])
  })
})

describe('tokens that are not valid', () => {
  const bearer = (text: string) => `Bearer ${text}`

  test('another secret, and another id', async () => {
    const { ask, text, token, lines, reads, measured } = await world()
    const other = newToken('x', HOUR, T0, randomBytes)
    const forged = `ns_${token.id}_${parseToken(other.text)?.secret}`
    for (const shown of [forged, other.text]) assert.deepEqual(await ask(bearer(shown)), NO)
    assert.deepEqual(reads, [token.id, other.token.id])
    assert.deepEqual(measured, ['TokensRefused', 'TokensRefused'])
    const told = JSON.stringify(lines)
    assert.match(told, /"reason":"not valid","token":"[0-9a-f]{16}","requestId":"request-1"/)
    for (const shown of [text, other.text]) assert.ok(!told.includes(parseToken(shown)?.secret ?? ''))
  })

  test('expired', async () => {
    const { ask, text, clock } = await world()
    clock.now = T0 + HOUR - 1
    assert.equal((await ask(bearer(text))).isAuthorized, true)
    clock.now = T0 + HOUR
    assert.deepEqual(await ask(bearer(text)), NO)
  })

  test('revoked, with the next request', async () => {
    const { ask, text, token, store, clock } = await world()
    assert.equal((await ask(bearer(text))).isAuthorized, true)
    await store.writeToken(revoke(token, clock.now), token.version)
    assert.deepEqual(await ask(bearer(text)), NO)
  })

  test('rotated: the old secret for the grace time, the new one at once', async () => {
    const { ask, text, token, store, clock } = await world()
    const next = rotate(token, HOUR, HOUR / 4, clock.now, randomBytes)
    await store.writeToken(next.token, token.version)
    for (const shown of [text, next.text]) assert.equal((await ask(bearer(shown))).isAuthorized, true)
    clock.now += HOUR / 4
    assert.deepEqual(await ask(bearer(text)), NO)
    assert.equal((await ask(bearer(next.text))).isAuthorized, true)
  })
})

test('where the store does not answer nobody is let in, and no token was refused', async () => {
  const { text } = await world()
  const token = async () => {
    throw new NamingError('unavailable')
  }
  const log = { info: assert.fail, error: assert.fail }
  const authorizer = createAuthorizer({ store: { token }, now: () => T0, log, measure: assert.fail })
  const asked = authorizer({ identitySource: [`Bearer ${text}`], requestContext: { requestId: 'r' } })
  await assert.rejects(asked, { code: 'unavailable' })
})
