import { setImmediate as turn } from 'node:timers/promises'

/** A clock that goes on only while everybody waits, and then at once to the next moment that somebody waits for. */
export interface Clock {
  readonly now: () => number
  readonly pause: (ms: number) => Promise<void>
  /** Lets time go by until a promise is settled. */
  run<T>(promise: Promise<T>): Promise<T>
}

export function newClock(start: number): Clock {
  const waiting: { at: number; wake: () => void }[] = []
  let time = start
  return {
    now: () => time,
    pause: (ms) => new Promise((wake) => waiting.push({ at: time + ms, wake })),
    async run(promise) {
      let settled = false
      const mark = () => {
        settled = true
      }
      promise.then(mark, mark)
      for (await turn(); !settled; await turn()) {
        const [next] = waiting.sort((one, other) => one.at - other.at)
        if (next === undefined) continue // what is waited for is outside
        waiting.shift()
        time = Math.max(time, next.at)
        next.wake()
      }
      return promise
    },
  }
}
