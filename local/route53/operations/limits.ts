import { ApiError } from '../api-error.ts'
import { choice } from '../read-xml.ts'
import { type Element, element } from '../xml.ts'
import { MAX_HOSTED_ZONES } from './create-hosted-zone.ts'
import { type Operation, zoneState } from './operation.ts'
import { response } from './shapes.ts'

export const getAccountLimit: Operation = {
  name: 'GetAccountLimit',
  method: 'GET',
  path: '/accountlimit/{Type}',
  run({ parts: [type = ''] }, { journal }) {
    choice(type, ['MAX_HOSTED_ZONES_BY_OWNER'])
    return { root: response('GetAccountLimit', limit(type, MAX_HOSTED_ZONES, journal.account.zones.size)) }
  },
}

export const getHostedZoneLimit: Operation = {
  name: 'GetHostedZoneLimit',
  method: 'GET',
  path: '/hostedzonelimit/{Id}/{Type}',
  ofZone: true,
  run({ parts: [id, type = ''] }, context) {
    const { zone, sets } = zoneState(context, id)
    if (choice(type, ['MAX_RRSETS_BY_ZONE', 'MAX_VPCS_ASSOCIATED_BY_ZONE']) === 'MAX_RRSETS_BY_ZONE') {
      return { root: response('GetHostedZoneLimit', limit(type, context.maxSets, sets.size)) }
    }
    if (zone.vpc !== undefined) return { root: response('GetHostedZoneLimit', limit(type, MAX_VPCS, 1)) }
    throw new ApiError('HostedZoneNotPrivate', `The hosted zone ${zone.id} is not private`)
  },
}

// ---------------------------------------------------------------------------

const MAX_VPCS = 300

function limit(type: string, value: number, count: number): readonly Element[] {
  return [element('Limit', [element('Type', type), element('Value', value)]), element('Count', count)]
}
