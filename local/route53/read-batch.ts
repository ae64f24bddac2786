import { ApiError } from './api-error.ts'
import {
  type Action,
  type AliasTarget,
  type Batch,
  type BatchChange,
  type RecordSet,
  ROUTING_POLICIES,
} from './model.ts'
import {
  boolean,
  child,
  choice,
  items,
  neededChild,
  neededText,
  onlyChildren,
  readRoot,
  text,
  whole,
} from './read-xml.ts'
import { TYPES } from './values.ts'
import type { Parsed } from './xml.ts'

/** Reads the body of ChangeResourceRecordSets. Throws ApiError where the schema of the API does not allow it. */
export function readBatch(body: string): Batch {
  const root = readRoot(body, 'ChangeResourceRecordSetsRequest')
  const batch = neededChild(root, 'ChangeBatch')
  onlyChildren(batch, ['Comment', 'Changes'])
  const comment = text(batch, 'Comment', 'ResourceDescription')
  const changes = items(neededChild(batch, 'Changes', 'emptyBatch'), 'Change', 'emptyBatch').map(readChange)
  return comment === undefined ? { changes } : { comment, changes }
}

// ---------------------------------------------------------------------------

const ACTIONS = ['CREATE', 'DELETE', 'UPSERT'] as const
const MAX_TTL = 2_147_483_647
const MAX_WEIGHT = 255

/** In the schema but not in this emulator, which therefore refuses them. */
const NOT_HERE = ['GeoLocation', 'CidrRoutingConfig', 'GeoProximityLocation', 'TrafficPolicyInstanceId'] as const

const MEMBERS = [
  'Name',
  'Type',
  'SetIdentifier',
  ...ROUTING_POLICIES,
  'TTL',
  'ResourceRecords',
  'AliasTarget',
  'HealthCheckId',
  ...NOT_HERE,
]

function readChange(change: Parsed): BatchChange {
  onlyChildren(change, ['Action', 'ResourceRecordSet'])
  const action = choice(neededText(change, 'Action', 'ChangeAction'), ACTIONS)
  return { action, set: readSet(neededChild(change, 'ResourceRecordSet'), action) }
}

function readSet(from: Parsed, action: Action): RecordSet {
  onlyChildren(from, MEMBERS)
  for (const name of NOT_HERE) {
    if (child(from, name)) throw new ApiError('InvalidInput', `${name} is not supported by this emulator of Route 53`)
  }
  const name = neededText(from, 'Name', 'DNSName')
  const type = choice(neededText(from, 'Type', 'RRType'), TYPES)
  const identifier = text(from, 'SetIdentifier', 'ResourceRecordSetIdentifier')
  const ttl = text(from, 'TTL', 'TTL')
  const records = child(from, 'ResourceRecords')
  const target = child(from, 'AliasTarget')
  const policies = ROUTING_POLICIES.filter((policy) => child(from, policy))
  const where = `in Change with [Action=${action}, Name=${name}, Type=${type}, SetIdentifier=${identifier ?? null}]`
  const plain = [ttl, records].filter((part) => part !== undefined)
  needExactlyOne(BODIES, [target !== undefined, plain.length > (target === undefined ? 1 : 0)], where)
  if (policies.length > 0 && identifier === undefined) throw invalid(`Missing field 'SetIdentifier' ${where}`)
  if (identifier !== undefined)
    needExactlyOne(
      POLICIES,
      ROUTING_POLICIES.map((one) => policies.includes(one)),
      where,
    )
  const healthCheck = text(from, 'HealthCheckId', 'HealthCheckId')
  if (healthCheck)
    throw new ApiError('NoSuchHealthCheck', `No health check exists with the specified ID: ${healthCheck}`)
  const [policy] = policies
  return {
    name,
    type,
    ...(identifier === undefined ? {} : { identifier }),
    ...(policy === undefined ? {} : { routing: { policy, value: routingValue(from, policy) } }),
    ...(ttl === undefined ? {} : { ttl: whole(ttl, 'TTL', MAX_TTL) }),
    values: records === undefined ? [] : items(records, 'ResourceRecord').map(readValue),
    ...(target === undefined ? {} : { alias: readAlias(target) }),
  }
}

const BODIES = 'AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId'
const POLICIES = 'Weight, Region, Failover, GeoLocation, MultiValueAnswer, or CidrRoutingConfig'

function needExactlyOne(choices: string, present: readonly boolean[], where: string): void {
  const count = present.filter(Boolean).length
  if (count === 1) return
  throw invalid(`Expected exactly one of [${choices}], but found ${count === 0 ? 'none' : 'more than one'} ${where}`)
}

function routingValue(from: Parsed, policy: (typeof ROUTING_POLICIES)[number]): string {
  const value = neededText(from, policy, 'RoutingPolicy')
  if (policy === 'Weight') return String(whole(value, 'ResourceRecordSetWeight', MAX_WEIGHT))
  if (policy === 'Failover') return choice(value, ['PRIMARY', 'SECONDARY'])
  return policy === 'MultiValueAnswer' ? String(boolean(value)) : value
}

function readValue(record: Parsed): string {
  onlyChildren(record, ['Value'])
  return neededText(record, 'Value', 'RData')
}

function readAlias(target: Parsed): AliasTarget {
  onlyChildren(target, ['HostedZoneId', 'DNSName', 'EvaluateTargetHealth'])
  return {
    hostedZoneId: neededText(target, 'HostedZoneId', 'ResourceId').replace(/^\/?hostedzone\//, ''),
    dnsName: neededText(target, 'DNSName', 'DNSName'),
    evaluateTargetHealth: boolean(neededText(target, 'EvaluateTargetHealth', 'AliasHealthEnabled')),
  }
}

function invalid(reason: string): ApiError {
  return new ApiError('InvalidInput', `Invalid request: ${reason}`)
}
