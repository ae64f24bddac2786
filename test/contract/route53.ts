import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import type { Change } from '../../shared/mirror/model.ts'
import { orderKey } from '../../shared/mirror/order.ts'
import type { HostedZoneRegistry, ListedSet, ListFrom, Route53 } from '../../shared/mirror/ports.ts'
import { readMessage } from '../../shared/mirror/refusals.ts'

export interface Route53Ports {
  readonly route53: Route53
  readonly hostedZones: HostedZoneRegistry
}

/** What every Route53 and HostedZoneRegistry does. */
export function route53Contract(adapter: string, { route53, hostedZones }: Route53Ports): void {
  /** A hosted zone of its own, and how to work in it: `@` is its apex. */
  async function newZone() {
    const apex = canonicalName(`${randomUUID()}.example.org`)
    const id = await hostedZones.create(apex)
    const nameOf = (label: string): Name => (label === '@' ? apex : canonicalName(`${label}.${apex}`))
    const change = (
      action: Change['action'],
      label: string,
      type: string,
      ttl: number,
      ...rdata: string[]
    ): Change => ({
      action,
      name: nameOf(label),
      type,
      rrset: { ttl, rdata },
    })
    const apply = async (...changes: Change[]): Promise<string> => {
      const outcome = await route53.change(id, changes)
      assert.equal(outcome.kind, 'accepted', JSON.stringify(outcome))
      return outcome.kind === 'accepted' ? outcome.id : ''
    }
    const page = async (from: ListFrom | undefined, limit: number) => {
      const outcome = await route53.list(id, from, limit)
      assert.equal(outcome.kind, 'listed', JSON.stringify(outcome))
      return outcome.kind === 'listed' ? outcome : { sets: [], next: undefined }
    }
    const own = async (): Promise<readonly ListedSet[]> => (await page(undefined, 300)).sets.slice(2) // behind NS and SOA
    return { apex, id, nameOf, change, apply, page, own }
  }

  describe(`Route53: ${adapter}`, () => {
    test('a new zone holds its own NS and SOA', async () => {
      const { apex, page } = await newZone()
      const { sets, next } = await page(undefined, 300)
      assert.deepEqual(
        sets.map(({ name, type, rrset }) => [name, type, rrset !== undefined]),
        [
          [apex, 'NS', true],
          [apex, 'SOA', true],
        ],
      )
      assert.equal(next, undefined)
    })

    const records: [type: string, ...rdata: string[]][] = [
      ['A', '192.0.2.1', '192.0.2.10', '192.0.2.2'],
      ['AAAA', '2001:db8::1'],
      ['CAA', '0 issue "ca.example.net; a=b"'],
      ['CNAME', 'a\\.b.example.net.'],
      ['DS', '60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118'],
      ['HTTPS', '1 . alpn="h2,h3" port=443 ipv4hint=192.0.2.1'],
      ['MX', '10 mail.example.net.', '20 mail2.example.net.'],
      ['NAPTR', '100 50 "u" "E2U+sip" "!^.*$!sip:\\\\1@example.net!" .'],
      ['NS', 'ns1.example.net.'],
      ['PTR', 'host.example.net.'],
      ['SPF', '"v=spf1 -all"'],
      ['SRV', '1 2 443 _x.example.net.'],
      ['SSHFP', '2 1 123456789ABCDEF67890123456789ABCDEF67890'],
      ['SVCB', '0 svc.example.net.'],
      ['TLSA', '3 1 1 D2ABDE240D7CD3EE6B4B28C54DF034B97983A1D16E8A410E4561CB106618E971'],
      ['TXT', '"<a href=\'x\'> & \\"\\\\101\\" \\195\\188" ""'],
    ]
    test('record sets of every type are listed as they were created', async () => {
      const { apply, change, own } = await newZone()
      await apply(...records.map(([type, ...rdata]) => change('CREATE', type, type, 0, ...rdata)))
      const listed = new Map((await own()).map(({ type, rrset }) => [type, rrset]))
      for (const [type, ...rdata] of records) assert.deepEqual(listed.get(type), { ttl: 0, rdata }, type)
    })

    test('an UPSERT creates, then replaces; a DELETE takes away', async () => {
      const { apply, change, own, nameOf } = await newZone()
      await apply(change('UPSERT', 'a', 'A', 60, '192.0.2.1'))
      await apply(change('UPSERT', 'a', 'A', 61, '192.0.2.2', '192.0.2.3'))
      const rrset = { ttl: 61, rdata: ['192.0.2.2', '192.0.2.3'] }
      assert.deepEqual(await own(), [{ name: nameOf('a'), type: 'A', rrset }])
      await apply(change('DELETE', 'a', 'A', 61, '192.0.2.2', '192.0.2.3'))
      assert.deepEqual(await own(), [])
    })

    test('a name becomes an alias and back in one batch', async () => {
      const { apply, change, own } = await newZone()
      const [address, alias] = [['192.0.2.1'], ['a.example.net.']]
      await apply(change('CREATE', 'a', 'A', 60, ...address))
      await apply(change('DELETE', 'a', 'A', 60, ...address), change('CREATE', 'a', 'CNAME', 60, ...alias))
      await apply(change('DELETE', 'a', 'CNAME', 60, ...alias), change('CREATE', 'a', 'A', 60, ...address))
      assert.deepEqual(
        (await own()).map(({ type }) => type),
        ['A'],
      )
    })

    test('names of any octets come back as they were', async () => {
      const { apply, change, own, nameOf } = await newZone()
      const labels = ['*', 'x.*', 'a*', 'a\\.b', 'a\\\\b', '\\@', '\\000\\032\\255', '_sip._tcp', '0/25']
      await apply(...labels.map((label) => change('CREATE', label, 'A', 60, '192.0.2.1')))
      assert.deepEqual((await own()).map(({ name }) => name).sort(), labels.map(nameOf).sort())
    })

    const refusals: [what: string, kind: string, [Change['action'], string, string, number, ...string[]]][] = [
      ['creation of what is there', 'exists', ['CREATE', 'a', 'A', 60, '192.0.2.1']],
      ['deletion of what is not there', 'not-found', ['DELETE', 'b', 'A', 60, '192.0.2.1']],
      ['deletion with another value', 'mismatch', ['DELETE', 'a', 'A', 60, '192.0.2.2']],
      ['deletion with another TTL', 'mismatch', ['DELETE', 'a', 'A', 61, '192.0.2.1']],
      ['a CNAME beside an address', 'conflict', ['CREATE', 'a', 'CNAME', 60, 'b.example.net.']],
      ['an address beside a CNAME', 'conflict', ['CREATE', 'alias', 'A', 60, '192.0.2.1']],
      ['a CNAME at the apex', 'invalid', ['CREATE', '@', 'CNAME', 60, 'b.example.net.']],
    ]
    for (const [what, kind, element] of refusals) {
      test(`refused, and the whole batch with it: ${what}`, async () => {
        const { apply, change, own, id, nameOf } = await newZone()
        await apply(
          change('CREATE', 'a', 'A', 60, '192.0.2.1'),
          change('CREATE', 'alias', 'CNAME', 60, 'x.example.net.'),
        )
        const before = await own()
        const bad = change(...element)
        const outcome = await route53.change(id, [change('CREATE', 'good', 'A', 60, '192.0.2.9'), bad])
        assert.equal(outcome.kind, 'refused')
        const [message = ''] = outcome.kind === 'refused' ? outcome.messages : []
        const read = readMessage(message)
        assert.deepEqual([read.kind, read.name], [kind, nameOf(element[1])], message)
        assert.deepEqual(await own(), before)
      })
    }

    test('refused: a name outside the zone', async () => {
      const { change, id } = await newZone()
      const name = canonicalName('a.example.net')
      const outcome = await route53.change(id, [{ ...change('CREATE', 'a', 'A', 60, '192.0.2.1'), name }])
      assert.equal(outcome.kind, 'refused')
      assert.deepEqual(outcome.kind === 'refused' && outcome.messages.map(readMessage), [{ kind: 'outside', name }])
    })

    test('pages follow each other in the order of orderKey, without gap or repetition', async () => {
      const { apply, change, page } = await newZone()
      const labels = ['b', 'a-b', 'a', 'b.a', 'z.b.a', '-', '_x', '0', 'ab', 'c']
      const both = labels.flatMap((label) => [
        change('CREATE', label, 'AAAA', 60, '2001:db8::1'),
        change('CREATE', label, 'A', 60, '192.0.2.1'),
      ])
      await apply(...both)
      const seen: ListedSet[] = []
      let from: ListFrom | undefined
      do {
        const { sets, next } = await page(from, 3)
        assert.ok(sets.length <= 3)
        seen.push(...sets)
        from = next
      } while (from !== undefined)
      const keys = seen.map(({ name, type }) => `${orderKey(name)} ${type}`)
      assert.equal(keys.length, 2 + both.length)
      assert.deepEqual(keys, [...keys].sort())
    })

    test('a page begins where it is asked to, whether that name is there or not', async () => {
      const { apply, change, page, nameOf } = await newZone()
      for (const label of ['a', 'c']) await apply(change('CREATE', label, 'A', 60, '192.0.2.1'))
      await apply(change('CREATE', 'a', 'TXT', 60, '"x"'))
      const starts = async (from: ListFrom) => (await page(from, 1)).sets.map(({ name, type }) => [name, type])
      assert.deepEqual(await starts({ name: nameOf('a') }), [[nameOf('a'), 'A']])
      assert.deepEqual(await starts({ name: nameOf('a'), type: 'TXT' }), [[nameOf('a'), 'TXT']])
      assert.deepEqual(await starts({ name: nameOf('b') }), [[nameOf('c'), 'A']])
      assert.deepEqual(await starts({ name: nameOf('d') }), [])
    })

    test('a change has a status', async () => {
      const { apply, change } = await newZone()
      const status = await route53.changeStatus(await apply(change('CREATE', 'a', 'A', 60, '192.0.2.1')))
      assert.equal(status.kind, 'status')
      assert.match(status.kind === 'status' ? status.status : '', /^(PENDING|INSYNC)$/)
    })

    test('what is not there is a fault', async () => {
      const { change } = await newZone()
      const codes = async (...outcomes: Promise<object>[]) =>
        (await Promise.all(outcomes)).map((outcome) => ({ ...outcome, message: 'any' }))
      const fault = (code: string) => ({ kind: 'fault', code, message: 'any' })
      assert.deepEqual(
        await codes(
          route53.change('Z0000000000000', [change('CREATE', 'a', 'A', 60, '192.0.2.1')]),
          route53.list('Z0000000000000', undefined, 1),
          route53.changeStatus('C0000000000000'),
        ),
        [fault('NoSuchHostedZone'), fault('NoSuchHostedZone'), fault('NoSuchChange')],
      )
    })
  })

  describe(`HostedZoneRegistry: ${adapter}`, () => {
    test('a zone is found under exactly its name', async () => {
      const { apex, id, nameOf } = await newZone()
      const below = await hostedZones.create(nameOf('a'))
      assert.deepEqual(await hostedZones.find(apex), [{ id, private: false }])
      assert.deepEqual(await hostedZones.find(nameOf('a')), [{ id: below, private: false }])
      assert.deepEqual(await hostedZones.find(nameOf('b')), [])
      assert.match(id, /^Z[0-9A-Z]+$/)
    })

    test('a zone is created once, however often it is asked for', async () => {
      const { apex, id } = await newZone()
      assert.equal(await hostedZones.create(apex), id)
      assert.equal((await hostedZones.find(apex)).length, 1)
    })

    test('a zone with an escaped name', async () => {
      const { nameOf } = await newZone()
      const id = await hostedZones.create(nameOf('0/25'))
      assert.deepEqual(await hostedZones.find(nameOf('0/25')), [{ id, private: false }])
    })
  })
}
