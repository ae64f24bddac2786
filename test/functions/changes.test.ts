import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { planChanges } from '../../shared/functions/changes.ts'
import type { FoundFunction, FunctionNames, Publication } from '../../shared/functions/model.ts'
import { ownersOf } from '../../shared/functions/owners.ts'
import { planNames } from '../../shared/functions/plan.ts'
import { byAddress, byName, functionNamed } from './found.ts'

const label = fc.constantFrom('pay', 'Pay', 'PAY', 'list', 'List_', 'x'.repeat(64), 'other')
const url = (qualifier?: string) => ({
  ...(qualifier && { qualifier }),
  url: `https://${qualifier ?? 'whole'}.lambda-url.eu-west-1.on.aws/`,
  authType: 'AWS_IAM' as const,
})

const one: fc.Arbitrary<FoundFunction> = fc
  .record({
    name: label,
    tag: fc.option(label, { nil: undefined }),
    publish: fc.constantFrom('true', 'true', 'true', 'false'),
    aliases: fc.uniqueArray(fc.constantFrom('prod', 'Prod', 'next', '_fn')),
    hasUrl: fc.boolean(),
    versions: fc.uniqueArray(fc.constantFrom('1', '2', '10')),
  })
  .map(({ name, tag, publish, aliases, hasUrl, versions }) =>
    functionNamed(name, {
      tags: { 'namestream:publish': publish, ...(tag && { 'namestream:name': tag }) },
      aliases: aliases.map((alias) => ({ name: alias, version: '1' })),
      urls: hasUrl ? [url(), ...aliases.map(url)] : [],
      versions,
    }),
  )
const functions = fc.uniqueArray(one, { selector: ({ arn }) => arn, maxLength: 5 })
const names: fc.Arbitrary<FunctionNames> = fc.constantFrom(byAddress, byName)

test('whatever came before, the changes lead to what is desired, each name once, and then there are none', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(functions, names), { minLength: 1, maxLength: 4 }), (states) => {
      let registered = new Map<string, Publication>()
      for (const [found, where] of states) {
        const before = [...registered.values()]
        const { desired, refusals } = planNames(found, where, standing(before, found))
        const owners = desired.map(({ name }) => name)
        assert.equal(new Set(owners).size, owners.length)
        registered = applied(registered, desired)
        assert.deepEqual(new Map(desired.map((it) => [it.name, it])), registered)
        assert.deepEqual(planChanges(desired, [...registered.values()]), { register: [], withdraw: [] })

        const again = planNames(found.toReversed(), where, [...registered.values()])
        assert.deepEqual(planChanges(again.desired, [...registered.values()]), { register: [], withdraw: [] })
        const wanted = found.filter(({ tags }) => tags['namestream:publish'] === 'true')
        for (const { arn } of wanted) {
          const has = desired.some(({ fn }) => fn?.arn === arn)
          assert.notEqual(
            has,
            refusals.some((refusal) => refusal.arn === arn),
            'a name or a refusal',
          )
        }
      }
    }),
  )
})

test('nothing stands beside a CNAME, and every string of a TXT fits', () => {
  fc.assert(
    fc.property(functions, names, (found, where) => {
      for (const { rrsets } of planNames(found, where, []).desired) {
        if (rrsets.CNAME !== undefined) assert.deepEqual(Object.keys(rrsets), ['CNAME'])
        for (const string of rrsets.TXT?.rdata[0]?.split('" "') ?? []) assert.ok(string.length <= 257)
      }
    }),
  )
})

// ---------------------------------------------------------------------------

/** Of all that is registered, what belongs to functions that are there. */
function standing(registered: readonly Publication[], found: readonly FoundFunction[]): Publication[] {
  const ownerOf = ownersOf(registered)
  return registered.filter(({ name }) => found.some(({ arn }) => arn === ownerOf(name)))
}

function applied(registered: ReadonlyMap<string, Publication>, desired: readonly Publication[]) {
  const { register, withdraw } = planChanges(desired, [...registered.values()])
  const next = new Map(registered)
  for (const it of register) next.set(it.name, it)
  for (const name of withdraw) next.delete(name)
  return next
}
