import { createHash } from 'node:crypto'
import { ApiError } from '../api-error.ts'
import type { HostedZone, RecordSet, Vpc } from '../model.ts'
import { isWildcard, NameProblem, type R53Name, readName } from '../names.ts'
import { boolean, child, neededText, onlyChildren, readRoot, text } from '../read-xml.ts'
import type { Parsed } from '../xml.ts'
import { type Context, newChange, newId, type Operation, zoneState } from './operation.ts'
import { changeInfo, delegationSet, hostedZone, response, vpcElement } from './shapes.ts'

export const createHostedZone: Operation = {
  name: 'CreateHostedZone',
  method: 'POST',
  path: '/hostedzone',
  run({ body }, context) {
    const zone = readZone(body)
    refuse(zone, context)
    const change = newChange(context)
    context.journal.commit({ kind: 'create', zone, sets: firstSets(zone), change })
    const vpc = zone.vpc === undefined ? [] : [vpcElement(zone.vpc)]
    return {
      status: 201,
      location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}`,
      root: response('CreateHostedZone', [
        hostedZone(zoneState(context, zone.id)),
        changeInfo(change, context),
        ...delegationSet(zone),
        ...vpc,
      ]),
    }
  },
}

export const MAX_HOSTED_ZONES = 500

// ---------------------------------------------------------------------------

function readZone(body: string): HostedZone {
  const root = readRoot(body, 'CreateHostedZoneRequest')
  onlyChildren(root, ['Name', 'VPC', 'CallerReference', 'HostedZoneConfig', 'DelegationSetId'])
  const name = zoneName(neededText(root, 'Name', 'DNSName'))
  const callerReference = neededText(root, 'CallerReference', 'Nonce')
  const config = child(root, 'HostedZoneConfig')
  const comment = config && text(config, 'Comment', 'ResourceDescription')
  const vpc = readVpc(child(root, 'VPC'))
  const isPrivate = config && text(config, 'PrivateZone', 'IsPrivateZone')
  if (isPrivate !== undefined && boolean(isPrivate) !== (vpc !== undefined)) {
    throw new ApiError('InvalidInput', 'PrivateZone must be true if and only if a VPC is given')
  }
  if (vpc === undefined && name.indexOf('.') === name.length - 1) {
    throw new ApiError('InvalidDomainName', `${name} is a top-level domain, which cannot be a public hosted zone`)
  }
  if (child(root, 'DelegationSetId')) {
    throw new ApiError('NoSuchDelegationSet', 'This emulator of Route 53 has no reusable delegation sets')
  }
  const id = newId('Z')
  const nameServers = vpc === undefined ? publicNameServers(id) : nameServersOf([0, 0, 0, 0], [0, 512, 1024, 1536])
  return { id, name, callerReference, nameServers, ...(comment ? { comment } : {}), ...(vpc ? { vpc } : {}) }
}

function readVpc(vpc: Parsed | undefined): Vpc | undefined {
  if (vpc === undefined) return undefined
  const id = neededText(vpc, 'VPCId', 'VPCId')
  if (!/^vpc-[0-9a-f]{8,17}$/.test(id)) throw new ApiError('InvalidVPCId', `The VPC ID ${id} is not valid`)
  return { id, region: neededText(vpc, 'VPCRegion', 'VPCRegion') }
}

function zoneName(text: string): R53Name {
  try {
    const name = readName(text)
    if (name !== '.' && !isWildcard(name)) return name
  } catch (error) {
    if (!(error instanceof NameProblem)) throw error
    throw new ApiError('InvalidDomainName', error.message)
  }
  throw new ApiError('InvalidDomainName', `The domain name '${text}' is not valid for a hosted zone`)
}

function refuse(zone: HostedZone, { journal }: Context): void {
  const others = Array.from(journal.account.zones.values(), (state) => state.zone)
  if (others.some(({ callerReference }) => callerReference === zone.callerReference)) {
    const message = 'A hosted zone has already been created with the specified caller reference.'
    throw new ApiError('HostedZoneAlreadyExists', message)
  }
  if (zone.vpc !== undefined && others.some(({ name, vpc }) => name === zone.name && vpc?.id === zone.vpc?.id)) {
    const message = `The VPC ${zone.vpc.id} in region ${zone.vpc.region} has already been associated with a hosted zone with the same domain name.`
    throw new ApiError('ConflictingDomainExists', message)
  }
  if (others.length >= MAX_HOSTED_ZONES) {
    throw new ApiError('TooManyHostedZones', `Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER`)
  }
}

/** The two sets that every hosted zone begins with, as Route 53 makes them. */
function firstSets({ name, nameServers }: HostedZone): readonly RecordSet[] {
  const soa = `${nameServers[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`
  return [
    { name, type: 'NS', ttl: 172_800, values: nameServers },
    { name, type: 'SOA', ttl: 900, values: [soa] },
  ]
}

/** Four name servers out of the numbers that each of the top-level domains has, the same for the same id. */
function publicNameServers(id: string): readonly string[] {
  const digest = createHash('sha256').update(id).digest()
  const groups = [0, 1, 2, 3].map((at) => digest.readUInt8(at) % 64)
  const numbers = [0, 1, 2, 3].map((at) => at * 512 + (digest.readUInt16BE(4 + 2 * at) % 512))
  return nameServersOf(groups, numbers)
}

function nameServersOf(groups: readonly number[], numbers: readonly number[]): readonly string[] {
  return ['com', 'net', 'org', 'co.uk'].map(
    (domain, at) => `ns-${numbers[at]}.awsdns-${String(groups[at]).padStart(2, '0')}.${domain}.`,
  )
}
