import type { ZoneState } from '../account.ts'
import type { Change, HostedZone, Vpc } from '../model.ts'
import { API_NAMESPACE, type Element, element, optional } from '../xml.ts'
import type { Context } from './operation.ts'

// Elements that several answers have.

/** The root element of an answer. */
export function response(name: string, content: readonly Element[]): Element {
  return element(`${name}Response`, content, API_NAMESPACE)
}

export function changeInfo({ id, submittedAt, comment }: Change, { now, insyncMs, settled }: Context): Element {
  const insync = settled.has(id) || now() - submittedAt >= insyncMs
  return element('ChangeInfo', [
    element('Id', `/change/${id}`),
    element('Status', insync ? 'INSYNC' : 'PENDING'),
    element('SubmittedAt', new Date(submittedAt).toISOString()),
    ...optional('Comment', comment),
  ])
}

export function hostedZone({ zone, sets }: ZoneState): Element {
  return element('HostedZone', [
    element('Id', `/hostedzone/${zone.id}`),
    element('Name', zone.name),
    element('CallerReference', zone.callerReference),
    element('Config', [...optional('Comment', zone.comment), element('PrivateZone', zone.vpc !== undefined)]),
    element('ResourceRecordSetCount', sets.size),
  ])
}

/** Private hosted zones have none. */
export function delegationSet({ vpc, nameServers }: HostedZone): readonly Element[] {
  if (vpc !== undefined) return []
  const names = nameServers.map((name) => element('NameServer', name.slice(0, -1)))
  return [element('DelegationSet', [element('NameServers', names)])]
}

export function vpcElement({ id, region }: Vpc): Element {
  return element('VPC', [element('VPCRegion', region), element('VPCId', id)])
}
