import {
  ChangeResourceRecordSetsCommand,
  type Change as Element,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  type Route53Client,
  type RRType,
} from '@aws-sdk/client-route-53'
import { NameError } from '../dns/name.ts'
import { RdataError } from '../dns/rdata.ts'
import { nameFromRoute53, rdataFromRoute53, route53Name, route53Value, storedRdata } from '../mirror/forms.ts'
import type { Change } from '../mirror/model.ts'
import type { ChangeOutcome, ListedSet, ListOutcome, Route53, StatusOutcome } from '../mirror/ports.ts'
import { splitMessages } from '../mirror/refusals.ts'
import type { StoredRRset } from '../records/model.ts'
import { bareId, failureOf, held } from './route53-client.ts'

/** The record sets of Route 53 itself, or of what the client's endpoint is. */
export function awsRoute53(client: Route53Client): Route53 {
  return {
    async change(hostedZone, changes): Promise<ChangeOutcome> {
      const batch = { HostedZoneId: hostedZone, ChangeBatch: { Changes: changes.map(elementOf) } }
      try {
        const { ChangeInfo } = await client.send(new ChangeResourceRecordSetsCommand(batch))
        return { kind: 'accepted', id: bareId(held(ChangeInfo?.Id)) }
      } catch (error) {
        const messages = refusalOf(error)
        return messages === undefined ? failureOf(error) : { kind: 'refused', messages }
      }
    },

    async list(hostedZone, from, limit): Promise<ListOutcome> {
      const page = {
        HostedZoneId: hostedZone,
        MaxItems: limit,
        ...(from && { StartRecordName: route53Name(from.name) }),
        ...(from?.type !== undefined && { StartRecordType: from.type as RRType }),
        ...(from?.identifier !== undefined && { StartRecordIdentifier: from.identifier }),
      }
      try {
        const answer = await client.send(new ListResourceRecordSetsCommand(page))
        const { ResourceRecordSets, NextRecordName: name, NextRecordType, NextRecordIdentifier } = answer
        const next = name !== undefined && {
          name: nameFromRoute53(name),
          ...(NextRecordType !== undefined && { type: NextRecordType }),
          ...(NextRecordIdentifier !== undefined && { identifier: NextRecordIdentifier }),
        }
        return { kind: 'listed', sets: held(ResourceRecordSets).map(listedSet), next: next || undefined }
      } catch (error) {
        if (!(error instanceof NameError)) return failureOf(error)
        return { kind: 'fault', code: error.name, message: `a listed name cannot be read: ${error.message}` }
      }
    },

    async changeStatus(id): Promise<StatusOutcome> {
      try {
        const { ChangeInfo } = await client.send(new GetChangeCommand({ Id: id }))
        return { kind: 'status', status: held(ChangeInfo?.Status) === 'INSYNC' ? 'INSYNC' : 'PENDING' }
      } catch (error) {
        return failureOf(error)
      }
    },
  }
}

// ---------------------------------------------------------------------------

function elementOf({ action, name, type, rrset }: Change): Element {
  const values = rrset.rdata.map((rdata) => ({ Value: route53Value(type, rdata) }))
  const set = { Name: route53Name(name), Type: type as RRType, TTL: rrset.ttl, ResourceRecords: values }
  return { Action: action, ResourceRecordSet: set }
}

function listedSet(set: ResourceRecordSet): ListedSet {
  return { name: nameFromRoute53(set.Name ?? ''), type: set.Type ?? '', rrset: rrsetOf(set) }
}

function rrsetOf({
  Type: type,
  TTL,
  ResourceRecords,
  SetIdentifier,
  ...set
}: ResourceRecordSet): StoredRRset | undefined {
  const routed =
    SetIdentifier !== undefined || set.AliasTarget !== undefined || set.TrafficPolicyInstanceId !== undefined
  if (routed || type === undefined || TTL === undefined || ResourceRecords === undefined) return undefined
  try {
    const rdata = ResourceRecords.map(({ Value }) => rdataFromRoute53(type, Value ?? ''))
    return { ttl: TTL, rdata: storedRdata(type, rdata) }
  } catch (error) {
    if (error instanceof RdataError) return undefined
    throw error
  }
}

/**
 * What a refused batch is told; undefined if the error is another one. Route 53 has two forms of InvalidChangeBatch, and
 * the SDK knows that with an Error element only: of the other, whose root is InvalidChangeBatch, it keeps the content.
 */
function refusalOf(error: unknown): readonly string[] | undefined {
  if (!(error instanceof Error)) return undefined
  const { messages = [], Messages } = error as { messages?: string[]; Messages?: { Message?: string | string[] } }
  const bare = [Messages?.Message ?? []].flat()
  if (bare.length > 0) return bare
  if (error.name !== 'InvalidChangeBatch' && error.name !== 'InvalidInput') return undefined
  return messages.length > 0 ? messages : splitMessages(error.message)
}
