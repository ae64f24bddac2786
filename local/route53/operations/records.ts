import { ApiError } from '../api-error.ts'
import { type RecordSet, setKey } from '../model.ts'
import { NameProblem, orderText, readName } from '../names.ts'
import { planBatch } from '../plan-batch.ts'
import { TYPES } from '../values.ts'
import { type Element, element, optional } from '../xml.ts'
import { maxItems, newChange, type Operation, zoneState } from './operation.ts'
import { changeInfo, response } from './shapes.ts'

export const changeResourceRecordSets: Operation = {
  name: 'ChangeResourceRecordSets',
  method: 'POST',
  path: '/hostedzone/{Id}/rrset',
  ofZone: true,
  changesZone: true,
  run({ parts: [id], batch }, context) {
    const { changes, comment } = batch()
    const { zone, sets } = zoneState(context, id)
    const plan = planBatch({ changes }, zone, sets, context.maxSets)
    const change = newChange(context, comment)
    context.journal.commit({ kind: 'change', zone: zone.id, ...plan, change })
    return { root: response('ChangeResourceRecordSets', [changeInfo(change, context)]) }
  },
}

export const listResourceRecordSets: Operation = {
  name: 'ListResourceRecordSets',
  method: 'GET',
  path: '/hostedzone/{Id}/rrset',
  ofZone: true,
  run({ parts: [id], query }, context) {
    const { sets } = zoneState(context, id)
    const limit = maxItems(query, DEFAULT_PAGE, MAX_PAGE)
    const found = sets.from(startKey(query), limit + 1)
    const next = found[limit]
    return {
      root: response('ListResourceRecordSets', [
        element('ResourceRecordSets', found.slice(0, limit).map(recordSet)),
        element('IsTruncated', next !== undefined),
        element('MaxItems', limit),
        ...optional('NextRecordName', next?.name),
        ...optional('NextRecordType', next?.type),
        ...optional('NextRecordIdentifier', next?.identifier),
      ]),
    }
  },
}

// ---------------------------------------------------------------------------

const DEFAULT_PAGE = 100
const MAX_PAGE = 300

function startKey(query: URLSearchParams): string {
  const [name, type, identifier] = ['name', 'type', 'identifier'].map((member) => query.get(member) || undefined)
  if (type !== undefined && name === undefined) throw new ApiError('InvalidInput', 'The type needs a name beside it')
  if (identifier !== undefined && type === undefined) {
    throw new ApiError('InvalidInput', 'The identifier needs a type beside it')
  }
  if (type !== undefined && !TYPES.includes(type))
    throw new ApiError('InvalidInput', `The type ${type} is not supported`)
  if (name === undefined) return ''
  try {
    return setKey(orderText(readName(name)), type, identifier)
  } catch (error) {
    if (error instanceof NameProblem) throw new ApiError('InvalidInput', error.message)
    throw error
  }
}

function recordSet({ name, type, identifier, routing, ttl, values, alias }: RecordSet): Element {
  const records = values.map((value) => element('ResourceRecord', [element('Value', value)]))
  return element('ResourceRecordSet', [
    element('Name', name),
    element('Type', type),
    ...optional('SetIdentifier', identifier),
    ...(routing === undefined ? [] : [element(routing.policy, routing.value)]),
    ...optional('TTL', ttl),
    ...(alias === undefined ? [element('ResourceRecords', records)] : [aliasTarget(alias)]),
  ])
}

function aliasTarget({ hostedZoneId, dnsName, evaluateTargetHealth }: NonNullable<RecordSet['alias']>): Element {
  return element('AliasTarget', [
    element('HostedZoneId', hostedZoneId),
    element('DNSName', dnsName),
    element('EvaluateTargetHealth', evaluateTargetHealth),
  ])
}
