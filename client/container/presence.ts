import { setTimeout as later } from 'node:timers/promises'
import type { Client, RecordSet, Registered, Registration } from '../client.ts'
import type { Place } from './address.ts'
import type { Settings } from './settings.ts'

/** Whether this container is registered. */
export interface Presence {
  /** Registers, or withdraws; returns at once. */
  set(present: boolean): void
  /** Withdraws for good. Resolves when that is done, or the time is over (5 s). */
  end(): Promise<void>
}

export interface PresenceParts {
  readonly client: Client
  readonly settings: Settings
  /** Rejects if it cannot be told now. */
  readonly findPlace: () => Promise<Place>
  readonly say: (line: string) => void
}

/** What is wanted is done step by step: nothing is registered before what was withdrawn is gone. */
export function createPresence({ client, settings, findPlace, say }: PresenceParts): Presence {
  const ending = new AbortController()
  let wanted = false
  let registered: readonly Registered[] = []
  let last: Promise<void> = Promise.resolve()
  return {
    set(present) {
      wanted = present && !ending.signal.aborted
      last = last.then(step)
    },
    end() {
      ending.abort()
      this.set(false)
      return last
    },
  }

  async function step(): Promise<void> {
    if (wanted && registered.length === 0) await register()
    if (!wanted && registered.length > 0) await withdraw()
  }

  async function register(): Promise<void> {
    const place = await placed()
    if (!place || !wanted) return
    try {
      registered = registrations(settings, place).map((registration) => {
        const what = `${registration.name} ${registration.records.map(({ type, rdata }) => `${type} ${rdata}`).join(' ')}`
        const tellFailure = seldom(say)
        let told = false
        return client.register(registration, {
          onRenewed({ id }) {
            if (!told) say(`registered ${what} as ${id}`)
            told = true
          },
          onError(error) {
            told = false
            tellFailure(`cannot register ${registration.name}: ${error.message}`)
          },
        })
      })
    } catch (error) {
      say(`cannot register: ${(error as Error).message}`)
    }
  }

  async function withdraw(): Promise<void> {
    const leaving = registered
    registered = []
    const gone = await Promise.all(leaving.map((one) => one.withdraw(WITHDRAW_MS)))
    say(
      gone.every(Boolean) ? `withdrew ${settings.name}` : `could not withdraw ${settings.name}: it goes with its lease`,
    )
  }

  /** Tries until it is known where this is; undefined if that is not wanted any more. */
  async function placed(): Promise<Place | undefined> {
    const tellFailure = seldom(say)
    for (let ms = 500; wanted; ms = Math.min(2 * ms, 30_000)) {
      try {
        return await findPlace()
      } catch (error) {
        tellFailure((error as Error).message)
      }
      await later(ms, undefined, { signal: ending.signal, ref: false }).catch(() => {})
    }
    return undefined
  }
}

// ---------------------------------------------------------------------------

const WITHDRAW_MS = 5_000
const TELL_EVERY_MS = 60_000

function registrations(settings: Settings, { addresses, task }: Place): readonly Registration[] {
  const { zone, name, lease, service } = settings
  const id = settings.id ?? task
  const ttl = settings.ttl === undefined ? {} : { ttl: settings.ttl }
  const common = { zone, lease, ...(id !== undefined && { id }) }
  const sets: RecordSet[] = [
    { type: 'A', rdata: addresses.filter((address) => !address.includes(':')), ...ttl },
    { type: 'AAAA', rdata: addresses.filter((address) => address.includes(':')), ...ttl },
  ]
  const own = { ...common, name, records: sets.filter(({ rdata }) => rdata.length > 0) }
  if (!service) return [own]
  const target = name.endsWith('.') ? name : `${name}.`
  const records = [{ type: 'SRV', rdata: [`0 0 ${service.port} ${target}`], ...ttl }]
  return [own, { ...common, name: `${service.prefix}.${name}`, records }]
}

/** Says a line that is another one than the last at once, and the same one once a minute. */
function seldom(say: (line: string) => void): (line: string) => void {
  let last = ''
  let at = Number.NEGATIVE_INFINITY
  return (line) => {
    if (line === last && performance.now() < at + TELL_EVERY_MS) return
    last = line
    at = performance.now()
    say(line)
  }
}
