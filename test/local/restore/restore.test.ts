import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { carryOut } from '../../../local/restore/carry-out.ts'
import { planRestore, type Scope } from '../../../local/restore/plan.ts'
import { canonicalName } from '../../../shared/dns/name.ts'
import { memoryStore } from '../../../shared/records/memory.ts'
import type { NameRecord, RRsets } from '../../../shared/records/model.ts'
import type { NameStore } from '../../../shared/records/ports.ts'
import { a, apex, nameOf, record } from '../../contract/records.ts'

const ALL: Scope = { zones: undefined, names: undefined, prune: false }
const PRUNE = { ...ALL, prune: true }
const since = Date.now()
const nested = canonicalName(`sub.${apex}`)

async function storeOf(...records: readonly NameRecord[]): Promise<NameStore> {
  const { names } = memoryStore()
  for (const one of records) await names.write(one, 0)
  return names
}

const parts = (target: NameStore) => ({ target, now: Date.now, pause: async () => {}, progress: () => {} })

async function live(store: NameStore): Promise<Record<string, RRsets>> {
  const found: Record<string, RRsets> = {}
  for await (const page of store.scan()) {
    for (const { name, rrsets } of page) if (Object.keys(rrsets).length > 0) found[name] = rrsets
  }
  return found
}

describe('a plan', () => {
  const then = [
    record('same', 1, a(60, '192.0.2.1')),
    record('changed', 2, a(60, '192.0.2.2')),
    record('lost', 3, a(60, '192.0.2.3')),
    record('withdrawn', 4, {}),
  ]
  const now = [
    record('same', 9, a(60, '192.0.2.1')),
    record('changed', 9, a(60, '192.0.2.9')),
    record('lost', 9, {}),
    record('withdrawn', 9, a(60, '192.0.2.4')),
    record('new', 9, a(60, '192.0.2.5')),
  ]

  test('brings back what was changed and lost; what is new stays', async () => {
    const target = await storeOf(...now)
    const plan = await planRestore({ source: await storeOf(...then), target, zones: [apex], since }, ALL)
    assert.deepEqual(plan, {
      same: 1,
      remarks: [],
      changes: [
        { zone: apex, name: nameOf('changed'), before: a(60, '192.0.2.9'), after: a(60, '192.0.2.2') },
        { zone: apex, name: nameOf('lost'), before: {}, after: a(60, '192.0.2.3') },
      ],
    })
  })

  test('with prune: what the source does not have goes', async () => {
    const target = await storeOf(...now)
    const { changes } = await planRestore({ source: await storeOf(...then), target, zones: [apex], since }, PRUNE)
    const gone = changes.filter(({ after }) => Object.keys(after).length === 0).map(({ name }) => name)
    assert.deepEqual(gone, [nameOf('withdrawn'), nameOf('new')])
  })

  test('of one zone or one name is about nothing else, also with prune', async () => {
    const inSub = { ...record('host.sub', 1, a(60, '192.0.2.1')), zone: nested }
    const source = await storeOf(...then, inSub)
    const named = async (scope: Partial<Scope>) => {
      const target = await storeOf(...now)
      const plan = await planRestore({ source, target, zones: [apex, nested], since }, { ...PRUNE, ...scope })
      return plan.changes.map(({ name }) => name)
    }
    assert.deepEqual(await named({ zones: [nested] }), [inSub.name])
    assert.deepEqual(await named({ names: [nameOf('lost'), nameOf('new')] }), [nameOf('lost'), nameOf('new')])
  })

  test('a name goes to the zone that answers for it now', async () => {
    const source = await storeOf(record('host.sub', 1, a(60, '192.0.2.1')))
    const { changes } = await planRestore({ source, target: await storeOf(), zones: [apex, nested], since }, ALL)
    assert.equal(changes[0]?.zone, nested)
  })

  test('names of a zone that is not served are told, and left out', async () => {
    const source = await storeOf(record('a', 1, a(60, '192.0.2.1')), record('b', 1, a(60, '192.0.2.1')))
    const { changes, remarks } = await planRestore({ source, target: await storeOf(), zones: [nested], since }, ALL)
    assert.deepEqual(changes, [])
    assert.deepEqual(remarks, [`2 names of ${apex} are left out: the zone is not served`])
  })

  test('what cannot be read is neither overwritten nor removed', async () => {
    const garbled = (store: NameStore, label: string): NameStore => ({
      ...store,
      async *scan() {
        for await (const page of store.scan()) yield page.filter(({ name }) => name !== nameOf(label))
      },
      async readAll(names) {
        const { records } = await store.readAll(names)
        return { records, unreadable: new Set(names.filter((name) => name === nameOf(label))) }
      },
    })
    const source = garbled(await storeOf(...then), 'same')
    const target = garbled(await storeOf(...now), 'changed')
    const { changes, remarks } = await planRestore({ source, target, zones: [apex], since }, PRUNE)
    assert.deepEqual(
      changes.map(({ name }) => name),
      [nameOf('lost'), nameOf('withdrawn'), nameOf('new')],
    )
    assert.deepEqual(remarks, [
      `${nameOf('changed')} is left alone: what is registered cannot be read`,
      `${nameOf('same')} is left alone: what is to be restored cannot be read`,
    ])
  })

  test('what is written meanwhile stays, also with prune', async () => {
    const target = await storeOf(...now)
    const by = { principal: 'local', at: since + 1 }
    const source: NameStore = await storeOf(...then)
    const slow: NameStore = {
      ...source,
      async *scan() {
        yield* source.scan()
        await target.write({ ...record('late', 1, a(60, '192.0.2.6')), by }, 0)
      },
    }
    await target.write({ ...record('changed', 10, a(60, '192.0.2.8')), by }, 9)
    const { changes, remarks } = await planRestore({ source: slow, target, zones: [apex], since }, PRUNE)
    assert.deepEqual(
      changes.map(({ name }) => name),
      [nameOf('lost'), nameOf('withdrawn'), nameOf('new')],
    )
    assert.deepEqual(remarks, [`${nameOf('changed')} is left alone: it was just written`])
  })

  test('a name that the table does not have is told', async () => {
    const scope = { ...ALL, names: [nameOf('none')] }
    const source = await storeOf(...then)
    const { remarks } = await planRestore({ source, target: await storeOf(), zones: [apex], since }, scope)
    assert.deepEqual(remarks, [`${nameOf('none')} is not in the table to restore from, or cannot be read there`])
  })

  test('from a table without names is refused, above all with prune', async () => {
    const source = await storeOf(record('withdrawn', 1, {}))
    await assert.rejects(planRestore({ source, target: await storeOf(...now), zones: [apex], since }, PRUNE), {
      message: 'the table to restore from has no names',
    })
  })
})

