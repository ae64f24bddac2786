/** One run of the probe, with what carries its steps out left open. */

/** Registers the address under the name of the probe; rejects if that was not acknowledged. */
export type Register = (address: string, signal: AbortSignal) => Promise<void>

/** Where the address is to be found after some time. */
export interface Place {
  /** What takes its time and is no part of the delay: cold starts, connections, what does not change. */
  prepare(signal: AbortSignal): Promise<unknown>
  /** Resolves when the address is there, or soon after; rejects, with what is there instead, at the latest when the signal is aborted. */
  find(address: string, signal: AbortSignal): Promise<Found>
}

export interface Found {
  /** How long ago the address was there for the first time; absent if it is there, but since when is not known. */
  readonly sinceMs?: number
  /** What is wrong all the same. */
  readonly failure?: string
  /** For the log. */
  readonly told?: Readonly<Record<string, unknown>>
}

export interface ProbeParts {
  readonly register: Register
  readonly places: Readonly<Partial<Record<PlaceName, Place>>>
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number
  readonly limits: Limits
}

export type PlaceName = 'responder' | 'route53'

/** Milliseconds that each step may take. The places are looked at side by side. */
export type Limits = Readonly<Record<'prepare' | 'register' | PlaceName, number>>

export interface Outcome {
  readonly address: string
  readonly steps: Readonly<Partial<Record<'register' | PlaceName, Step>>>
}

export interface Step {
  /** `register`: until it was acknowledged. Else: from then until the address was there. Absent if that is not known. */
  readonly ms?: number
  readonly failure?: string
  readonly told?: Found['told']
}

/** Registers an address and waits until it is in all places. Never rejects for a step that failed. */
export async function runProbe(address: string, { register, places, now, limits }: ProbeParts): Promise<Outcome> {
  const entries = Object.entries(places) as [PlaceName, Place][]
  await Promise.all(entries.map(([, place]) => step(limits.prepare, (signal) => place.prepare(signal))))

  const began = now()
  const written = await step(limits.register, (signal) => register(address, signal))
  const acknowledged = now()
  if ('failure' in written) return { address, steps: { register: written } }

  const found = entries.map(async ([name, place]) => [name, await look(limits[name], place)] as const)
  const steps = Object.fromEntries(await Promise.all(found))
  return { address, steps: { register: { ms: acknowledged - began }, ...steps } }

  async function look(limit: number, place: Place): Promise<Step> {
    const seen = await step(limit, (signal) => place.find(address, signal))
    if (!('done' in seen)) return seen
    const { sinceMs, ...rest } = seen.done
    return { ...(sinceMs !== undefined && { ms: Math.max(0, now() - sinceMs - acknowledged) }), ...rest }
  }
}

// ---------------------------------------------------------------------------

/** For a step that heeds the signal to say what it saw. */
const LAST_WORDS_MS = 250

type Ended<T> = { readonly done: T } | { readonly failure: string }

/** Carries out a step, for so long at the most. */
async function step<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<Ended<T>> {
  const late = new Error(`not done within ${limitMs / 1000} s`)
  const ending = new AbortController()
  const { promise: overrun, reject } = Promise.withResolvers<never>()
  const warn = setTimeout(() => ending.abort(late), limitMs)
  const leave = setTimeout(() => reject(late), limitMs + LAST_WORDS_MS)
  try {
    return { done: await Promise.race([work(ending.signal), overrun]) }
  } catch (error) {
    return { failure: (error as Error).message || String(error) }
  } finally {
    clearTimeout(warn)
    clearTimeout(leave)
  }
}
