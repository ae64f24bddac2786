/** A scan of all names beside the log, with writes, pages and readings of the log in any order. */
import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { EMPTY_LOG } from '../../../shared/records/ports.ts'
import { Registry } from './registry.ts'
import { follow, type Replica, stopAll, until } from './replica.ts'

afterEach(stopAll)

const LABELS = ['a', 'b', 'c', 'd']
const NAMES_A_PAGE = 2

const label = fc.constantFrom(...LABELS)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write'), label }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('remove'), label }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('log'), label }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('trim'), label }) },
)
/** What the log never got before the scan. */
const slip = fc.record({ kind: fc.constantFrom('write', 'remove', 'expire'), label })

test('no name goes back behind the log, and all end as the store has them', async () => {
  // Time for the follower to come round between two steps of the schedule.
  const scheduler = fc.scheduler({ act: (run) => sleep(1).then(run) })
  const there = fc.subarray(LABELS, { minLength: 2 })
  const slips = fc.uniqueArray(slip, { selector: (each) => each.label, maxLength: 3 })
  const steps = fc.array(step, { minLength: 10, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(scheduler, there, slips, steps, async (scheduler, there, slips, steps) => {
      const writer = new Writer()
      await writer.registry.serve()
      for (const label of there) await writer.does('write', label)
      await writer.does('log')
      const { ports } = writer.registry
      let isScheduled = false
      const turn = async (what: string) => {
        if (isScheduled) await scheduler.schedule(Promise.resolve(), what)
      }

      let time = 0
      let rescans = -1 // the first is no other
      const log = {
        head: ports.log.head,
        async after(cursor: number) {
          await turn('the log is asked')
          const answer = await ports.log.after(cursor)
          await turn('the log answers')
          return answer
        },
      }
      const names = {
        async *scan() {
          for (let at = 0; at < LABELS.length; at += NAMES_A_PAGE) {
            const wanted = LABELS.slice(at, at + NAMES_A_PAGE)
            await turn('a page is asked for')
            const page = []
            for await (const records of ports.names.scan()) page.push(...records)
            for (let i = 0; i < 4; i++) await turn('a page is on its way') // a long one, for much to happen meanwhile
            yield page.filter(({ name }) => wanted.includes(name.charAt(0)))
          }
          rescans++
        },
      }
      const replica = follow(writer.registry, { log, names, now: () => time, intervalMs: 0 })
      await replica.complete
      for (const { kind, label } of slips) await writer.does(kind, label)
      writer.forget()
      replica.always(() => writer.check(replica))

      isScheduled = true
      time = 3_600_000
      const { task } = scheduler.scheduleSequence(
        steps.map(
          ({ kind, label }) =>
            () =>
              writer.does(kind, label),
        ),
      )
      await scheduler.waitFor(Promise.all([task, until(() => rescans > 0)]))
      isScheduled = false
      await writer.does('log')
      const end = replica.reaches(writer.head)
      await scheduler.waitFor(end)
      writer.check(replica)
      assert.equal(replica.source.status().names, LABELS.filter((label) => writer.now(label) !== undefined).length)
      stopAll()
    }),
    { numRuns: 60 },
  )
})

// ---------------------------------------------------------------------------

/** What a name was and, if the log has that, in which segment. */
interface State {
  readonly address: string | undefined
  logged?: number
}

/** A writer that remembers all it wrote. */
class Writer {
  readonly registry = new Registry()
  head = EMPTY_LOG
  readonly #history = new Map<string, State[]>()
  #unlogged: State[] = []
  #written = 0

  now(label: string): string | undefined {
    return this.#history.get(label)?.at(-1)?.address
  }

  async does(kind: string, label = ''): Promise<void> {
    if (kind === 'log') {
      await this.registry.log()
      this.head++
      for (const state of this.#unlogged.splice(0)) state.logged = this.head
    } else if (kind === 'trim') this.registry.trimmed = this.head
    else if (kind === 'write') {
      const address = `192.0.2.${++this.#written}`
      await this.registry.write(label, [address])
      this.#add(label, address)
    } else if (this.now(label) !== undefined) {
      if (kind === 'remove') await this.registry.write(label, [])
      else this.registry.expire(label)
      this.#add(label, undefined)
    }
  }

  /** The log never gets what it has not got yet. */
  forget(): void {
    this.registry.forget()
    this.#unlogged = []
  }

  /** Each name is served as the log left it at the replica's position, or as it was at some time after that. */
  check(replica: Replica): void {
    const { position = 0 } = replica.source.status().followed ?? {}
    for (const label of LABELS) {
      const history = [{ address: undefined, logged: 0 }, ...(this.#history.get(label) ?? [])]
      const last = history.findLastIndex(({ logged = Number.POSITIVE_INFINITY }) => logged <= position)
      const possible = history.slice(last).map(({ address }) => address)
      assert.ok(possible.includes(replica.addresses(label)[0]), `${label} at ${position}`)
    }
  }

  #add(label: string, address: string | undefined): void {
    const state = { address }
    this.#history.set(label, [...(this.#history.get(label) ?? []), state])
    this.#unlogged.push(state)
  }
}
