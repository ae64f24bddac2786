import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GetHostedZoneCountCommand } from '@aws-sdk/client-route-53'
import type { FaultCode, Poison } from '../../../local/route53/route53.ts'
import { bench } from './emulator.ts'

const { zone, change, refusal, sets, emulator, client } = await bench()
const id = await zone('example.org')
const count = () => client.send(new GetHostedZoneCountCommand())

describe('errors', () => {
  const rows: [code: FaultCode, status: number, message: RegExp][] = [
    ['Throttling', 400, /^Rate exceeded$/],
    ['PriorRequestNotComplete', 400, /still processing a prior request/],
    ['ServiceUnavailable', 503, /temporary failure/],
    ['InternalFailure', 500, /unknown error/],
    [
      'AccessDenied',
      403,
      /^User: arn:aws:iam::\d{12}:user\/local is not authorized to perform: route53:ChangeResourceRecordSets on resource: arn:aws:route53:::hostedzone\/Z/,
    ],
    ['NoSuchHostedZone', 404, /^No hosted zone found with ID: Z/],
  ]
  for (const [code, status, message] of rows) {
    test(code, async () => {
      const before = emulator.counts.injected
      emulator.inject({
        times: 1,
        when: ({ operation }) => operation === 'ChangeResourceRecordSets',
        effect: { kind: 'error', code },
      })
      await count()
      await assert.rejects(
        change(id, 'CREATE a.example.org A 60 192.0.2.1'),
        (error: Error & { $metadata: { httpStatusCode: number } }) => {
          assert.deepEqual([error.name, error.$metadata.httpStatusCode], [code, status])
          assert.match(error.message, message)
          return true
        },
      )
      assert.deepEqual(await sets(id), [])
      await count()
      assert.equal(emulator.counts.injected, before + 1)
    })
  }

  test('are no violations of the client', () => assert.deepEqual(emulator.counts.violations, {}))
})

test('a fault stays until it is taken away, and the oldest comes first', async () => {
  const first = emulator.inject({ effect: { kind: 'error', code: 'InternalFailure' } })
  const second = emulator.inject({ effect: { kind: 'error', code: 'Throttling' } })
  for (const _ of [1, 2]) await assert.rejects(count(), { name: 'InternalFailure' })
  first()
  await assert.rejects(count(), { name: 'Throttling' })
  second()
  await count()
})

test('a fault may look at the hosted zone and at the changes', async () => {
  const other = await zone('example.net')
  const remove = emulator.inject({
    when: ({ hostedZoneId, changes }) =>
      hostedZoneId === id && changes.some(({ set }) => set.name === '\\052.example.org.'),
    effect: { kind: 'error', code: 'Throttling' },
  })
  assert.match(await refusal(id, 'CREATE *.example.org A 60 192.0.2.1'), /^Throttling/)
  await change(id, 'CREATE b.example.org A 60 192.0.2.1')
  await change(other, 'CREATE *.example.net A 60 192.0.2.1')
  assert.match(await refusal(id, [{} as never]), /^InvalidInput/, 'what cannot be read has no changes')
  remove()
  await change(id, 'DELETE b.example.org A 60 192.0.2.1')
})

describe('a broken connection', () => {
  test('before anything is done', async () => {
    emulator.inject({ times: 1, effect: { kind: 'dropBefore' } })
    assert.match(await refusal(id, 'CREATE d.example.org A 60 192.0.2.1'), /^(Error|TimeoutError) /)
    assert.deepEqual(await sets(id), [])
  })

  test('after all is done', async () => {
    const { accepted } = emulator.counts
    emulator.inject({ times: 1, effect: { kind: 'dropAfter' } })
    assert.match(await refusal(id, 'CREATE d.example.org A 60 192.0.2.1'), /^(Error|TimeoutError) /)
    assert.deepEqual(await sets(id), ['d.example.org. A 60 192.0.2.1'])
    assert.equal(emulator.counts.accepted, accepted + 1)
    await change(id, 'DELETE d.example.org A 60 192.0.2.1')
  })

  test('is not made of what is refused', async () => {
    const remove = emulator.inject({ effect: { kind: 'dropAfter' } })
    assert.match(await refusal(id, 'DELETE d.example.org A 60 192.0.2.1'), /^InvalidChangeBatch/)
    remove()
  })
})

test('while a request hangs the hosted zone is busy, and other requests are answered', async () => {
  emulator.inject({ times: 1, when: ({ hostedZoneId }) => hostedZoneId === id, effect: { kind: 'hang', ms: 100 } })
  const hanging = change(id, 'CREATE h.example.org A 60 192.0.2.1')
  while (!emulator.counts.injected || emulator.counts.requests.ChangeResourceRecordSets === undefined) await count()
  const deadline = Date.now() + 5000
  let told = ''
  while (!told.startsWith('PriorRequest') && Date.now() < deadline) {
    told = await refusal(id, 'DELETE none.example.org A 60 192.0.2.1')
  }
  assert.match(told, /^PriorRequestNotComplete/)
  await hanging
  await change(id, 'DELETE h.example.org A 60 192.0.2.1')
})

test('what hangs at the end is dropped and not done', async () => {
  const other = await bench()
  const own = await other.zone('example.org')
  other.emulator.inject({ effect: { kind: 'hang', ms: 60_000 } })
  const hanging = other.refusal(own, 'CREATE h.example.org A 60 192.0.2.1')
  while (other.emulator.counts.injected === 0) await new Promise((later) => setTimeout(later, 5))
  await other.emulator.stop()
  assert.match(await hanging, /^(Error|TimeoutError) /)
  assert.equal(other.emulator.sets(own).length, 2)
})

describe('poison', () => {
  const batch = `
    CREATE a.example.org A 60 192.0.2.1
    CREATE b.example.org TXT 60 "bad"
    CREATE c.example.org TXT 60 "bad"`
  const bad: Poison['offender'] = ({ set }) => set.values.includes('"bad"')
  const b = "no [name='b.example.org.', type='TXT']"
  const c = "no [name='c.example.org.', type='TXT']"
  const rows: [title: string, poison: Partial<Poison>, message: string][] = [
    ['by name and type, named', { offender: { name: 'B.example.org', type: 'TXT' }, named: true }, `[${b}]`],
    ['by name and type, not named', { offender: { name: 'b.example.org', type: 'TXT' }, named: false }, '[no]'],
    ['by predicate, all named', { offender: bad, named: true }, `[${b}, ${c}]`],
    ['by predicate, the first named', { offender: bad, named: true, firstOnly: true }, `[${b}]`],
    ['by predicate, not named', { offender: bad, named: false }, '[no]'],
  ]
  for (const [title, poison, message] of rows) {
    test(title, async () => {
      const remove = emulator.inject({
        effect: { kind: 'poison', message: 'no', offender: bad, named: true, ...poison },
      })
      assert.equal(await refusal(id, batch), `InvalidChangeBatch ${message}`)
      await change(id, 'CREATE a.example.org A 60 192.0.2.1')
      remove()
      await change(id, 'DELETE a.example.org A 60 192.0.2.1')
    })
  }
})
