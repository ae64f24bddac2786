import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ListResourceRecordSetsCommand, type ListResourceRecordSetsCommandInput } from '@aws-sdk/client-route-53'
import { bench, change, times } from './emulator.ts'

const { zone, change: send, client } = await bench()
const id = await zone('example.org')

/** Names that share beginnings and ends, hold escapes, and are wildcards of each other's parents. */
const LABELS = ['*', 'a', 'a-b', 'a*b', 'ab', 'a@', '*.a', 'x.a', 'a.x', '_a', '0', '\\000', '\\377', '*.*']
const names = [...LABELS, ...times(120, (n) => `n${n}`)].flatMap((label) => [`${label}.example.org`])
for (const type of ['A', 'TXT', 'AAAA'] as const) {
  const value = { A: '192.0.2.1', AAAA: '2001:db8::1', TXT: '"x"' }[type]
  await send(
    id,
    names.map((name) => change('CREATE', name, type, [value])),
  )
}
const all = await walk(300)

test('everything is listed once, by the labels reversed and then by type', () => {
  const expected = names.flatMap((name) => ['A', 'AAAA', 'TXT'].map((type) => [reversed(name), type] as const))
  const own = ['NS', 'SOA'].map((type) => ['org.example.', type] as const)
  const ordered = [...own, ...expected].sort(([a, typeA], [b, typeB]) =>
    a === b ? (typeA < typeB ? -1 : 1) : a < b ? -1 : 1,
  )
  assert.deepEqual(
    all.map((line) => [reversed(line.split(' ')[0] ?? ''), line.split(' ')[1]]),
    ordered,
  )
})

describe('pages of any size lead through all sets', () => {
  for (const size of [1, 2, 7, 100, 299, 300]) {
    test(`of ${size}`, async () => assert.deepEqual(await walk(size), all))
  }
})

describe('page sizes', () => {
  const rows: [asked: number | undefined, given: number][] = [
    [undefined, 100],
    [1, 1],
    [299, 299],
    [300, 300],
    [301, 300],
    [1000, 300],
  ]
  for (const [MaxItems, given] of rows) {
    test(String(MaxItems), async () => {
      const page = await list(MaxItems === undefined ? {} : { MaxItems })
      assert.deepEqual([page.ResourceRecordSets?.length, page.MaxItems, page.IsTruncated], [given, given, true])
    })
  }
  test('0 and words are refused', async () => {
    for (const MaxItems of [0, -1, 'x' as unknown as number])
      await assert.rejects(list({ MaxItems }), { name: 'InvalidInput' })
  })
})

describe('where a list begins', () => {
  const rows: [title: string, input: Partial<ListResourceRecordSetsCommandInput>, first: string | undefined][] = [
    ['a name', { StartRecordName: 'a.example.org' }, 'a.example.org. A'],
    ['in another spelling', { StartRecordName: 'A.EXAMPLE.org.' }, 'a.example.org. A'],
    ['an escaped name', { StartRecordName: 'a\\100.example.org' }, 'a\\100.example.org. A'],
    ['a wildcard', { StartRecordName: '*.a.example.org' }, '\\052.a.example.org. A'],
    ['name and type', { StartRecordName: 'a.example.org', StartRecordType: 'AAAA' }, 'a.example.org. AAAA'],
    ['a type between', { StartRecordName: 'a.example.org', StartRecordType: 'CNAME' }, 'a.example.org. TXT'],
    [
      'behind the last type',
      { StartRecordName: 'a-b.example.org', StartRecordType: 'TXT', StartRecordIdentifier: 'x' },
      'a.example.org. A',
    ],
    ['a name that is not there', { StartRecordName: 'n5x.example.org' }, 'n6.example.org. A'],
    ['before the zone', { StartRecordName: 'com' }, 'example.org. NS'],
    ['behind the zone', { StartRecordName: 'example.zone' }, undefined],
  ]
  for (const [title, input, first] of rows) {
    test(title, async () => assert.equal(lines(await list({ MaxItems: 1, ...input }))[0], first))
  }

  const refused: [title: string, input: Partial<ListResourceRecordSetsCommandInput>][] = [
    ['a type without name', { StartRecordType: 'A' }],
    ['an identifier without type', { StartRecordName: 'a.example.org', StartRecordIdentifier: 'x' }],
    ['a name that is none', { StartRecordName: 'a..b' }],
    ['a type that is none', { StartRecordName: 'a.example.org', StartRecordType: 'DNAME' as 'A' }],
  ]
  for (const [title, input] of refused) {
    test(`${title} is refused`, () => assert.rejects(list(input), { name: 'InvalidInput' }))
  }
})

test('a hosted zone that is not there', async () => {
  await assert.rejects(list({ HostedZoneId: 'Z0NONE' }), {
    name: 'NoSuchHostedZone',
    message: 'No hosted zone found with ID: Z0NONE',
  })
})

// ---------------------------------------------------------------------------

function list(input: Partial<ListResourceRecordSetsCommandInput>) {
  return client.send(new ListResourceRecordSetsCommand({ HostedZoneId: id, ...input }))
}

async function walk(MaxItems: number): Promise<string[]> {
  const found: string[] = []
  for (let from: Partial<ListResourceRecordSetsCommandInput> = {}; ; ) {
    const page = await list({ MaxItems, ...from })
    found.push(...lines(page))
    if (!page.IsTruncated) return found
    from = { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType }
  }
}

function lines({ ResourceRecordSets = [] }: Awaited<ReturnType<typeof list>>): string[] {
  return ResourceRecordSets.map(({ Name, Type }) => `${Name} ${Type}`)
}

/** `org.example.\\052.` for `*.example.org`, with the escapes of the labels above. */
function reversed(name: string): string {
  const labels = name.replace(/\*/g, '\\052').replace('@', '\\100').replace(/\.$/, '').split('.')
  return `${labels.reverse().join('.')}.`
}
