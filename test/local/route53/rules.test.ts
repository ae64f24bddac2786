import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bench } from './emulator.ts'

const { zone, change, refusal, sets, emulator } = await bench()

const THERE = `
  CREATE a.example.org A 60 192.0.2.1 | 192.0.2.2
  CREATE c.example.org CNAME 60 target.example.net
  CREATE m.example.org MX 60 10 mail.example.net
  CREATE sub.example.org NS 60 ns1.example.net`
const HELD = [
  'a.example.org. A 60 192.0.2.1 | 192.0.2.2',
  'c.example.org. CNAME 60 target.example.net',
  'm.example.org. MX 60 10 mail.example.net',
]

describe('a batch that does not fit the hosted zone changes nothing', async () => {
  const id = await zone('example.org')
  await change(id, THERE)
  const rows: [batch: string, ...messages: string[]][] = [
    ['DELETE x.example.org A 60 192.0.2.1', tried('delete', 'x', 'A', 'but it was not found')],
    ['DELETE a.example.org AAAA 60 2001:db8::1', tried('delete', 'a', 'AAAA', 'but it was not found')],
    [
      'DELETE a.example.org A 61 192.0.2.1 | 192.0.2.2',
      tried('delete', 'a', 'A', 'but the values provided do not match the current values'),
    ],
    [
      'DELETE a.example.org A 60 192.0.2.1',
      tried('delete', 'a', 'A', 'but the values provided do not match the current values'),
    ],
    [
      'DELETE a.example.org A 60 192.0.2.1 | 192.0.2.3',
      tried('delete', 'a', 'A', 'but the values provided do not match the current values'),
    ],
    ['CREATE a.example.org A 60 192.0.2.1 | 192.0.2.2', tried('create', 'a', 'A', 'but it already exists')],
    [
      'CREATE a.example.org A 60 192.0.2.9\nDELETE x.example.org A 60 192.0.2.1',
      tried('create', 'a', 'A', 'but it already exists'),
      tried('delete', 'x', 'A', 'but it was not found'),
    ],
    ['CREATE b.example.net A 60 192.0.2.1', 'RRSet with DNS name b.example.net. is not permitted in zone example.org.'],
    [
      'UPSERT notexample.org A 60 192.0.2.1',
      'RRSet with DNS name notexample.org. is not permitted in zone example.org.',
    ],
    [
      'CREATE a.example.org CNAME 60 b.example.net',
      'RRSet of type CNAME with DNS name a.example.org. is not permitted as it conflicts with other records with the same DNS name in zone example.org.',
    ],
    [
      'UPSERT c.example.org A 60 192.0.2.1',
      'RRSet of type A with DNS name c.example.org. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.org.',
    ],
    [
      'CREATE example.org CNAME 60 b.example.net',
      'RRSet of type CNAME with DNS name example.org. is not permitted at apex in zone example.org.',
    ],
    [
      'CREATE z.example.org CNAME 60 b.example.net | d.example.net',
      'RRSet of type CNAME with DNS name z.example.org. cannot contain more than one resource record.',
    ],
    ['CREATE z.example.org A 60 192.0.2.1 | 192.0.2.1', "Duplicate Resource Record: '192.0.2.1'"],
    ['CREATE z.example.org AAAA 60 2001:db8::1 | 2001:DB8:0::1', "Duplicate Resource Record: '2001:DB8:0::1'"],
    [
      'CREATE z.example.org SOA 60 ns1.example.net. mail.example.net. 1 2 3 4 5',
      'A HostedZone must contain exactly one SOA record.',
    ],
    [
      'CREATE *.example.org NS 60 ns1.example.net',
      'RRSet of type NS with DNS name \\052.example.org. is not permitted as a wildcard.',
    ],
    [
      'CREATE z.example.org A 60 192.0.2.1\nCREATE Z.example.org. A 60 192.0.2.2',
      "The request contains an invalid set of changes for a resource record set 'A z.example.org.'",
    ],
    [
      'UPSERT z.example.org A 60 192.0.2.1\nUPSERT z.example.org A 60 192.0.2.2',
      "The request contains an invalid set of changes for a resource record set 'A z.example.org.'",
    ],
    [
      'DELETE m.example.org MX 60 10 mail.example.net\nUPSERT m.example.org MX 60 20 mail.example.net',
      "The request contains an invalid set of changes for a resource record set 'MX m.example.org.'",
    ],
    [
      'DELETE m.example.org MX 60 10 mail.example.net\nDELETE m.example.org MX 60 10 mail.example.net',
      "The request contains an invalid set of changes for a resource record set 'MX m.example.org.'",
    ],
  ]
  for (const [batch, ...messages] of rows) {
    test(batch.replaceAll('\n', ', '), async () => {
      assert.equal(
        await refusal(id, `CREATE good.example.org A 60 192.0.2.1\n${batch}`),
        `InvalidChangeBatch [${messages.join(', ')}]`,
      )
      assert.deepEqual(await sets(id), HELD)
    })
  }

  test('the sets of the hosted zone itself stay', async () => {
    const [ns, soa] = emulator.sets(id)
    const gone = `DELETE example.org SOA 900 ${soa?.values[0]}\nDELETE example.org NS 172800 ${ns?.values.join(' | ')}`
    assert.equal(
      await refusal(id, gone),
      'InvalidChangeBatch [A HostedZone must contain exactly one SOA record., A HostedZone must contain at least one NS record for the zone itself.]',
    )
    await change(id, 'UPSERT example.org SOA 300 ns1.example.net. mail.example.net. 1 7200 900 1209600 60')
    await change(id, `DELETE example.org NS 172800 ${ns?.values.join(' | ')}\nCREATE example.org NS 60 ns1.example.net`)
    assert.deepEqual(
      emulator
        .sets(id)
        .slice(0, 2)
        .map(({ ttl }) => ttl),
      [60, 300],
    )
  })

  test('the same set twice is counted', () => {
    assert.deepEqual(emulator.counts.violations, { sameSetTwice: 4 })
  })
})

