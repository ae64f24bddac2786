/**
 * Whatever happens to names, to the log that tells of it, to Route 53 and to invocations: once all is quiet, Route 53 holds
 * what is registered, minus what it refuses, foreign record sets are as their owner left them, and no limit was broken.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FaultEffect } from '../../local/route53/route53.ts'
import type { NameChange, RRsets } from '../../shared/records/model.ts'
import { sameRRsets } from '../../shared/records/segments.ts'
import { Died, mortal } from './mortal.ts'
import { rrsets } from './text.ts'
import { MINUTES, newWorld, type World } from './world.ts'

const LABELS = ['a', 'b', 'c', 'd', '*', '*.e', 'x\\.y', '@']
/** Names that somebody else writes to, too. */
const SHARED = ['c', 'd', 'x\\.y']
const POISON = '203.0.113.66'

type Happening =
  | { readonly kind: 'register'; readonly label: string; readonly state: RRsets }
  | { readonly kind: 'tell'; readonly order: 'as it was' | 'backwards' | 'twice' | 'some' }
  | { readonly kind: 'run'; readonly reconcile: boolean }
  | { readonly kind: 'die'; readonly nth: number; readonly moment: 'before' | 'after' }
  | { readonly kind: 'race' }
  | { readonly kind: 'fault'; readonly times: number; readonly effect: FaultEffect }
  | { readonly kind: 'foreign'; readonly label: string; readonly address: number }
  | { readonly kind: 'drift'; readonly label: string; readonly how: 'gone' | 'edited' }

const state: fc.Arbitrary<RRsets> = fc.oneof(
  fc.constant({}),
  fc.constantFrom('a', 'b').map((target) => rrsets(`60 CNAME ${target}.example.net.`)),
  fc
    .record({
      ttl: fc.constantFrom(1, 60),
      a: fc.option(fc.subarray(['192.0.2.1', '192.0.2.2', '192.0.2.3', POISON], { minLength: 1 })),
      txt: fc.option(fc.constantFrom('"x"', '"two" "strings"', '"\\\\101 \\195\\164"')),
    })
    .map(({ ttl, a, txt }) =>
      rrsets(...(a === null ? [] : [`${ttl} A ${a.join(', ')}`]), ...(txt === null ? [] : [`${ttl} TXT ${txt}`])),
    ),
)

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('register' as const), label: fc.constantFrom(...LABELS), state }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('tell' as const),
      order: fc.constantFrom('as it was' as const, 'backwards' as const, 'twice' as const, 'some' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('run' as const), reconcile: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('die' as const),
      nth: fc.integer({ min: 1, max: 40 }),
      moment: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('race' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      times: fc.integer({ min: 1, max: 3 }),
      effect: fc.constantFrom<FaultEffect>(
        { kind: 'dropBefore' },
        { kind: 'dropAfter' },
        { kind: 'error', code: 'Throttling' },
        { kind: 'error', code: 'PriorRequestNotComplete' },
        { kind: 'error', code: 'InternalFailure' },
        { kind: 'error', code: 'AccessDenied' },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('foreign' as const),
      label: fc.constantFrom(...SHARED),
      address: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('drift' as const),
      label: fc.constantFrom(...LABELS),
      how: fc.constantFrom('gone' as const, 'edited' as const),
    }),
  },
)

test('property: it comes to rest in the right state, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 5, maxLength: 30, size: 'max' }),
      fc.record({ named: fc.boolean(), firstOnly: fc.boolean() }),
      async (happenings, poison) => {
        const trial = await newTrial(poison)
        try {
          for (const one of happenings) await trial.happen(one)
          await trial.rest()
          await trial.check()
        } finally {
          await trial.world.emulator.stop()
        }
      },
    ),
    { numRuns: Number(process.env.MIRROR_RUNS ?? 150) },
  )
})

// ---------------------------------------------------------------------------