describe('carried out', () => {
  test('each write is a new version by "restore"', async () => {
    const target = await storeOf(record('host', 7, a(60, '192.0.2.1')))
    const source = await storeOf(record('host', 3, a(60, '192.0.2.3')))
    const { changes } = await planRestore({ source, target, zones: [apex], since }, ALL)
    assert.deepEqual(await carryOut(changes, parts(target)), { written: 1, left: [] })
    const stored = await target.read(nameOf('host'))
    assert.deepEqual([stored?.version, stored?.rrsets, stored?.by?.principal], [8, a(60, '192.0.2.3'), 'restore'])
  })

  test('a name that was changed since the plan stays with whoever changed it', async () => {
    const target = await storeOf(record('host', 7, a(60, '192.0.2.1')))
    const source = await storeOf(record('host', 3, a(60, '192.0.2.3')))
    const { changes } = await planRestore({ source, target, zones: [apex], since }, ALL)
    await target.write(record('host', 8, a(60, '192.0.2.8')), 7)
    const { written, left } = await carryOut(changes, parts(target))
    assert.deepEqual([written, left.length], [0, 1])
    assert.match(left[0] ?? '', /^host\.example\.org\. is left as it is: changed since the plan was made$/)
    assert.deepEqual((await target.read(nameOf('host')))?.rrsets, a(60, '192.0.2.8'))
  })

  test('property: with prune what is registered is what the source has, and a second plan is empty', async () => {
    const labels = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 30 })
    const states = labels.chain((found) =>
      fc.tuple(...found.map((label) => fc.integer({ min: 0, max: 2 }).map((ip) => [label, ip] as const))),
    )
    const recordsOf = (list: readonly (readonly [number, number])[]) =>
      list.map(([label, ip]) => record(`h${label}`, 5, ip === 0 ? {} : a(60, `192.0.2.${ip}`)))
    await fc.assert(
      fc.asyncProperty(states, states, async (then, now) => {
        const source = await storeOf(record('always', 1, a(60, '192.0.2.1')), ...recordsOf(then))
        const target = await storeOf(...recordsOf(now))
        const plan = await planRestore({ source, target, zones: [apex], since }, PRUNE)
        await carryOut(plan.changes, parts(target))
        assert.deepEqual(await live(target), await live(source))
        const again = await planRestore({ source, target, zones: [apex], since }, PRUNE)
        assert.deepEqual(again.changes, [])
      }),
      { numRuns: 100 },
    )
  })
})
