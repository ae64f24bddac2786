/** Documented limits that a client can break. */
export type Violation =
  | 'elements'
  | 'characters'
  | 'values'
  | 'valueLength'
  | 'emptyBatch'
  | 'sameSetTwice'
  | 'zoneFull'
  | 'rate'
  | 'priorRequest'

/** What has come and how it was answered, since the start. */
export interface Route53Counts {
  /** By operation; what is none of the API's is `unknown`. */
  readonly requests: Readonly<Record<string, number>>
  /** Change batches that were carried out. */
  readonly accepted: number
  /** Change batches that were refused, by error code. */
  readonly refused: Readonly<Record<string, number>>
  /** Requests above the account's rate. */
  readonly throttled: number
  /** Requests for a hosted zone that was busy with another. */
  readonly priorRequests: number
  /** Requests that a fault was injected into. */
  readonly injected: number
  /** Requests that broke a documented limit, by limit: a careful client leaves this empty. */
  readonly violations: Readonly<Partial<Record<Violation, number>>>
}

/** The counts while they are taken. */
export class Counting implements Route53Counts {
  readonly requests: Record<string, number> = {}
  accepted = 0
  readonly refused: Record<string, number> = {}
  throttled = 0
  priorRequests = 0
  injected = 0
  readonly violations: Partial<Record<Violation, number>> = {}

  request(operation: string): void {
    this.requests[operation] = (this.requests[operation] ?? 0) + 1
  }

  refuse(code: string): void {
    this.refused[code] = (this.refused[code] ?? 0) + 1
  }

  violate(violations: readonly Violation[]): void {
    for (const limit of violations) {
      this.violations[limit] = (this.violations[limit] ?? 0) + 1
      if (limit === 'rate') this.throttled++
      if (limit === 'priorRequest') this.priorRequests++
    }
  }
}
