/** Registrations: what becomes of names as they are registered, renewed, left alone and withdrawn. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { claimsOn } from '../../shared/records/claims.ts'
import { createEditName } from '../../shared/records/edit-name.ts'
import { onRRsets, upsertAddress } from '../../shared/records/edits.ts'
import { NamingError } from '../../shared/records/faults.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import type { RRsets } from '../../shared/records/model.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import type { NameStore } from '../../shared/records/ports.ts'
import type { Writer } from '../../shared/records/writer.ts'
import { memoryRegistrations } from '../../shared/registrations/memory.ts'
import type { RegistrationKey } from '../../shared/registrations/model.ts'
import { createRegistry } from '../../shared/registrations/registry.ts'
import { a, apex, nameOf } from '../contract/records.ts'

const name = nameOf('h')
const SECOND = 1000
const local: Writer = { principal: 'local', mayWrite: () => true }
const ALIAS: RRsets = { CNAME: { ttl: 10, rdata: ['t.example.org.'] } }

describe('one registration', () => {
  test('is answered from the first on, and renewed without a write to the name', async () => {
    const { registry, rrsets, record, clock, due } = await world()
    const first = await registry.register(web(1), local)
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1'))
    assert.deepEqual(due(), [clock.now + 30 * SECOND])
    const { version } = (await record()) ?? {}
    clock.now += 20 * SECOND
    const again = await registry.register(web(1), local)
    assert.equal(again.nonce, first.nonce)
    assert.equal(again.lease?.until, clock.now + 30 * SECOND)
    assert.equal((await record())?.version, version)
    assert.equal(due().length, 1, 'the timer that there is will do')
  })

  test('is gone once its lease has run out, and not before', async () => {
    const { registry, rrsets, record, clock, ring } = await world()
    await registry.register(web(1), local)
    clock.now += 20 * SECOND
    await registry.register(web(1), local)
    clock.now += 10 * SECOND
    await ring()
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1'))
    clock.now += 20 * SECOND
    await ring()
    assert.deepEqual(await rrsets(), {})
    assert.equal((await record())?.by?.principal, 'lease ended')
    await assert.rejects(registry.read(web(1)), { code: 'registration_not_found' })
  })

  test('is found by a sweep if its timer is lost', async () => {
    const { registry, rrsets, clock, due, loseTimers } = await world()
    await registry.register(web(1), local)
    await registry.register({ ...web(2), leaseSeconds: 60 }, local)
    loseTimers()
    clock.now += 30 * SECOND
    assert.deepEqual(await registry.sweep({ arm: true }), { registrations: 2, ended: 1 })
    assert.deepEqual(await rrsets(), a(10, '192.0.2.2'))
    assert.deepEqual(due(), [clock.now + 30 * SECOND], 'the other is looked at in its time')
    assert.deepEqual(await registry.sweep(), { registrations: 1, ended: 0 })
  })

  test('is back with the next renewal, whatever took it away', async () => {
    const { registry, edit, rrsets, clock, ring } = await world()
    await registry.register(web(1), local)
    await edit(onRRsets(() => ({})))
    assert.deepEqual(await rrsets(), {})
    await registry.register(web(1), local)
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1'))
    clock.now += 31 * SECOND
    await ring()
    await registry.register(web(1), local)
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1'))
  })

  test('whose withdrawal did not come through is ended by a sweep, and takes no renewal', async () => {
    const { registry, rrsets, outage } = await world()
    const { leaseSeconds: _, ...lasting } = web(1)
    await registry.register(lasting, local)
    outage(0)
    await assert.rejects(registry.withdraw(lasting, local), { code: 'unavailable' })
    await assert.rejects(registry.read(lasting), { code: 'registration_not_found' })
    assert.deepEqual(await registry.sweep(), { registrations: 1, ended: 1 })
    assert.deepEqual(await rrsets(), {})
  })

  test('whose withdrawal did not come through is withdrawn by the next, and then it is gone', async () => {
    const { registry, rrsets, outage } = await world()
    await registry.register(web(1), local)
    outage(0)
    await assert.rejects(registry.withdraw(web(1), local), { code: 'unavailable' })
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1'))
    await registry.withdraw(web(1), local)
    assert.deepEqual(await rrsets(), {})
    await assert.rejects(registry.withdraw(web(1), local), { code: 'registration_not_found' })
  })

  test('that was written though nobody was told so goes with its lease', async () => {
    const { registry, rrsets, clock, lose } = await world()
    lose()
    await assert.rejects(registry.register(web(1), local), { code: 'unavailable' })
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1'))
    clock.now += 30 * SECOND
    await registry.sweep()
    assert.deepEqual(await rrsets(), {})
  })

  test('takes the place of what was under its id', async () => {
    const { registry, rrsets } = await world()
    await registry.register(web(1), local)
    await registry.register({ ...web(1), rrsets: a(5, '192.0.2.9') }, local)
    assert.deepEqual(await rrsets(), a(5, '192.0.2.9'))
  })

  test('without a lease stays until it is withdrawn', async () => {
    const { registry, rrsets, clock, due } = await world()
    const { leaseSeconds: _, ...lasting } = web(1)
    await registry.register(lasting, local)
    assert.deepEqual(due(), [])
    clock.now += 1e9
    await registry.sweep()
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1'))
    await registry.withdraw(lasting, local)
    assert.deepEqual(await rrsets(), {})
    await assert.rejects(registry.withdraw(lasting, local), { code: 'registration_not_found' })
  })
})

describe('beside others', () => {
  test('each instance has its address, and takes it along', async () => {
    const { registry, rrsets } = await world()
    for (const i of [1, 2, 3]) await registry.register(web(i), local)
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1', '192.0.2.2', '192.0.2.3'))
    await registry.withdraw(web(2), local)
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1', '192.0.2.3'))
  })

  test('what two have registered stays until both are gone', async () => {
    const { registry, rrsets } = await world()
    await registry.register(web(1), local)
    await registry.register({ ...web(2), rrsets: web(1).rrsets }, local)
    await registry.withdraw(web(1), local)
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1'))
    await registry.withdraw(web(2), local)
    assert.deepEqual(await rrsets(), {})
  })

  test('a plain write of the same address makes it stay', async () => {
    const { registry, edit, rrsets, clock } = await world()
    await registry.register(web(1), local)
    await edit(upsertAddress({ type: 'A', address: '192.0.2.1', ttl: 10 }))
    clock.now += 20 * SECOND
    await registry.register(web(1), local)
    clock.now += 31 * SECOND
    await registry.sweep()
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1'))
  })

  test('what was there before is not taken along', async () => {
    const { registry, edit, rrsets, record, clock } = await world()
    await edit(upsertAddress({ type: 'A', address: '192.0.2.1', ttl: 10 }))
    await registry.register({ ...web(1), rrsets: a(10, '192.0.2.1', '192.0.2.9') }, local)
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1', '192.0.2.9'))
    clock.now += 31 * SECOND
    await registry.sweep()
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1'))
    await registry.register(web(1), local)
    const { version } = (await record()) ?? {}
    clock.now += 20 * SECOND
    await registry.register(web(1), local)
    assert.equal((await record())?.version, version, 'it is renewed all the same')
    await registry.withdraw(web(1), local)
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1'))
  })

  test('what was there before and is removed is back with the next renewal, as what goes', async () => {
    const { registry, edit, rrsets } = await world()
    await edit(upsertAddress({ type: 'A', address: '192.0.2.1', ttl: 10 }))
    await registry.register(web(1), local)
    await edit(onRRsets(() => ({})))
    await registry.register(web(1), local)
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1'))
    await registry.withdraw(web(1), local)
    assert.deepEqual(await rrsets(), {})
  })

  test('a closer zone that was added takes the name over, and keeps it', async () => {
    const { registry, record, zones, clock } = await world()
    await registry.register(web(1), local)
    await zones.add(newZone(name))
    clock.now += 2 * SECOND // zones are remembered for one
    await registry.register(web(1), local)
    assert.equal((await record())?.zone, name)
    await registry.register(web(2), local)
    await registry.withdraw(web(1), local)
    assert.deepEqual([(await record())?.zone, (await record())?.rrsets], [name, a(10, '192.0.2.2')])
  })

  test('there is one DNAME', async () => {
    const { registry } = await world()
    const to = (rdata: string): RRsets => ({ DNAME: { ttl: 10, rdata: [rdata] } })
    await registry.register({ ...web(1), rrsets: to('t.example.org.') }, local)
    await assert.rejects(registry.register({ ...web(2), rrsets: to('u.example.org.') }, local), {
      code: 'record_conflict',
    })
  })

  test('a CNAME stands alone, and what was there before a refusal goes on', async () => {
    const { registry, rrsets, clock } = await world()
    await registry.register(web(1), local)
    await assert.rejects(registry.register({ ...web(2), rrsets: ALIAS }, local), { code: 'record_conflict' })
    await assert.rejects(registry.read(web(2)), { code: 'registration_not_found' })
    await registry.register(web(3), local)
    await assert.rejects(registry.register({ ...web(1), rrsets: ALIAS }, local), { code: 'record_conflict' })
    const renewed = await registry.register(web(1), local)
    assert.equal(renewed.lease?.until, clock.now + 30 * SECOND)
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1', '192.0.2.3'))
    await registry.withdraw(web(3), local)
    await registry.register({ ...web(1), rrsets: ALIAS }, local)
    assert.deepEqual(await rrsets(), ALIAS)
    const other = { CNAME: { ttl: 10, rdata: ['u.example.org.'] } }
    await assert.rejects(registry.register({ ...web(2), rrsets: other }, local), { code: 'record_conflict' })
  })
})

describe('who may', () => {
  const other: Writer = { principal: 'token:other', mayWrite: () => true }
  const nobody: Writer = { principal: 'token:none', mayWrite: ({ type }) => type !== 'A' }

  test('an id belongs to who has it, as long as it lasts; who may write may withdraw', async () => {
    const { registry, rrsets, clock } = await world()
    await registry.register(web(1), local)
    await assert.rejects(registry.register(web(1), other), { code: 'registration_conflict' })
    clock.now += 30 * SECOND
    await registry.register(web(1), other)
    await registry.withdraw(web(1), local)
    assert.deepEqual(await rrsets(), {})
  })

  test('who may not write the type may neither register nor withdraw it', async () => {
    const { registry, rrsets } = await world()
    await assert.rejects(registry.register(web(1), nobody), { code: 'update_denied' })
    await registry.register(web(1), local)
    await assert.rejects(registry.withdraw(web(1), nobody), { code: 'update_denied' })
    assert.deepEqual(await rrsets(), a(10, '192.0.2.1'))
  })

  test('a zone that is not served has no registrations', async () => {
    const { registry } = await world()
    const zone = nameOf('elsewhere')
    await assert.rejects(registry.register({ ...web(1), zone }, local), { code: 'zone_not_found' })
  })
})

test('property: once all is quiet there is what lives, whatever was refused, killed or rung late', async () => {
  const happening = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('register' as const), id: id(), state: states() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), id: id() }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 40 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('ring' as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('outage' as const), writes: fc.integer({ min: 0, max: 2 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('race' as const), id: id(), state: states() }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 25, size: 'max' }), async (happenings) => {
      const { registry, registrations, rrsets, record, clock, ring, outage, lose, heal } = await world()
      for (const one of happenings) {
        clock.now += 10
        if (one.kind === 'wait') clock.now += one.seconds * SECOND
        else if (one.kind === 'ring') await ring().catch(unlessUnavailable)
        else if (one.kind === 'outage') outage(one.writes)
        else if (one.kind === 'lose') lose()
        else if (one.kind === 'withdraw') await registry.withdraw(web(one.id), local).catch(unlessRefused)
        else {
          const request = { ...web(one.id), rrsets: one.state }
          const calls = one.kind === 'race' ? [request, { ...request, rrsets: a(7, '192.0.2.77') }] : [request]
          await Promise.all(calls.map((call) => registry.register(call, local).catch(unlessRefused)))
        }
      }
      heal()
      await registry.sweep()
      const live = []
      for await (const page of registrations.scan()) live.push(...page)
      for (const one of live) await registry.register({ ...one, leaseSeconds: 30 }, local).catch(unlessRefused)
      const claims = (await record())?.claims ?? {}
      assert.deepEqual(claims, claimsOn(await rrsets(), claims))
      const claimed = (type: string) => new Set(Object.values(claims).flatMap((one) => one.rrsets[type]?.rdata ?? []))
      for (const [type, { rdata }] of Object.entries(await rrsets())) assert.deepEqual(claimed(type), new Set(rdata))
      clock.now += 60 * SECOND
      await registry.sweep()
      assert.deepEqual(await rrsets(), {}, 'nothing is left for ever')
      for await (const page of registrations.scan()) assert.deepEqual(page, [])
    }),
    { numRuns: 300 },
  )
})

// ---------------------------------------------------------------------------

const id = () => fc.constantFrom(1, 2, 3)

function states(): fc.Arbitrary<RRsets> {
  return fc.constantFrom<RRsets>(a(10, '192.0.2.1'), a(5, '192.0.2.1', '192.0.2.2'), ALIAS, {
    ...a(10, '192.0.2.3'),
    TXT: { ttl: 10, rdata: ['"x"'] },
  })
}

/** The instance of that number, which has the address of that number. */
function web(i: number) {
  return { zone: apex, name, id: `web-${i}`, rrsets: a(10, `192.0.2.${i}`), leaseSeconds: 30 }
}

