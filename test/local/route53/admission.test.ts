import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GetChangeCommand, GetHostedZoneCountCommand } from '@aws-sdk/client-route-53'
import { bench, times } from './emulator.ts'

test('five requests a second, five at once', async () => {
  const { client, clock, emulator } = await bench({ requestsPerSecond: 5 })
  const ask = () =>
    client.send(new GetHostedZoneCountCommand()).then(
      () => 'ok',
      (error) => `${error.name} ${error.message}`,
    )
  const burst = async (count: number) => (await Promise.all(times(count, ask))).filter((told) => told === 'ok').length
  assert.equal(await burst(5), 5)
  assert.equal(await ask(), 'Throttling Rate exceeded')
  const rows: [waited: number, asked: number, served: number][] = [
    [199, 2, 0],
    [1, 2, 1],
    [200, 1, 1],
    [400, 3, 2],
    [60_000, 9, 5],
  ]
  for (const [waited, asked, served] of rows) {
    clock.now += waited
    assert.equal(await burst(asked), served, `after ${waited} ms`)
  }
  assert.equal(emulator.counts.throttled, 1 + 2 + 1 + 1 + 4)
  assert.deepEqual(emulator.counts.violations, { rate: 9 })
  clock.now -= 1000
  assert.equal(await burst(1), 0, 'a clock that goes back gives nothing')
})

test('a steady pace at the very rate is never throttled', async () => {
  const { client, clock, emulator } = await bench({ requestsPerSecond: 3 })
  for (const _ of times(3, () => 0)) await client.send(new GetHostedZoneCountCommand())
  for (const _ of times(30, () => 0)) {
    clock.now += 1000 / 3
    await client.send(new GetHostedZoneCountCommand())
  }
  assert.equal(emulator.counts.throttled, 0)
})

test('a hosted zone does one change at a time', async () => {
  const { zone, change, refusal, clock, emulator, client } = await bench({ busyMs: 150 })
  const [one, two] = [await zone('example.org'), await zone('example.net')]
  await change(one, 'CREATE a.example.org A 60 192.0.2.1')
  await change(two, 'CREATE a.example.net A 60 192.0.2.1')
  clock.now += 149
  assert.equal(
    await refusal(one, 'CREATE b.example.org A 60 192.0.2.1'),
    'PriorRequestNotComplete The request was rejected because Route 53 was still processing a prior request.',
  )
  await client.send(new GetHostedZoneCountCommand())
  clock.now += 1
  await change(one, 'CREATE b.example.org A 60 192.0.2.1')
  clock.now += 150
  assert.match(await refusal(one, 'CREATE b.example.org A 60 192.0.2.1'), /^InvalidChangeBatch/)
  await change(one, 'CREATE c.example.org A 60 192.0.2.1')
  assert.deepEqual([emulator.counts.priorRequests, emulator.counts.accepted], [1, 4])
  assert.deepEqual(emulator.counts.refused, { PriorRequestNotComplete: 1, InvalidChangeBatch: 1 })
  assert.deepEqual(emulator.counts.violations, { priorRequest: 1 })
})

describe('a change', async () => {
  const { zone, change, client, clock } = await bench({ insyncMs: 500 })
  const id = await zone('example.org')
  const status = async (Id: string) => (await client.send(new GetChangeCommand({ Id }))).ChangeInfo

  test('is PENDING, then INSYNC', async () => {
    const made = await change(id, 'CREATE a.example.org A 60 192.0.2.1')
    const submitted = new Date(clock.now)
    assert.deepEqual(await status(made), { Id: `/change/${made}`, Status: 'PENDING', SubmittedAt: submitted })
    clock.now += 499
    assert.equal((await status(made))?.Status, 'PENDING')
    clock.now += 1
    assert.equal((await status(`/change/${made}`))?.Status, 'INSYNC')
  })

  test('that never was', async () => {
    await assert.rejects(status('C0NONE'), { name: 'NoSuchChange', message: 'Could not find resource with ID: C0NONE' })
  })
})
