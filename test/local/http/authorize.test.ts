import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { authorize } from '../../../local/http/authorize.ts'
import { gatewayEvent } from '../../../local/http/event.ts'

function event(...rawHeaders: string[]): APIGatewayProxyEventV2 {
  const body = Buffer.from('secret body')
  const sent = { method: 'PUT', target: '/dynapi?x=1', rawHeaders, body, httpVersion: '1.1', sourceIp: '127.0.0.1' }
  return gatewayEvent({ ...sent, at: 0 })
}

/** Asks an authorizer that answers so; gives the outcome and what the authorizer was told. */
async function asked(answer: unknown, ...rawHeaders: string[]) {
  const told: Record<string, unknown>[] = []
  const handler = async (given: Record<string, unknown>) => {
    told.push(given)
    return answer
  }
  return { outcome: await authorize({ name: 'authorizer', handler, timeoutMs: 1000 }, event(...rawHeaders)), told }
}

const refusal = async (answer: unknown, ...rawHeaders: string[]) => {
  const { outcome } = await asked(answer, ...rawHeaders)
  return 'refused' in outcome ? [outcome.refused.status, String(outcome.refused.body)] : outcome
}

test('who is let in is told to the function, and the authorizer hears of the request but not its body', async () => {
  const answer = { isAuthorized: true, context: { principal: 'token:1' } }
  const { outcome, told } = await asked(answer, 'Authorization', 'Bearer x')
  assert.deepEqual(outcome, { authorizer: { lambda: { principal: 'token:1' } } })
  const [{ version, type, identitySource, rawPath } = {}] = told
  assert.deepEqual([version, type, identitySource, rawPath], ['2.0', 'REQUEST', ['Bearer x'], '/dynapi'])
  assert.ok(!JSON.stringify(told).includes('body'))
})

test('without the header the authorizer is not asked', async () => {
  const { told } = await asked({ isAuthorized: true })
  assert.deepEqual(told, [])
  for (const headers of [[], ['Authorization', '']]) {
    assert.deepEqual(await refusal({ isAuthorized: true }, ...headers), [401, '{"message":"Unauthorized"}'])
  }
})

test('two headers are one, joined, as at API Gateway', async () => {
  const { told } = await asked({ isAuthorized: false }, 'Authorization', 'Bearer x', 'authorization', 'Bearer y')
  assert.deepEqual(told[0]?.identitySource, ['Bearer x,Bearer y'])
})

describe('whatever is no true is a 403', () => {
  for (const isAuthorized of [false, 'true', 1, undefined]) {
    test(String(isAuthorized), async () => {
      const answer = { isAuthorized, context: { principal: 'token:1' } }
      assert.deepEqual(await refusal(answer, 'Authorization', 'Bearer x'), [403, '{"message":"Forbidden"}'])
    })
  }
})
