import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  ChangeTagsForResourceCommand,
  CreateHostedZoneCommand,
  type CreateHostedZoneCommandInput,
  DeleteHostedZoneCommand,
  GetAccountLimitCommand,
  GetHostedZoneCommand,
  GetHostedZoneCountCommand,
  GetHostedZoneLimitCommand,
  type HostedZone,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListTagsForResourceCommand,
  ListTagsForResourcesCommand,
} from '@aws-sdk/client-route-53'
import { bare, bench, times } from './emulator.ts'

const VPC = { VPCId: 'vpc-0123456789abcdef0', VPCRegion: 'us-east-1' } as const
const { client, zone, change, emulator } = await bench()
let reference = 0
const create = (input: Partial<CreateHostedZoneCommandInput>) =>
  client.send(new CreateHostedZoneCommand({ Name: 'example.org', CallerReference: `r${reference++}`, ...input }))

test('a public hosted zone is born with its name servers and SOA', async () => {
  const made = await create({ HostedZoneConfig: { Comment: 'a <comment> & more' } })
  const id = bare(made.HostedZone?.Id)
  assert.match(id, /^Z[A-Z0-9]{12,31}$/)
  assert.equal(made.$metadata.httpStatusCode, 201)
  assert.equal(made.Location, `https://route53.amazonaws.com/2013-04-01/hostedzone/${id}`)
  assert.equal(made.ChangeInfo?.Status, 'PENDING')
  const { HostedZone, DelegationSet, VPCs } = await client.send(new GetHostedZoneCommand({ Id: made.HostedZone?.Id }))
  assert.deepEqual(HostedZone, {
    Id: `/hostedzone/${id}`,
    Name: 'example.org.',
    CallerReference: 'r0',
    Config: { Comment: 'a <comment> & more', PrivateZone: false },
    ResourceRecordSetCount: 2,
  })
  assert.equal(VPCs, undefined)
  const servers = DelegationSet?.NameServers ?? []
  assert.match(
    servers.join(' '),
    /^ns-\d+\.awsdns-\d\d\.com ns-\d+\.awsdns-\d\d\.net ns-\d+\.awsdns-\d\d\.org ns-\d+\.awsdns-\d\d\.co\.uk$/,
  )
  assert.deepEqual(emulator.sets(id), [
    { name: 'example.org.', type: 'NS', ttl: 172_800, values: servers.map((server) => `${server}.`) },
    {
      name: 'example.org.',
      type: 'SOA',
      ttl: 900,
      values: [`${servers[0]}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`],
    },
  ])
})

test('a private hosted zone has a VPC and no delegation set', async () => {
  const made = await create({ Name: 'internal', VPC, HostedZoneConfig: { PrivateZone: true } })
  assert.deepEqual([made.VPC, made.DelegationSet, made.HostedZone?.Config], [VPC, undefined, { PrivateZone: true }])
  const got = await client.send(new GetHostedZoneCommand({ Id: made.HostedZone?.Id }))
  assert.deepEqual([got.VPCs, got.DelegationSet], [[VPC], undefined])
  await assert.rejects(create({ Name: 'internal', VPC }), { name: 'ConflictingDomainExists' })
  await create({ Name: 'internal', VPC: { ...VPC, VPCId: 'vpc-0123456789abcdef1' } })
  const listed = await client.send(new ListHostedZonesCommand({ HostedZoneType: 'PrivateHostedZone' }))
  assert.equal(listed.HostedZones?.length, 2)
})

describe('hosted zones that are refused', () => {
  const rows: [title: string, input: Partial<CreateHostedZoneCommandInput>, code: string][] = [
    ['a caller reference that was used', { CallerReference: 'r0', Name: 'other.example' }, 'HostedZoneAlreadyExists'],
    ['the very same once more', { CallerReference: 'r0' }, 'HostedZoneAlreadyExists'],
    ['no caller reference', { CallerReference: '' }, 'InvalidInput'],
    ['a top-level domain', { Name: 'org' }, 'InvalidDomainName'],
    ['the root', { Name: '.' }, 'InvalidDomainName'],
    ['a wildcard', { Name: '*.example.org' }, 'InvalidDomainName'],
    ['an empty label', { Name: 'a..example.org' }, 'InvalidDomainName'],
    ['a VPC that is none', { VPC: { ...VPC, VPCId: 'x' } }, 'InvalidVPCId'],
    ['private without VPC', { HostedZoneConfig: { PrivateZone: true } }, 'InvalidInput'],
    ['a delegation set', { DelegationSetId: 'N1' }, 'NoSuchDelegationSet'],
    ['a long comment', { HostedZoneConfig: { Comment: 'x'.repeat(257) } }, 'InvalidInput'],
  ]
  for (const [title, input, code] of rows) test(title, () => assert.rejects(create(input), { name: code }))
})

test('a hosted zone goes when only its own sets are left', async () => {
  const id = await zone('gone.example')
  await change(id, 'CREATE a.gone.example A 60 192.0.2.1')
  const remove = () => client.send(new DeleteHostedZoneCommand({ Id: id }))
  await assert.rejects(remove(), { name: 'HostedZoneNotEmpty' })
  await change(id, 'DELETE a.gone.example A 60 192.0.2.1')
  assert.match((await remove()).ChangeInfo?.Id ?? '', /^\/change\/C/)
  await assert.rejects(remove(), { name: 'NoSuchHostedZone' })
  await assert.rejects(client.send(new GetHostedZoneCommand({ Id: id })), { name: 'NoSuchHostedZone' })
  assert.deepEqual(emulator.sets(id), [])
})

