import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SQSEvent } from 'aws-lambda'
import { createLeases } from '../../functions/leases/leases.ts'
import { keyOfMessage } from '../../shared/aws/timers.ts'
import { NamingError } from '../../shared/records/faults.ts'
import type { RegistrationKey } from '../../shared/registrations/model.ts'
import type { Registry } from '../../shared/registrations/registry.ts'
import { nameOf } from '../contract/records.ts'

const key = (id: string): RegistrationKey => ({ name: nameOf('h'), id, nonce: `n-${id}` })
const away = new NamingError('unavailable')

function world(replaced: Partial<Registry> = {}) {
  const looked: RegistrationKey[] = []
  const swept: unknown[] = []
  const lines: Record<string, unknown>[] = []
  const measured: [name: string, value: number][] = []
  const leases = createLeases({
    registry: {
      look: async (one) => void looked.push(one),
      async sweep(options) {
        swept.push(options)
        return { registrations: 7, ended: 2 }
      },
      ...replaced,
    },
    keyOfMessage,
    log: { info: () => {}, error: (message, fields) => lines.push({ message, ...fields }) },
    measure: (name, value) => measured.push([name, value]),
  })
  return { leases, looked, swept, lines, measured }
}

function messages(...bodies: readonly string[]): SQSEvent {
  return { Records: bodies.map((body, n) => ({ messageId: `m${n}`, body })) } as SQSEvent
}

describe('messages', () => {
  test('each is a look at its registration', async () => {
    const { leases, looked, measured } = world()
    const event = messages(JSON.stringify(key('a')), JSON.stringify({ ...key('b'), more: 1 }))
    assert.deepEqual(await leases(event), { batchItemFailures: [] })
    assert.deepEqual([looked, measured], [[key('a'), key('b')], []])
  })

  test('those that failed come again, and no others', async () => {
    const { leases, lines, measured } = world({
      look: ({ id }) => (id === 'b' ? Promise.reject(away) : Promise.resolve()),
    })
    const event = messages(...['a', 'b', 'c'].map((id) => JSON.stringify(key(id))))
    assert.deepEqual(await leases(event), { batchItemFailures: [{ itemIdentifier: 'm1' }] })
    assert.deepEqual(lines, [{ message: 'lease not looked at', name: nameOf('h'), id: 'b', error: away }])
    assert.deepEqual(measured, [['Faults', 1]])
  })

  const garbage = [
    '',
    'null',
    '[]',
    '"text"',
    '{"name":"h.example.org."',
    '{"name":"h.example.org.","id":"a"}',
    '{"name":"h.example.org.","id":"","nonce":"n"}',
    '{"name":"H.example.org","id":"a","nonce":"n"}',
    '{"name":"a..b.","id":"a","nonce":"n"}',
    '{"name":1,"id":"a","nonce":"n"}',
    `"${'x'.repeat(1_000)}"`,
  ]
  for (const body of garbage) {
    test(`garbage is told and dropped, the others are looked at: ${body.slice(0, 60)}`, async () => {
      const { leases, looked, lines, measured } = world()
      assert.deepEqual(await leases(messages(body, JSON.stringify(key('a')))), { batchItemFailures: [] })
      assert.deepEqual([looked, measured], [[key('a')], [['MessagesUnreadable', 1]]])
      assert.deepEqual(
        lines.map(({ message, messageId, body }) => [message, messageId, body]),
        [['message dropped', 'm0', body.slice(0, 200)]],
      )
    })
  }
})

describe('a sweep', () => {
  test('tells how many there are; it sets timers only where that is asked for', async () => {
    const { leases, swept, measured } = world()
    assert.equal(await leases({ task: 'sweep' }), undefined)
    await leases({ task: 'sweep', arm: true })
    assert.deepEqual(swept, [{ arm: false }, { arm: true }])
    assert.deepEqual(measured, [
      ['Registrations', 7],
      ['Registrations', 7],
    ])
  })

  test('that fails has failed', async () => {
    const { leases, lines, measured } = world({ sweep: () => Promise.reject(away) })
    await assert.rejects(leases({ task: 'sweep' }), away)
    assert.deepEqual([lines, measured], [[{ message: 'sweep failed', error: away }], [['Faults', 1]]])
  })

  for (const event of [{}, { task: 'drain' }]) {
    test(`is not done for ${JSON.stringify(event)}`, async () => {
      const { leases, swept } = world()
      await assert.rejects(leases(event as never), /neither of a queue nor a sweep/)
      assert.deepEqual(swept, [])
    })
  }
})
