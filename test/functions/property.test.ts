/** Whatever happens to functions and to what function-names asks, a reconcile afterwards leaves what is desired, and what others have. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalName } from '../../shared/dns/name.ts'
import type { FoundFunction } from '../../shared/functions/model.ts'
import { planNames } from '../../shared/functions/plan.ts'
import { FUNCTION_ID, type Registration } from '../../shared/registrations/model.ts'
import { a } from '../contract/records.ts'
import { byAddress, functionNamed } from './found.ts'
import { called, tagged, world } from './world.ts'

const NAMES = ['pay', 'Pay', 'list', 'till']
const FOREIGN = ['pay', 'list', 'prod.pay', 'elsewhere']
const other = { principal: 'token:0123456789abcdef', mayWrite: () => true }

type Step =
  | { readonly kind: 'deploy'; readonly fn: FoundFunction }
  | { readonly kind: 'remove' | 'event' | 'tag event' | 'foreign'; readonly name: string }
  | { readonly kind: 'reconcile' }
  /** From now on reading that function, or the list, fails; undefined: nothing. */
  | { readonly kind: 'break'; readonly name: string | undefined }

const fn = fc
  .record({
    name: fc.constantFrom(...NAMES),
    publish: fc.constantFrom('true', 'true', 'false'),
    tag: fc.constantFrom(undefined, undefined, 'pay', 'other'),
    aliases: fc.subarray(['prod', 'Prod', 'next']),
  })
  .map(({ name, publish, tag, aliases }) =>
    functionNamed(name, {
      tags: { 'namestream:publish': publish, ...(tag && { 'namestream:name': tag }) },
      aliases: aliases.map((alias) => ({ name: alias, version: '1' })),
    }),
  )
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('deploy' as const), fn }),
  fc.record({
    kind: fc.constantFrom('remove' as const, 'event' as const, 'tag event' as const),
    name: fc.constantFrom(...NAMES),
  }),
  fc.record({ kind: fc.constant('foreign' as const), name: fc.constantFrom(...FOREIGN) }),
  fc.constant({ kind: 'reconcile' as const }),
  fc.record({ kind: fc.constant('break' as const), name: fc.constantFrom(undefined, 'list of all', ...NAMES) }),
)

test('a reconcile puts everything right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { deploy, remove, reconcile, hear, hooks, registry, registrations } = await world()
      const there = new Map<string, FoundFunction>()
      const foreign = new Map<string, Registration>()
      let broken: string | undefined
      hooks.list = async () => {
        if (broken === 'list of all') throw new Error('broken')
      }
      hooks.read = async (name) => {
        if (broken === name) throw new Error('broken')
      }
      for (const one of steps) await take(one)
      broken = undefined
      await reconcile()
      await reconcile() // a name that the first one took away may be somebody's only now

      const all: Registration[] = []
      for await (const page of registrations.scan()) all.push(...page)
      const ours = all.filter(({ principal }) => principal !== other.principal)
      const { desired } = planNames([...there.values()], byAddress, ours)
      const free = desired.filter(({ name }) => !foreign.has(name))
      assert.deepEqual(
        ours.map(({ name, fn }) => [name, fn?.arn]).sort(),
        free.map(({ name, fn }) => [name, fn?.arn]).sort(),
      )
      for (const [name, was] of foreign) {
        assert.deepEqual(await registrations.read(canonicalName(name), FUNCTION_ID), was)
      }

      async function take(one: Step): Promise<void> {
        if (one.kind === 'deploy') {
          there.set(one.fn.name, one.fn)
          return deploy(one.fn)
        }
        if (one.kind === 'remove') {
          there.delete(one.name)
          return remove(one.name)
        }
        if (one.kind === 'foreign') return claim(canonicalName(`${one.name}.fn.example.org`))
        if (one.kind === 'break') broken = one.name
        else if (one.kind === 'reconcile') await reconcile().catch(() => {})
        else await hear(one.kind === 'event' ? called('CreateFunction', { functionName: one.name }) : tagged(one.name))
      }

      async function claim(name: ReturnType<typeof canonicalName>): Promise<void> {
        const request = { zone: byAddress.zone, name, id: FUNCTION_ID, rrsets: a(10, '192.0.2.9') }
        const registered = await registry.register(request, other).catch(() => undefined) // it may be ours
        if (registered !== undefined) foreign.set(name, registered)
      }
    }),
    { numRuns: 300 },
  )
})