async function world() {
  const clock = { now: 1_800_000_000_000 }
  const now = () => clock.now
  const { names, zones } = memoryStore()
  await zones.add(newZone(apex))
  const registrations = memoryRegistrations()
  const set: { readonly key: RegistrationKey; readonly at: number }[] = []
  let writesLeft = Number.POSITIVE_INFINITY
  let answered = true
  const failing: NameStore = {
    ...names,
    async write(next, expected) {
      if (writesLeft-- <= 0) {
        writesLeft = Number.POSITIVE_INFINITY
        throw new NamingError('unavailable')
      }
      const outcome = await names.write(next, expected)
      if (answered) return outcome
      answered = true
      throw new NamingError('unavailable')
    },
  }
  let nonces = 0
  const registry = createRegistry({
    names: failing,
    zones,
    registrations,
    timers: { set: async (key, at) => void set.push({ key, at }) },
    now,
    pause: async () => {},
    newNonce: () => String(nonces++),
  })
  const editName = createEditName(names, now, async () => {})
  const record = () => names.read(name)
  return {
    registry,
    registrations,
    zones,
    clock,
    record,
    rrsets: async () => (await record())?.rrsets ?? {},
    edit: (edit: Parameters<typeof editName>[2]) => editName(apex, name, edit, 'local'),
    /** When timers are due. */
    due: () => set.map(({ at }) => at),
    loseTimers: () => void set.splice(0),
    /** All timers that are due ring. */
    async ring() {
      const due = set.filter(({ at }) => at <= clock.now)
      for (const one of due) set.splice(set.indexOf(one), 1)
      for (const { key } of due) await registry.look(key)
    },
    /** The next write to names is carried out, but its answer is lost. */
    lose() {
      answered = false
    },
    heal() {
      writesLeft = Number.POSITIVE_INFINITY
      answered = true
    },
    /** After so many more writes to names one fails. */
    outage(writes: number) {
      writesLeft = writes
    },
  }
}

function unlessRefused(error: unknown): void {
  if (!(error instanceof NamingError)) throw error
}

function unlessUnavailable(error: unknown): void {
  if (!(error instanceof NamingError) || error.code !== 'unavailable') throw error
}
