import type { R53Name } from './names.ts'

export type Action = 'CREATE' | 'UPSERT' | 'DELETE'

/** A record set as it is stored and listed. */
export interface RecordSet {
  readonly name: R53Name
  readonly type: string
  /** Of a set with a routing policy. */
  readonly identifier?: string
  /** The one member that makes the policy, such as Weight, with its text. */
  readonly routing?: { readonly policy: RoutingPolicy; readonly value: string }
  /** Absent in an alias. */
  readonly ttl?: number
  /** As they were sent. Empty in an alias. */
  readonly values: readonly string[]
  readonly alias?: AliasTarget
}

export const ROUTING_POLICIES = ['Weight', 'Region', 'Failover', 'MultiValueAnswer'] as const
export type RoutingPolicy = (typeof ROUTING_POLICIES)[number]

export interface AliasTarget {
  readonly hostedZoneId: string
  readonly dnsName: string
  readonly evaluateTargetHealth: boolean
}

/** One element of a batch. Its name is as the client wrote it until the batch has been checked. */
export interface BatchChange {
  readonly action: Action
  readonly set: RecordSet
}

export interface Batch {
  readonly comment?: string
  readonly changes: readonly BatchChange[]
}

/** What a batch comes to: sets to take out of the zone and sets to put in. */
export interface Plan {
  readonly removed: readonly RecordSet[]
  readonly put: readonly RecordSet[]
}

export interface Vpc {
  readonly id: string
  readonly region: string
}

export interface HostedZone {
  readonly id: string
  readonly name: R53Name
  readonly callerReference: string
  readonly comment?: string
  /** Of a private hosted zone. */
  readonly vpc?: Vpc
  readonly nameServers: readonly string[]
}

/** An accepted change, as GetChange tells it. */
export interface Change {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly submittedAt: number
  readonly comment?: string
}

/** What identifies a set, and where it stands in lists: by name, then type, then identifier. */
export function setKey(order: string, type = '', identifier = ''): string {
  return `${order}\0${type}\0${identifier}`
}

/** A name, type and perhaps identifier as AWS's messages put it. */
export function told({ name, type, identifier }: Pick<RecordSet, 'name' | 'type' | 'identifier'>): string {
  return `[name='${name}', type='${type}'${identifier === undefined ? '' : `, set-identifier='${identifier}'`}]`
}
