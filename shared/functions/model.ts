import type { Name } from '../dns/name.ts'
import type { RRsets } from '../records/model.ts'
import type { NamedFunction } from '../registrations/model.ts'

/** A Lambda function, as far as its names depend on it. */
export interface FoundFunction {
  /** Without qualifier: `arn:aws:lambda:eu-west-1:123456789012:function:Pay`. */
  readonly arn: string
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
  readonly aliases: readonly FoundAlias[]
  /** Numbers of its published versions; empty unless its tags ask for their names. */
  readonly versions: readonly string[]
  readonly urls: readonly FunctionUrl[]
}

export interface FoundAlias {
  readonly name: string
  readonly version: string
}

export interface FunctionUrl {
  /** The alias that it leads to; absent: the function itself. */
  readonly qualifier?: string
  /** `https://….lambda-url.eu-west-1.on.aws/` */
  readonly url: string
  readonly authType: 'NONE' | 'AWS_IAM'
}

/** The tags of a function that say what is published of it. */
export const TAGS = {
  publish: 'namestream:publish',
  name: 'namestream:name',
  auth: 'namestream:auth',
  versions: 'namestream:versions',
} as const

/** Where names of functions lead, and where they stand. */
export interface FunctionNames {
  /** Names are `FUNCTION.fn.ZONE`. */
  readonly zone: Name
  readonly gateway: Gateway
  /** Of the records, in seconds. */
  readonly ttl: number
}

/** The function gateway, by its addresses in canonical form or by a name; `port` is where it speaks HTTP. */
export type Gateway =
  | { readonly kind: 'address'; readonly a: readonly string[]; readonly aaaa: readonly string[]; readonly port: number }
  | { readonly kind: 'cname'; readonly target: Name; readonly port: number }

/** What is or is to be registered at one owner name, under FUNCTION_ID. */
export interface Publication {
  readonly name: Name
  readonly rrsets: RRsets
  /** Absent at names that only tell of a function, as `_https._tcp.pay.fn.example.org.`. */
  readonly fn?: NamedFunction
}

/** A name that a function does not get. */
export interface Refusal {
  readonly code: RefusalCode
  /** With qualifier, if it is about an alias. */
  readonly arn: string
  /** What is wrong and what to do, for people. */
  readonly sentence: string
}

export type RefusalCode =
  | 'name_too_long'
  | 'not_a_label'
  | 'name_taken'
  | 'name_contested'
  | 'unknown_tag_value'
  | 'too_many_aliases'
  /** The store of registrations refuses: another principal, or other records, are there. */
  | 'not_registered'