describe('a batch that fits', () => {
  const rows: [batch: string, after: string[]][] = [
    ['UPSERT a.example.org A 30 192.0.2.7', ['a.example.org. A 30 192.0.2.7', ...HELD.slice(1)]],
    ['UPSERT b.example.org A 30 192.0.2.7', [HELD[0] as string, 'b.example.org. A 30 192.0.2.7', ...HELD.slice(1)]],
    ['DELETE A.Example.ORG. A 60 192.0.2.2 | 192.0.2.1', HELD.slice(1)],
    ['DELETE c.example.org CNAME 60 Target.Example.net.', [HELD[0] as string, HELD[2] as string]],
    [
      'CREATE c.example.org A 60 192.0.2.7\nDELETE c.example.org CNAME 60 target.example.net',
      [HELD[0] as string, 'c.example.org. A 60 192.0.2.7', HELD[2] as string],
    ],
    [
      'UPSERT c.example.org TXT 60 "x"\nDELETE c.example.org CNAME 60 target.example.net',
      [HELD[0] as string, 'c.example.org. TXT 60 "x"', HELD[2] as string],
    ],
    [
      'CREATE a.example.org A 0 192.0.2.9\nDELETE a.example.org A 60 192.0.2.1 | 192.0.2.2',
      ['a.example.org. A 0 192.0.2.9', ...HELD.slice(1)],
    ],
    ['UPSERT a.example.org A 2147483647 192.0.2.1', ['a.example.org. A 2147483647 192.0.2.1', ...HELD.slice(1)]],
    ['CREATE example.org A 60 192.0.2.1', ['example.org. A 60 192.0.2.1', ...HELD]],
  ]
  for (const [batch, after] of rows) {
    test(batch.replaceAll('\n', ', '), async () => {
      const id = await zone('example.org')
      await change(id, THERE)
      await change(id, batch)
      assert.deepEqual(await sets(id), after)
    })
  }
})

// ---------------------------------------------------------------------------

function tried(what: string, label: string, type: string, why: string): string {
  return `Tried to ${what} resource record set [name='${label}.example.org.', type='${type}'] ${why}`
}