async function newTrial(poison: { readonly named: boolean; readonly firstOnly: boolean }) {
  const world = await newWorld()
  world.emulator.inject({
    effect: {
      kind: 'poison',
      offender: ({ set, action }) => action !== 'DELETE' && set.values.includes(POISON),
      message: 'Poison',
      ...poison,
    },
  })
  const registered = new Map<string, RRsets>(LABELS.map((label) => [label, {}]))
  /** Record sets of somebody else. */
  const foreign = new Map<string, RRsets>()
  const faults: (() => void)[] = []

  const happen = async (one: Happening): Promise<void> => {
    world.clock.now += 100
    switch (one.kind) {
      case 'register':
        registered.set(one.label, one.state)
        return world.register(one.label, one.state)
      case 'tell':
        return world.tell(inOrder(world.untold.splice(0), one.order))
      case 'run':
        return world.run({ task: one.reconcile ? 'reconcile' : 'drain' })
      case 'die':
        await world.run(undefined, mortal(world.parts, one.nth, one.moment)).catch(unlessDied)
        return
      case 'race':
        await Promise.all([world.run(), world.run({ task: 'reconcile' }), world.run()])
        return
      case 'fault':
        faults.push(world.emulator.inject({ times: one.times, effect: one.effect }))
        return
      case 'foreign':
        calm() // faults are meant for the mirror
        return meddle(one)
      case 'drift':
        calm()
        return drift(one)
    }
  }

  /** Somebody else puts a record set where nothing is, or alters his own. */
  async function meddle({ label, address }: Extract<Happening, { kind: 'foreign' }>): Promise<void> {
    const own = foreign.get(label)
    if (own === undefined && (await setsAt(world, label)).length > 0) return
    const planted = { A: { ttl: 5, rdata: [`192.0.2.${address}`] } }
    await world.edit(own === undefined ? 'CREATE' : 'UPSERT', label, planted)
    foreign.set(label, planted)
  }

  /** Somebody else alters what is ours. */
  async function drift({ label, how }: Extract<Happening, { kind: 'drift' }>): Promise<void> {
    const [set] = await setsAt(world, label)
    if (set === undefined || foreign.has(label) || (await world.store.inflight(world.hostedZone)) !== undefined) return
    const there = rrsets(set.slice(label.length + 1))
    const altered = Object.fromEntries(Object.entries(there).map(([type, rrset]) => [type, { ...rrset, ttl: 7 }]))
    await (how === 'gone' ? world.edit('DELETE', label, there) : world.edit('UPSERT', label, altered))
  }

  function calm(): void {
    for (const away of faults.splice(0)) away()
  }

  const rest = async (): Promise<void> => {
    calm()
    await world.tell()
    for (const task of ['drain', 'reconcile', 'drain'] as const) {
      world.clock.now += 16 * MINUTES // leases of the dead and pauses of the parked are over
      await world.run({ task })
    }
  }

  const check = async (): Promise<void> => {
    const sets = new Set(await world.sets())
    for (const label of LABELS) {
      const row = await world.row(label)
      const desired = registered.get(label) ?? {}
      const strange = foreign.get(label) ?? {}
      for (const type of Object.keys(row?.refused ?? {})) {
        const isPoison = desired[type]?.rdata.includes(POISON) ?? false
        const isAlias = label === '@' && type === 'CNAME'
        assert.ok(isPoison || isAlias || foreign.has(label), `${label} ${type} is refused without reason`)
      }
      for (const [type, rrset] of Object.entries(desired)) {
        if (row?.refused[type] !== undefined) continue
        assert.ok(
          sets.delete(`${label} ${rrset.ttl} ${type} ${rrset.rdata.join(', ')}`),
          `${label} ${type} is there as registered`,
        )
      }
      for (const [type, rrset] of Object.entries(strange)) {
        assert.ok(
          sets.delete(`${label} ${rrset.ttl} ${type} ${rrset.rdata.join(', ')}`),
          `${label} ${type} of somebody else stays`,
        )
        assert.equal(row?.applied[type], undefined)
      }
      // Of a refused RRset the last state that Route 53 took stays; of a refused switch from or to a CNAME what was there.
      const wanted = Object.keys(desired)
      const isRefused = (type: string) => row?.refused[type] !== undefined
      for (const [type, rrset] of Object.entries(row?.applied ?? {})) {
        const isSwitch = type === 'CNAME' || wanted.includes('CNAME')
        const stays = isRefused(type) || (isSwitch && wanted.length > 0 && wanted.every(isRefused))
        if (stays) sets.delete(`${label} ${rrset.ttl} ${type} ${rrset.rdata.join(', ')}`)
        else
          assert.ok(sameRRsets({ type: rrset }, { type: desired[type] ?? { ttl: -1, rdata: [] } }), `${label} ${type}`)
      }
    }
    assert.deepEqual([...sets], [], 'nothing else is there')
    assert.deepEqual(world.emulator.counts.violations, {}, 'no limit was broken')
    assert.equal((await world.store.counts(world.hostedZone)).marked, 0)
  }
  return { world, happen, rest, check }
}

async function setsAt(world: World, label: string): Promise<readonly string[]> {
  return (await world.sets()).filter((set) => set.startsWith(`${label} `))
}

function inOrder(
  changes: readonly NameChange[],
  order: Extract<Happening, { kind: 'tell' }>['order'],
): readonly NameChange[] {
  if (order === 'backwards') return changes.toReversed()
  if (order === 'twice') return [...changes, ...changes]
  return order === 'some' ? changes.filter((_, i) => i % 2 === 0) : changes
}

function unlessDied(error: unknown): void {
  if (!(error instanceof Died)) throw error
}
