/** The functions whose metrics AWS keeps, by the name of their folder. */
export type FunctionId =
  | 'authorizer'
  | 'dynapi'
  | 'function-names'
  | 'gateway'
  | 'leases'
  | 'mirror'
  | 'mirror-api'
  | 'mirror-feed'
  | 'probe'
  | 'probe-lookup'
  | 'registrations'
  | 'sequencer'
  | 'zones'

/** What a stack consists of, by the names under which CloudWatch has its metrics. */
export interface Deployed {
  /** `local`: what only AWS can measure is left out. */
  readonly platform: 'aws' | 'local'
  readonly region: string
  /** Zones that are mirrored, in presentation form. */
  readonly zones: readonly string[]
  readonly functions: Readonly<Partial<Record<FunctionId, string>>>
  /** Memory of functions, for what they cost; absent locally. */
  readonly megabytes?: Readonly<Partial<Record<FunctionId, number>>>
  /** Queues of what a feed has given up, by the function that it feeds. */
  readonly queues: Readonly<Partial<Record<FunctionId, string>>>
  readonly tables: Readonly<Record<string, string>>
  /** Ids of the HTTP APIs, by how they authenticate. */
  readonly apis: Readonly<Partial<Record<'iam' | 'tokens', string>>>
  readonly responder?: DeployedResponder
}

export interface DeployedResponder {
  /** Questions a second of one task at which another one is started. */
  readonly queriesPerTask: number
  /** Absent locally. */
  readonly aws?: {
    /** As CloudWatch names them: `net/NAME/ID` and `targetgroup/NAME/ID`. */
    readonly balancer: string
    readonly targetGroup: string
    /** Availability zones in which it has an address. */
    readonly zones: readonly string[]
    readonly cluster: string
    readonly service: string
    readonly logGroup: string
    /** Of one task that runs all the time, by list price. */
    readonly dollarsAMonth: number
  }
}
