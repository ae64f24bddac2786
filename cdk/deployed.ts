import { Aws } from 'aws-cdk-lib'
import type { Queue } from 'aws-cdk-lib/aws-sqs'
import type { Deployed, DeployedResponder, FunctionId } from '../shared/metrics/deployed.ts'
import type { ServedZone } from './hosted-zones.ts'
import type { NodeFunction } from './node-function.ts'
import type { RegistrationApi } from './registration-api.ts'
import type { Tables } from './tables.ts'

/** What a stack consists of, as far as it is measured. */
export interface Parts {
  readonly mirrored: readonly ServedZone[]
  readonly tables: Tables
  /** Undefined where a function is not there. */
  readonly functions: Readonly<Partial<Record<FunctionId, NodeFunction | undefined>>>
  /** By the function that each feeds. */
  readonly feeds: Readonly<Partial<Record<FunctionId, Feed | undefined>>>
  readonly apis: Readonly<Record<keyof Deployed['apis'], RegistrationApi | undefined>>
  readonly responder: DeployedResponder | undefined
}

/** What feeds a function and has a queue of what it has given up. */
interface Feed {
  readonly givenUp: Queue
}

/** The names by which CloudWatch knows the parts; most are tokens of CloudFormation. */
export function deployedOf({ mirrored, tables, functions, feeds, apis, responder }: Parts): Deployed {
  const { names, zones, changelog, mirror, registrations, access } = tables
  return {
    platform: 'aws',
    region: Aws.REGION,
    zones: mirrored.map(({ zone }) => zone),
    functions: each(functions, ({ functionName }) => functionName),
    megabytes: each(functions, ({ megabytes }) => megabytes),
    queues: each(feeds, ({ givenUp }) => givenUp.queueName),
    tables: each({ names, zones, changelog, mirror, registrations, access }, ({ tableName }) => tableName),
    apis: each(apis, ({ id }) => id),
    ...(responder && { responder }),
  }
}

// ---------------------------------------------------------------------------

/** The values that are there, each made into something else. */
function each<K extends string, V, R>(
  record: Readonly<Partial<Record<K, V | undefined>>>,
  make: (value: V) => R,
): Partial<Record<K, R>> {
  const entries = Object.entries(record) as [K, V | undefined][]
  const made = entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, make(value)] as const]))
  return Object.fromEntries(made) as Partial<Record<K, R>>
}
