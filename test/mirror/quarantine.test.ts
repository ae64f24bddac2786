/** What is set aside, why, and what becomes of the rest of its name. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Change, Walk } from '../../shared/mirror/model.ts'
import { NO_COUNTS } from '../../shared/mirror/no-counts.ts'
import { emptyRow } from '../../shared/mirror/plan.ts'
import type { MirrorStore } from '../../shared/mirror/ports.ts'
import { blame, excerpt } from '../../shared/mirror/refusals.ts'
import type { NameStore } from '../../shared/records/ports.ts'
import { at, rrsets } from './text.ts'
import { changeRequests, newWorld } from './world.ts'

const A1 = rrsets('60 A 192.0.2.1')
const ALIAS = rrsets('60 CNAME other.example.net.')
const STRAY = rrsets('5 A 203.0.113.7')

describe('what is told of a refusal', () => {
  test('is what AWS said of that record, however many it named', async () => {
    const world = await newWorld()
    for (let i = 0; i < 40; i++) await world.register(`n${i}`, rrsets(`60 A 192.0.2.${256 + i}`))
    await world.sync()
    for (let i = 0; i < 40; i++) {
      const { message = '' } = (await world.row(`n${i}`))?.refused.A ?? {}
      assert.deepEqual(message.match(/192\.0\.2\.\d+/g), [`192.0.2.${256 + i}`])
    }
  })

  test('is cut short where it names nobody: a row has to fit into an item', () => {
    const told = excerpt('x'.repeat(100_000), change('CREATE', 'h', 'A', '192.0.2.1'))
    assert.ok(told.startsWith('xxx') && told.length < 1_000)
  })

  test('is of no name that is only quoted in the data of another one', () => {
    const evil = change('CREATE', 'evil', 'CAA', `0 x "'victim.example.org.'"`)
    const victim = change('DELETE', 'victim', 'A', '192.0.2.1')
    const message = `Invalid Resource Record: 'FATAL problem: CAARRDATAInvalid (x) encountered with '0 x "'victim.example.org.'"''`
    assert.deepEqual(
      blame([message], [evil, victim]).map(({ changes }) => changes),
      [[evil]],
    )
  })
})

describe('a switch', () => {
  for (const named of [true, false]) {
    for (const [before, after, type] of [
      [A1, ALIAS, 'CNAME'],
      [ALIAS, A1, 'A'],
    ] as const) {
      test(`to ${type} that AWS refuses ${named ? 'by name' : 'as a whole'} leaves what was there`, async () => {
        const world = await newWorld()
        await world.register('h', before)
        await world.sync()
        const sets = await world.sets()
        const offender = { name: 'h.example.org.', type }
        world.emulator.inject({ effect: { kind: 'poison', offender, message: 'Poison', named } })
        await world.register('h', after)
        await world.sync()
        await world.run({ task: 'reconcile' })
        assert.deepEqual(await world.sets(), sets)
        assert.deepEqual((await world.row('h'))?.applied, before)
        assert.deepEqual(Object.keys((await world.row('h'))?.refused ?? {}), [type])
        assert.deepEqual(await world.store.counts(world.hostedZone), { marked: 0, refused: 1 })
      })
    }
  }

  test('of long text that no request can alter is made of a deletion and a creation in one request', async () => {
    const world = await newWorld()
    await world.register('h', { TXT: { ttl: 60, rdata: longText('a', 50) } })
    await world.sync()
    const before = changeRequests(world)
    const after = { TXT: { ttl: 60, rdata: longText('b', 170) } }
    await world.register('h', after)
    await world.sync()
    assert.equal(changeRequests(world) - before, 1)
    assert.deepEqual((await world.row('h'))?.applied, after)
    assert.equal((await world.sets()).length, 1)
  })
})

test('a deletion that fits no request is set aside, and holds up no other name', async () => {
  const world = await newWorld()
  const TXT = { ttl: 60, rdata: longText('x', 400) }
  await world.store.putRows(world.hostedZone, [{ ...emptyRow(at('h')), applied: { TXT } }])
  await world.store.mark(world.hostedZone, [{ name: at('h'), at: 1 }])
  await world.register('other', A1)
  await world.tell()
  let looks = 0
  const marks: MirrorStore['marks'] = async (...args) => {
    assert.ok(looks++ < 20, 'looks again and again')
    return world.store.marks(...args)
  }
  await world.run(undefined, { ...world.parts, store: { ...world.store, marks } })
  assert.deepEqual(await world.sets(), ['other 60 A 192.0.2.1'])
  assert.equal((await world.row('h'))?.refused.TXT?.code, 'invalid')
  assert.deepEqual(await world.store.counts(world.hostedZone), { marked: 0, refused: 1 })
})

test('a foreign record set that leaves makes room, though one of another type stays', async () => {
  const world = await newWorld()
  await world.edit('CREATE', 'h', { ...STRAY, ...rrsets('5 TXT "theirs"') })
  await world.register('h', A1)
  await world.sync()
  await world.edit('DELETE', 'h', STRAY)
  await world.run({ task: 'reconcile' })
  assert.deepEqual(await world.sets(), ['h 60 A 192.0.2.1', 'h 5 TXT "theirs"'])
})

describe('an adoption', () => {
  test('does not cost a foreign record set whose name becomes a CNAME meanwhile', async () => {
    const world = await newWorld()
    await world.edit('CREATE', 'h', STRAY)
    let isFirst = true
    const readAll: NameStore['readAll'] = async (names) => {
      const found = await world.parts.names.readAll(names)
      if (isFirst) await world.register('h', ALIAS)
      isFirst = false
      return found
    }
    await world.store.beginWalk(world.hostedZone, adoption(true))
    await world.run(undefined, { ...world.parts, names: { ...world.parts.names, readAll } })
    await world.sync()
    assert.deepEqual(await world.sets(), ['h 5 A 203.0.113.7'])
    assert.equal((await world.row('h'))?.refused.CNAME?.code, 'foreign')
  })

  test('that is accepted at the moment a reconcile begins is not replaced by it', async () => {
    const world = await newWorld()
    await world.edit('CREATE', 'h', A1)
    let accepted = false
    const accept = async () => {
      if (!accepted) await world.store.note(world.hostedZone, { walk: adoption(false) })
      accepted = true
    }
    // Right after a look at the state, and right before the walk is noted.
    const store: MirrorStore = {
      ...world.store,
      async state(hostedZone) {
        const state = await world.store.state(hostedZone)
        await accept()
        return state
      },
      async beginWalk(...args) {
        await accept()
        return world.store.beginWalk(...args)
      },
    }
    await world.run({ task: 'reconcile' }, { ...world.parts, store })
    await world.sync()
    assert.deepEqual((await world.row('h'))?.applied, A1)
  })
})

// ---------------------------------------------------------------------------

function change(action: Change['action'], label: string, type: string, rdata: string): Change {
  return { action, name: at(label), type, rrset: { ttl: 60, rdata: [rdata] } }
}

function adoption(overwrite: boolean): Walk {
  return { kind: 'adopt', overwrite, startedAt: 1, counts: NO_COUNTS }
}

/** Strings of 99 characters each, in canonical order. */
function longText(letter: string, strings: number): readonly string[] {
  return Array.from({ length: strings }, (_, i) => `"${letter.repeat(96)}${String(i).padStart(3, '0')}"`)
}
