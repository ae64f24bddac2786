import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Change,
  type ChangeAction,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53'
import { bench, change as plain, times } from './emulator.ts'

const { zone, change, refusal, client } = await bench()

const weighted = (Action: ChangeAction, SetIdentifier: string, part: Partial<ResourceRecordSet> = {}): Change => ({
  Action,
  ResourceRecordSet: {
    Name: 'w.example.org',
    Type: 'A',
    SetIdentifier,
    Weight: 10,
    TTL: 60,
    ResourceRecords: [{ Value: '192.0.2.1' }],
    ...part,
  },
})
const alias = (Action: ChangeAction, Name: string, HostedZoneId: string, DNSName: string): Change => ({
  Action,
  ResourceRecordSet: { Name, Type: 'A', AliasTarget: { HostedZoneId, DNSName, EvaluateTargetHealth: true } },
})
const simple = (action: ChangeAction) => plain(action, 'w.example.org', 'A', ['192.0.2.9'])

describe('weighted sets', () => {
  test('live side by side, are listed by identifier, and are paged by it', async () => {
    const id = await zone('example.org')
    const all = times(5, (n) => weighted('CREATE', `id ${n}`, { Weight: n * 60 }))
    await change(id, all.toReversed())
    const seen: ResourceRecordSet[] = []
    for (let from: object = { StartRecordName: 'w.example.org' }; ; ) {
      const page = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: id, MaxItems: 2, ...from }))
      seen.push(...(page.ResourceRecordSets ?? []))
      if (!page.IsTruncated) break
      from = {
        StartRecordName: page.NextRecordName,
        StartRecordType: page.NextRecordType,
        StartRecordIdentifier: page.NextRecordIdentifier,
      }
    }
    assert.deepEqual(
      seen,
      all.map(({ ResourceRecordSet }) => ({ ...ResourceRecordSet, Name: 'w.example.org.' })),
    )
    assert.match(
      await refusal(id, [weighted('DELETE', 'id 1', { Weight: 61 })]),
      /w.example.org.', type='A', set-identifier='id 1'\] but the values provided/,
    )
    await change(id, [weighted('DELETE', 'id 1', { Weight: 60 })])
  })

  const rows: [title: string, there: Change[], batch: Change[], message: RegExp][] = [
    [
      'beside a simple set',
      [simple('CREATE')],
      [weighted('CREATE', 'x')],
      /type A, SetIdentifier x cannot be created as a non-weighted set exists with the same name and type\.\]$/,
    ],
    [
      'a simple set beside them',
      [weighted('CREATE', 'x')],
      [simple('UPSERT')],
      /type A cannot be created as other RRSets exist with the same name and type\.\]$/,
    ],
    [
      'with another policy',
      [weighted('CREATE', 'x')],
      [weighted('CREATE', 'y', { Weight: undefined, Failover: 'PRIMARY' })],
      /a non-failover set exists/,
    ],
    [
      'with another TTL',
      [weighted('CREATE', 'x')],
      [weighted('CREATE', 'y', { TTL: 61 })],
      /weighted sets must contain the same TTL\.\]$/,
    ],
    [
      'with two values',
      [],
      [weighted('CREATE', 'x', { ResourceRecords: [{ Value: '192.0.2.1' }, { Value: '192.0.2.2' }] })],
      /cannot contain more than one resource record\.\]$/,
    ],
    [
      'more than 100',
      times(100, (n) => weighted('CREATE', `${n}`)),
      [weighted('CREATE', 'x')],
      /^InvalidChangeBatch \[Exceeded limit on number of weighted RRSets for w\.example\.org\., type A/,
    ],
  ]
  for (const [title, there, batch, message] of rows) {
    test(`are refused: ${title}`, async () => {
      const id = await zone('example.org')
      if (there.length > 0) await change(id, there)
      assert.match(await refusal(id, batch), message)
    })
  }

  test('take the place of a simple set in one batch', async () => {
    const id = await zone('example.org')
    await change(id, [simple('CREATE')])
    await change(id, [weighted('CREATE', 'x'), simple('DELETE')])
    await change(id, [weighted('UPSERT', 'x', { TTL: 30 })])
    await change(id, [weighted('DELETE', 'x', { TTL: 30 }), simple('CREATE')])
  })
})

describe('aliases', () => {
  test('are listed, replaced, and deleted by their target', async () => {
    const id = await zone('example.org')
    await change(id, [alias('CREATE', 'al.example.org', 'Z0OTHER', 'LB.example.net')])
    const { ResourceRecordSets } = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: id }))
    const AliasTarget = { HostedZoneId: 'Z0OTHER', DNSName: 'lb.example.net.', EvaluateTargetHealth: true }
    assert.deepEqual(ResourceRecordSets?.at(-1), { Name: 'al.example.org.', Type: 'A', AliasTarget })
    assert.match(
      await refusal(id, [alias('DELETE', 'al.example.org', 'Z0OTHER', 'other.example.net')]),
      /the values provided do not match/,
    )
    await change(id, [alias('UPSERT', 'al.example.org', 'Z0OTHER', 'other.example.net')])
    await change(id, [alias('DELETE', 'al.example.org', '/hostedzone/Z0OTHER', 'other.example.net.')])
  })

  test('within the hosted zone need their target', async () => {
    const id = await zone('example.org')
    const batch = [alias('CREATE', 'al.example.org', id, 'w.example.org')]
    assert.equal(
      await refusal(id, batch),
      `InvalidChangeBatch [Tried to create an alias that targets w.example.org., type A in zone ${id}, but that target was not found]`,
    )
    await change(id, [...batch, simple('CREATE')])
  })
})
