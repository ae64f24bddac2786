import { ApiError } from './api-error.ts'

export interface AdmissionOptions {
  readonly now: () => number
  readonly requestsPerSecond: number
  /** How long a hosted zone is busy after a change. */
  readonly busyMs: number
}

/** Who may come in: so many requests a second, and one change of a hosted zone at a time. */
export class Admission {
  readonly #options: AdmissionOptions
  #tokens: number
  #filledAt: number
  readonly #busyUntil = new Map<string, number>()
  readonly #busy = new Set<string>()

  constructor(options: AdmissionOptions) {
    this.#options = options
    this.#tokens = options.requestsPerSecond
    this.#filledAt = options.now()
  }

  /** Takes one of the tokens, which come back at the rate and are as many as come in a second. Throws Throttling. */
  takeToken(): void {
    const { now, requestsPerSecond } = this.#options
    const time = now()
    const gained = ((time - this.#filledAt) / 1000) * requestsPerSecond
    this.#tokens = Math.min(requestsPerSecond, this.#tokens + Math.max(0, gained))
    this.#filledAt = time
    if (this.#tokens < 1 - ROUNDING) throw new ApiError('Throttling', 'Rate exceeded', ['rate'])
    this.#tokens -= 1
  }

  /** Claims a hosted zone for one request; gives the function that ends the claim. Throws PriorRequestNotComplete. */
  enter(zone: string): () => void {
    if (this.#busy.has(zone) || this.#options.now() < (this.#busyUntil.get(zone) ?? 0)) {
      throw new ApiError('PriorRequestNotComplete', PRIOR_REQUEST, ['priorRequest'])
    }
    this.#busy.add(zone)
    return () => this.#busy.delete(zone)
  }

  /** Begins the time in which a hosted zone is busy with what it just accepted. */
  accepted(zone: string): void {
    const { now, busyMs } = this.#options
    if (busyMs > 0) this.#busyUntil.set(zone, now() + busyMs)
  }
}

export const PRIOR_REQUEST = 'The request was rejected because Route 53 was still processing a prior request.'

// ---------------------------------------------------------------------------

const ROUNDING = 1e-3 // of a token: times since 1970 leave few digits for fractions of a millisecond
