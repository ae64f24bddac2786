import assert from 'node:assert/strict'
import { describe, mock, test } from 'node:test'
import { order } from '../../../responder/chain.ts'
import type { Handler, LinkDefinition } from '../../../responder/link.ts'
import { Counters, createCounterMemory, sumCounters } from '../../../responder/metrics/counters.ts'
import { panics } from '../../../responder/metrics/families.ts'
import { answering, ask, linksOf, show } from '../scenario.ts'
import { Served } from '../served.ts'

const zone = '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1'

const ways: Readonly<Record<string, (next: Handler) => Handler>> = {
  'on the way down': () => () => {
    throw new Error('a fault')
  },
  'on the way back': (next) => (request) => {
    next(request)
    throw new Error('a fault')
  },
  'with what is no error': () => () => {
    throw undefined
  },
}

for (const link of order) {
  describe(`a throw of ${link.name} is SERVFAIL, counted and reported once`, () => {
    for (const [title, way] of Object.entries(ways)) {
      test(title, () => {
        // Throws for one name only, to see that others are answered before and after.
        const breakable = (next: Handler): Handler => {
          const broken = way(next)
          return (request) => (request.query.id === BROKEN ? broken(request) : next(request))
        }
        const create = mock.method(link as LinkDefinition, 'create', () => breakable)
        const memory = createCounterMemory(1)
        const reported: [unknown, Uint8Array | undefined][] = []
        const answer = answering(
          { 'example.org.': zone },
          { [link.name]: {} },
          {
            counters: new Counters(memory, 0),
            report: (error, packet) => reported.push([error, packet]),
          },
        )
        create.mock.restore()
        assert.equal(create.mock.callCount(), 1)

        assert.equal(show(ask(answer, 'ns.example.org. A')).says, 'NOERROR aa')
        const message = ask((packet, from) => answer(withId(packet, BROKEN), from), 'ns.example.org. A +edns +rd')
        assert.deepEqual(show(message), { says: 'SERVFAIL rd', answer: [], authority: [], additional: [], options: [] })
        assert.equal(message.questions.length, 1)
        assert.notEqual(message.edns, undefined)
        assert.equal(show(ask(answer, 'ns.example.org. A')).says, 'NOERROR aa')

        assert.equal(sumCounters(memory)[panics.at], 1)
        assert.equal(reported.length, 1)
        const [[error, packet] = []] = reported
        assert.equal((error as Error | undefined)?.message, title === 'with what is no error' ? undefined : 'a fault')
        assert.equal(packet?.[1], BROKEN, 'the message that brought it out')
      })
    }
  })
}

test('a throw of the lookup is SERVFAIL, counted and reported once', () => {
  const memory = createCounterMemory(1)
  const reported: unknown[] = []
  const { zones } = new Served()
  mock.method(zones, 'find', () => {
    throw new Error('a fault')
  })
  const parts = { zones, counters: new Counters(memory, 0), report: (error: unknown) => reported.push(error) }
  assert.equal(show(ask(answering({}, {}, parts), 'ns.example.org. A')).says, 'SERVFAIL')
  assert.equal(sumCounters(memory)[panics.at], 1)
  assert.equal(reported.length, 1)
})

describe('is refused', () => {
  for (const [errors, complaint] of [
    [false, /^file: links\.errors: /],
    [{ window: 0 }, /^file: links\.errors\.window: /],
    [{ debug: 1 }, /^file: links\.errors\.debug: /],
    [{ stack: true }, /^file: links\.errors: "stack" is not known here$/],
  ] as const) {
    test(JSON.stringify(errors), () => assert.throws(() => linksOf({ errors }), { message: complaint }))
  }
})

// ---------------------------------------------------------------------------

const BROKEN = 13

function withId(packet: Uint8Array, id: number): Uint8Array {
  const changed = Uint8Array.from(packet)
  changed.set([0, id])
  return changed
}
