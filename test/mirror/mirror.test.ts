/** What the mirror does, seen from Route 53: the real worker against the emulator, on a clock that the tests move. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { rrsets, zone } from './text.ts'
import { changeRequests, MINUTES, newWorld, type World } from './world.ts'

const A1 = rrsets('60 A 192.0.2.1')
const A2 = rrsets('60 A 192.0.2.2')

describe('what is registered stands in Route 53', () => {
  test('as it is registered, is altered and goes', async () => {
    const world = await newWorld()
    const states = [
      rrsets('60 A 192.0.2.1, 192.0.2.2', '60 TXT "two" "strings"'),
      rrsets('61 A 192.0.2.1', '60 AAAA 2001:db8::1'),
      rrsets('60 CNAME other.example.net.'),
      rrsets('60 A 192.0.2.3'),
      {},
    ]
    for (const state of states) {
      await world.register('h', state)
      await world.sync()
      assert.deepEqual(
        (await world.sets()).toSorted(),
        Object.entries(state)
          .map(([type, { ttl, rdata }]) => `h ${ttl} ${type} ${rdata.join(', ')}`)
          .sort(),
      )
      assert.deepEqual((await world.row('h'))?.applied, state)
    }
    assert.equal(changeRequests(world), 1 + states.length, 'one request for the SOA, and one each')
    isClean(world)
  })

  test('wildcards, the apex, escapes and every type that Route 53 stores', async () => {
    const world = await newWorld()
    await world.register(
      '@',
      rrsets('60 A 192.0.2.1', '60 MX 0 ., 10 mail.example.org.', '60 CAA 0 issue "ca.example.net; x=\\"y\\""'),
    )
    await world.register('*', rrsets('60 A 192.0.2.2'))
    await world.register('*.deep', rrsets('60 CNAME \\*.example.net.'))
    await world.register('a\\.b\\032c.\\255', rrsets('60 TXT "\\000\\034 \\\\101 \\255"'))
    await world.register('_sip._tcp', rrsets('60 SRV 1 2 5060 ., 1 2 5061 host\\.x.example.org.'))
    await world.register('svc', rrsets('60 HTTPS 1 . alpn="h2,h3" port="8443"', '60 SVCB 0 other.example.org.'))
    await world.register(
      'misc',
      rrsets('60 NAPTR 10 20 "u" "E2U+sip" "!^.*$!sip:x@example.org!" .', '60 SSHFP 1 1 00ff', '60 TLSA 3 1 1 00ff'),
    )
    await world.register('sub', rrsets('60 NS ns.example.net.', '60 DS 1 8 2 00ff'))
    await world.sync()
    assert.equal(world.events.filter(({ kind }) => kind === 'refused').length, 0)
    const before = (await world.sets()).length
    assert.equal(before, 14)
    await world.run({ task: 'reconcile' })
    isClean(world)
    const walked = world.events.findLast(({ kind }) => kind === 'walked')
    assert.ok(walked?.kind === 'walked')
    const { missing, changed, foreign, unmirrored } = walked.counts
    assert.deepEqual(
      { missing, changed, foreign, unmirrored },
      { missing: 0, changed: 0, foreign: 0, unmirrored: 0 },
      'and is read as it was written',
    )
  })

  test('a thousand new names go in one request', async () => {
    const world = await newWorld()
    await registerMany(world, 1_000)
    await world.sync()
    assert.equal(changeRequests(world), 2)
    assert.equal((await world.sets()).length, 1_000)
    isClean(world)
  })

  test('of many waiting names every request is filled', async () => {
    const world = await newWorld()
    await registerMany(world, 3_500)
    await world.sync()
    assert.equal(changeRequests(world), 1 + 4)
    isClean(world)
  })

  test('a zone without hosted zone is left alone', async () => {
    const world = await newWorld()
    await world.parts.zones.link(zone, undefined)
    await world.register('h', A1)
    await world.sync()
    await world.run({ task: 'reconcile' })
    assert.deepEqual(await world.sets(), [])
  })
})

describe('told of changes twice, out of order, or not at all', () => {
  test('twice and backwards: once', async () => {
    const world = await newWorld()
    await world.register('h', A1)
    await world.register('h', A2)
    await world.register('h', A1)
    const changed = world.untold.splice(0)
    await world.tell([...changed, ...changed].reverse())
    await world.run()
    await world.tell(changed)
    await world.run()
    assert.deepEqual(await world.sets(), ['h 60 A 192.0.2.1'])
    assert.equal(changeRequests(world), 2)
  })

  test('not at all: the next reconcile finds it', async () => {
    const world = await newWorld()
    await world.register('kept', A1)
    await world.register('gone', A1)
    await world.sync()
    await world.register('new', A1)
    await world.register('gone', {})
    world.untold.splice(0)
    await world.run({ task: 'reconcile' })
    assert.deepEqual(await world.sets(), ['kept 60 A 192.0.2.1', 'new 60 A 192.0.2.1'])
  })
})

describe('one writer a hosted zone', () => {
  test('of invocations at the same time one writes, and none of what they came for is left undone', async () => {
    const world = await newWorld()
    for (let round = 0; round < 5; round++) {
      await registerMany(world, 5, `r${round}-`)
      const told = world.tell()
      await Promise.all([world.run(), told, world.run(), world.run()])
    }
    await world.run()
    assert.equal((await world.sets()).length, 25)
    isClean(world)
  })

  test('a hosted zone that takes nothing delays no other', async () => {
    const world = await newWorld()
    const other = await world.linkAnother('example.net')
    world.emulator.inject({
      when: ({ hostedZoneId }) => hostedZoneId === world.hostedZone,
      effect: { kind: 'error', code: 'ServiceUnavailable' },
    })
    await world.register('h', A1)
    await other.register('h', A1)
    const started = world.clock.now
    await world.sync()
    assert.deepEqual(await other.sets(), ['h 60 A 192.0.2.1'])
    const lag = world.events.find((event) => event.kind === 'lag' && event.zone === 'example.net.')
    assert.ok(lag?.kind === 'lag' && lag.ms < 30_000, JSON.stringify(lag))
    assert.ok(world.clock.now - started < 6 * MINUTES)
  })
})

// ---------------------------------------------------------------------------

async function registerMany(world: World, count: number, prefix = 'n'): Promise<void> {
  for (let i = 0; i < count; i++) await world.register(`${prefix}${i}`, rrsets(`60 A 198.18.${i >> 8}.${i & 255}`))
}

/** No documented limit was broken, and nothing refused. */
function isClean({ emulator: { counts } }: World): void {
  assert.deepEqual([counts.violations, counts.refused], [{}, {}])
}
