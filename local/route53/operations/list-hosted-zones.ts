import { ApiError } from '../api-error.ts'
import { NameProblem, orderText, readName } from '../names.ts'
import { element, optional } from '../xml.ts'
import { maxItems, type Operation } from './operation.ts'
import { hostedZone, response } from './shapes.ts'

export const listHostedZones: Operation = {
  name: 'ListHostedZones',
  method: 'GET',
  path: '/hostedzone',
  run({ query }, { journal }) {
    const limit = maxItems(query, PAGE, PAGE)
    const marker = query.get('marker') ?? ''
    if (query.has('delegationsetid')) throw new ApiError('NoSuchDelegationSet', 'There is no such delegation set')
    const onlyPrivate = query.get('hostedzonetype') === 'PrivateHostedZone'
    const all = [...journal.account.zones.values()].filter(({ zone }) => !onlyPrivate || zone.vpc !== undefined)
    const start = marker === '' ? 0 : all.findIndex(({ zone }) => zone.id === marker.replace(/^\/hostedzone\//, ''))
    if (start < 0) throw new ApiError('InvalidInput', `The marker '${marker}' is not valid`)
    const next = all[start + limit]
    return {
      root: response('ListHostedZones', [
        element('HostedZones', all.slice(start, start + limit).map(hostedZone)),
        element('Marker', marker),
        element('IsTruncated', next !== undefined),
        ...optional('NextMarker', next?.zone.id),
        element('MaxItems', limit),
      ]),
    }
  },
}

export const listHostedZonesByName: Operation = {
  name: 'ListHostedZonesByName',
  method: 'GET',
  path: '/hostedzonesbyname',
  run({ query }, { journal }) {
    const limit = maxItems(query, PAGE, PAGE)
    const name = query.get('dnsname') || undefined
    const id = query.get('hostedzoneid')?.replace(/^\/?hostedzone\//, '') || undefined
    if (id !== undefined && name === undefined) {
      throw new ApiError('InvalidInput', 'The hosted zone ID needs a DNS name beside it')
    }
    const start = `${name === undefined ? '' : orderText(zoneName(name))}\0${id ?? ''}`
    const found = Array.from(journal.account.zones.values(), (state) => ({
      state,
      key: `${orderText(state.zone.name)}\0${state.zone.id}`,
    }))
      .filter(({ key }) => key >= start)
      .sort((a, b) => (a.key < b.key ? -1 : 1))
    const next = found[limit]?.state.zone
    return {
      root: response('ListHostedZonesByName', [
        element(
          'HostedZones',
          found.slice(0, limit).map(({ state }) => hostedZone(state)),
        ),
        ...optional('DNSName', name),
        ...optional('HostedZoneId', id),
        element('IsTruncated', next !== undefined),
        ...optional('NextDNSName', next?.name),
        ...optional('NextHostedZoneId', next?.id),
        element('MaxItems', limit),
      ]),
    }
  },
}

// ---------------------------------------------------------------------------

const PAGE = 100

function zoneName(text: string): string {
  try {
    return readName(text)
  } catch (error) {
    if (error instanceof NameProblem) throw new ApiError('InvalidDomainName', error.message)
    throw error
  }
}
