import { ApiError } from '../api-error.ts'
import { element } from '../xml.ts'
import { newChange, type Operation, zoneState } from './operation.ts'
import { changeInfo, delegationSet, hostedZone, response, vpcElement } from './shapes.ts'

export const getHostedZone: Operation = {
  name: 'GetHostedZone',
  method: 'GET',
  path: '/hostedzone/{Id}',
  ofZone: true,
  run({ parts: [id] }, context) {
    const state = zoneState(context, id)
    const { vpc } = state.zone
    const vpcs = vpc === undefined ? [] : [element('VPCs', [vpcElement(vpc)])]
    return { root: response('GetHostedZone', [hostedZone(state), ...delegationSet(state.zone), ...vpcs]) }
  },
}

export const deleteHostedZone: Operation = {
  name: 'DeleteHostedZone',
  method: 'DELETE',
  path: '/hostedzone/{Id}',
  ofZone: true,
  changesZone: true,
  run({ parts: [id] }, context) {
    const { zone, sets } = zoneState(context, id)
    if (sets.all.some(({ name, type }) => name !== zone.name || !OF_THE_ZONE.includes(type))) {
      throw new ApiError(
        'HostedZoneNotEmpty',
        'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
      )
    }
    const change = newChange(context)
    context.journal.commit({ kind: 'delete', zone: zone.id, change })
    return { root: response('DeleteHostedZone', [changeInfo(change, context)]) }
  },
}

export const getHostedZoneCount: Operation = {
  name: 'GetHostedZoneCount',
  method: 'GET',
  path: '/hostedzonecount',
  run(_request, { journal }) {
    return { root: response('GetHostedZoneCount', [element('HostedZoneCount', journal.account.zones.size)]) }
  },
}

export const getChange: Operation = {
  name: 'GetChange',
  method: 'GET',
  path: '/change/{Id}',
  run({ parts: [id = ''] }, context) {
    const change = context.journal.account.changes.get(id)
    if (change === undefined) throw new ApiError('NoSuchChange', `Could not find resource with ID: ${id}`)
    return { root: response('GetChange', [changeInfo(change, context)]) }
  },
}

// ---------------------------------------------------------------------------

const OF_THE_ZONE = ['NS', 'SOA']