test('tags', async () => {
  const id = await zone('tags.example')
  const about = { ResourceType: 'hostedzone', ResourceId: id } as const
  const tags = async () => (await client.send(new ListTagsForResourceCommand(about))).ResourceTagSet?.Tags
  const put = (input: object) => client.send(new ChangeTagsForResourceCommand({ ...about, ...input }))
  assert.deepEqual(await tags(), [])
  await put({ AddTags: [{ Key: 'a', Value: '1' }, { Key: '__proto__', Value: '<&>' }, { Key: 'empty' }] })
  await put({ AddTags: [{ Key: 'a', Value: '2' }], RemoveTagKeys: ['empty', 'absent'] })
  const held = [
    { Key: 'a', Value: '2' },
    { Key: '__proto__', Value: '<&>' },
  ]
  assert.deepEqual(await tags(), held)
  const { ResourceTagSets } = await client.send(
    new ListTagsForResourcesCommand({ ResourceType: 'hostedzone', ResourceIds: [id] }),
  )
  assert.deepEqual(ResourceTagSets, [{ ...about, Tags: held }])
  await assert.rejects(put({}), { name: 'InvalidInput' })
  await assert.rejects(put({ AddTags: times(11, (n) => ({ Key: `k${n}`, Value: '' })) }), { name: 'InvalidInput' })
  await assert.rejects(put({ ResourceType: 'healthcheck', RemoveTagKeys: ['a'] }), { name: 'NoSuchHealthCheck' })
  await assert.rejects(put({ ResourceId: 'Z0NONE', RemoveTagKeys: ['a'] }), { name: 'NoSuchHostedZone' })
})

test('limits', async () => {
  const id = await zone('limits.example')
  const account = await client.send(new GetAccountLimitCommand({ Type: 'MAX_HOSTED_ZONES_BY_OWNER' }))
  const { HostedZoneCount } = await client.send(new GetHostedZoneCountCommand())
  assert.deepEqual([account.Limit, account.Count], [{ Type: 'MAX_HOSTED_ZONES_BY_OWNER', Value: 500 }, HostedZoneCount])
  const sets = await client.send(new GetHostedZoneLimitCommand({ HostedZoneId: id, Type: 'MAX_RRSETS_BY_ZONE' }))
  assert.deepEqual([sets.Limit, sets.Count], [{ Type: 'MAX_RRSETS_BY_ZONE', Value: 10_000 }, 2])
  const vpcs = client.send(new GetHostedZoneLimitCommand({ HostedZoneId: id, Type: 'MAX_VPCS_ASSOCIATED_BY_ZONE' }))
  await assert.rejects(vpcs, { name: 'HostedZoneNotPrivate' })
})

describe('many hosted zones', async () => {
  const many = await bench()
  for (const label of times(250, (n) => `z${n}`)) await many.zone(`${label}.example.org`)
  for (const name of ['example.org', 'a-b.example.org', 'example.org', 'b.a.example.org']) await many.zone(name)

  test('are listed in the order of their creation, page by page', async () => {
    const seen: string[] = []
    for (let marker: string | undefined; ; ) {
      const page = await many.client.send(new ListHostedZonesCommand(marker === undefined ? {} : { Marker: marker }))
      seen.push(...ids(page.HostedZones))
      if (!page.IsTruncated) break
      marker = page.NextMarker
    }
    assert.equal(new Set(seen).size, 254)
    await assert.rejects(many.client.send(new ListHostedZonesCommand({ Marker: 'Z0NONE' })), { name: 'InvalidInput' })
  })

  test('are listed by name, page by page', async () => {
    const seen: HostedZone[] = []
    for (let from: { DNSName?: string; HostedZoneId?: string } = {}; ; ) {
      const page = await many.client.send(new ListHostedZonesByNameCommand({ MaxItems: 60, ...from }))
      seen.push(...(page.HostedZones ?? []))
      if (!page.IsTruncated) break
      from = { DNSName: page.NextDNSName ?? '', HostedZoneId: page.NextHostedZoneId ?? '' }
    }
    const all = seen.map(({ Name }) => Name)
    assert.equal(new Set(ids(seen)).size, 254)
    assert.deepEqual(all.slice(0, 5), [
      'example.org.',
      'example.org.',
      'a-b.example.org.',
      'b.a.example.org.',
      'z0.example.org.',
    ])
  })

  test('are found by name', async () => {
    const found = await many.client.send(new ListHostedZonesByNameCommand({ DNSName: 'EXAMPLE.org', MaxItems: 2 }))
    assert.deepEqual(
      found.HostedZones?.map(({ Name }) => Name),
      ['example.org.', 'example.org.'],
    )
    assert.deepEqual([found.DNSName, found.NextDNSName, found.IsTruncated], ['EXAMPLE.org', 'a-b.example.org.', true])
    const [, second] = ids(found.HostedZones)
    const from = await many.client.send(
      new ListHostedZonesByNameCommand({ DNSName: 'example.org', HostedZoneId: second }),
    )
    assert.equal(ids(from.HostedZones)[0], second)
    const none = await many.client.send(new ListHostedZonesByNameCommand({ DNSName: 'zz.example.org' }))
    assert.deepEqual([none.HostedZones, none.IsTruncated], [[], false])
    await assert.rejects(many.client.send(new ListHostedZonesByNameCommand({ HostedZoneId: second })), {
      name: 'InvalidInput',
    })
    await assert.rejects(many.client.send(new ListHostedZonesByNameCommand({ DNSName: 'a..b' })), {
      name: 'InvalidDomainName',
    })
  })

  test('are 500 at most', async () => {
    for (const label of times(246, (n) => `y${n}`)) await many.zone(`${label}.example.org`)
    await assert.rejects(many.zone('one-more.example'), { name: 'TooManyHostedZones' })
  })
})

// ---------------------------------------------------------------------------

function ids(zones: readonly HostedZone[] = []): string[] {
  return zones.map(({ Id }) => bare(Id))
}
