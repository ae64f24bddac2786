import { createHostedZone } from './create-hosted-zone.ts'
import { deleteHostedZone, getChange, getHostedZone, getHostedZoneCount } from './hosted-zones.ts'
import { getAccountLimit, getHostedZoneLimit } from './limits.ts'
import { listHostedZones, listHostedZonesByName } from './list-hosted-zones.ts'
import type { Operation } from './operation.ts'
import { changeResourceRecordSets, listResourceRecordSets } from './records.ts'
import { changeTagsForResource, listTagsForResource, listTagsForResources } from './tags.ts'

/** An operation and the variable parts of its path. */
export interface Match {
  readonly operation: Operation
  readonly parts: readonly string[]
}

/** The operation of a request; undefined if there is none. Throws URIError for a path that cannot be decoded. */
export function matchOperation(method: string, path: string): Match | undefined {
  for (const { operation, pattern } of OPERATIONS) {
    const found = operation.method === method ? pattern.exec(path) : null
    if (found !== null)
      return { operation, parts: found.slice(1).map((part) => withoutPrefix(decodeURIComponent(part))) }
  }
  return undefined
}

// ---------------------------------------------------------------------------

const OPERATIONS = [
  changeResourceRecordSets,
  listResourceRecordSets,
  createHostedZone,
  getHostedZone,
  deleteHostedZone,
  listHostedZones,
  listHostedZonesByName,
  getHostedZoneCount,
  getChange,
  changeTagsForResource,
  listTagsForResource,
  listTagsForResources,
  getAccountLimit,
  getHostedZoneLimit,
].map((operation: Operation) => ({ operation, pattern: pathPattern(operation.path) }))

/** Ids may come as they are given out: `/hostedzone/Z…`, `/change/C…`. */
function pathPattern(path: string): RegExp {
  return new RegExp(`^/2013-04-01${path.replace(/\{\w+\}/g, '(/?(?:(?:hostedzone|change)/)?[^/]+)')}/?$`)
}

function withoutPrefix(part: string): string {
  return part.replace(/^\/?(?:hostedzone|change)\//, '')
}
