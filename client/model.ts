/** What the registration API takes and gives, as the client has it. */

/** Which registration: under an id, at an owner name, in a zone. */
export interface RegistrationKey {
  /** A zone that Namestream serves: `example.org`. */
  readonly zone: string
  /** The whole owner name: `web.example.org`. */
  readonly name: string
  /** Unique at its name, `[A-Za-z0-9._:-]`, up to 64 characters. Absent: the name of this host. */
  readonly id?: string | undefined
}

export interface Registration extends RegistrationKey {
  readonly records: readonly RecordSet[]
  /** Whole seconds, 5 to 86400: so long after the last renewal the records are gone. Absent: they stay until they are withdrawn. */
  readonly lease?: number | undefined
}

export interface RecordSet {
  /** `A`, `AAAA`, `CNAME`, `TXT`, … */
  readonly type: string
  /** As in a master file: `10.0.0.5`, `"v=1"`. */
  readonly rdata: readonly string[]
  /** Seconds that resolvers may keep it. Absent: 10, and with a lease at most the lease. */
  readonly ttl?: number | undefined
}

/** A registration that the API has acknowledged. */
export interface Acknowledged {
  readonly zone: string
  readonly name: string
  readonly id: string
  readonly records: readonly RecordSet[]
  readonly lease?: number
  /** When the lease ends, unless it is renewed before: `2026-11-25T20:00:00.000Z`. */
  readonly until?: string
  /** Seconds after which to renew it; there is one if there is a lease. */
  readonly renewAfter?: number
}

/** Credentials of AWS, with which requests are signed. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** A request that was refused, or that got no answer. Its message has no secrets and may be logged. */
export class RegistrationError extends Error {
  /** Of HTTP; absent if there was no answer. */
  readonly status: number | undefined
  /** What the API calls it: `update_denied`, `zone_not_found`, … */
  readonly code: string | undefined

  constructor(
    message: string,
    { status, code, cause }: { status?: number; code?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.name = 'RegistrationError'
    this.status = status
    this.code = code
  }

  /** The API will say so again, until somebody changes something: a grant, a setting, a zone. */
  get isRefusal(): boolean {
    const { status = 0 } = this
    return status >= 400 && status < 500 && status !== 408 && status !== 429
  }
}
