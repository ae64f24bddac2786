import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSchedule } from '../../local/schedule.ts'

test('it runs every so often, from beginning to beginning, and after a failure too', async () => {
  const world = new World()
  const schedule = startSchedule({
    everyMs: 100,
    ...world.clock,
    async run() {
      world.note()
      await world.clock.sleep(30)
      if (world.ran.length === 2) throw new Error('this once')
    },
  })
  await world.until(350)
  assert.deepEqual(world.ran, [100, 200, 300])
  const stopped = schedule.stop()
  await world.until(2000)
  await stopped
  assert.deepEqual(world.ran, [100, 200, 300])
})

test('one that takes longer than its interval is followed at once, and never runs twice at a time', async () => {
  const world = new World()
  let running = 0
  const schedule = startSchedule({
    everyMs: 100,
    ...world.clock,
    async run() {
      world.note()
      assert.equal(++running, 1)
      await world.clock.sleep(250)
      running--
    },
  })
  await world.until(900)
  assert.deepEqual(world.ran, [100, 350, 600, 850])
  const stopped = schedule.stop()
  await world.until(1100)
  await stopped
})

test('the end waits for what is running', async () => {
  const { promise: finished, resolve: finish } = Promise.withResolvers<void>()
  const world = new World()
  const schedule = startSchedule({ everyMs: 100, ...world.clock, run: () => finished })
  await world.until(100)
  let stopped = false
  const stopping = schedule.stop().then(() => {
    stopped = true
  })
  await world.until(200)
  assert.equal(stopped, false)
  finish()
  await stopping
})

// ---------------------------------------------------------------------------

/** Time that passes only when it is told to. */
class World {
  readonly ran: number[] = []
  #now = 0
  #sleepers: { readonly at: number; readonly wake: () => void }[] = []

  readonly clock = {
    now: () => this.#now,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((wake) => {
        this.#sleepers.push({ at: this.#now + ms, wake })
        signal?.addEventListener('abort', () => wake())
        if (signal?.aborted) wake()
      }),
  }

  note(): void {
    this.ran.push(this.#now)
  }

  async until(time: number): Promise<void> {
    for (;;) {
      await new Promise(setImmediate)
      const [next] = this.#sleepers.filter(({ at }) => at <= time).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== next)
      this.#now = Math.max(this.#now, next.at)
      next.wake()
    }
    this.#now = time
  }
}
