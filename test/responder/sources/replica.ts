import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, createAnswer } from '../../../responder/answer.ts'
import { Counters, createCounterMemory } from '../../../responder/metrics/counters.ts'
import { type ChangeLogOptions, changeLog } from '../../../responder/sources/change-log.ts'
import type { Source } from '../../../responder/sources/source.ts'
import type { Update } from '../../../responder/zones/update.ts'
import { EMPTY_LOG } from '../../../shared/records/ports.ts'
import { addresses } from '../client.ts'
import { ask } from '../scenario.ts'
import { Served } from '../served.ts'
import { type Registry, ZONE } from './registry.ts'

/** A replica as a worker has it, and what was done to it. */
export class Replica {
  readonly source: Source
  complete: Promise<void> = Promise.resolve()
  stop: () => void = () => {}
  readonly told: string[] = []
  /** Serial and log position after each step. */
  readonly serials: number[] = []
  readonly positions: number[] = []
  /** What checks of `always` threw: a source takes what comes out of `publish` for a fault of the store. */
  readonly broken: unknown[] = []
  readonly #served = new Served()
  readonly #answer: Answer
  #check: () => void = () => {}

  constructor(source: Source) {
    this.source = source
    const report = (error: unknown) => {
      throw error
    }
    const parts = { zones: this.#served.zones, counters: new Counters(createCounterMemory(1), 0), report }
    this.#answer = createAnswer(parts, { loadbalance: false })
  }

  apply(updates: readonly Update[]): void {
    this.#served.apply(updates)
    try {
      this.#check()
    } catch (error) {
      this.broken.push(error)
    }
    if (this.rcode('x') === 5) return
    this.serials.push(this.serial())
    this.positions.push(this.source.status().followed?.position ?? 0)
  }

  /** Holds after every step from now on; `stopAll` throws if it did not. */
  always(check: () => void): void {
    this.#check = check
  }

  rcode(label: string, zone = ZONE): number {
    return ask(this.#answer, `${label}.${zone} A`).rcode
  }

  addresses(label: string, zone = ZONE): string[] {
    return addresses(ask(this.#answer, `${label}.${zone} A`))
  }

  serial(zone = ZONE): number {
    const rdata = ask(this.#answer, `${zone} SOA`).answer[0]?.rdata ?? new Uint8Array()
    return Buffer.from(rdata).readUInt32BE(rdata.length - 20)
  }

  get age(): number {
    return this.source.status().followed?.ageSeconds ?? Number.NaN
  }

  reaches(position: number): Promise<void> {
    return until(() => (this.source.status().followed?.position ?? 0) >= position)
  }
}

/** A replica that follows until `stopAll`. */
export function follow(registry: Registry, options: Partial<ChangeLogOptions> = {}): Replica {
  const told: string[] = []
  const timing = { intervalMs: 5, zonesIntervalMs: 50, random: () => 0 }
  const source = changeLog({ ...registry.ports, tell: (line) => told.push(line), ...timing, ...options })
  const controller = new AbortController()
  const replica = Object.assign(new Replica(source), { told, stop: () => controller.abort() })
  followed.push(replica)
  replica.complete = source.start((updates) => replica.apply(updates), controller.signal)
  return replica
}

/** Stops every replica that follows. Throws the first error of a check that was to hold always. */
export function stopAll(): void {
  const replicas = followed.splice(0)
  for (const replica of replicas) replica.stop()
  for (const error of replicas.flatMap(({ broken }) => broken)) throw error
}

export async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await sleep(2)
}

/** Number of the nth segment of a log. */
export function nth(n: number): number {
  return EMPTY_LOG + n
}

// ---------------------------------------------------------------------------

const followed: Replica[] = []
