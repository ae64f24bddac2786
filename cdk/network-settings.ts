/** The settings of the network that the responder lives in. */
import { isIPv4 } from 'node:net'
import type { Read } from './setting-list.ts'
import { prefixOf, readList, refuse, SUBNET_ID, VPC_ID, ZONE_NAME } from './setting-values.ts'
import { SettingsError } from './settings-error.ts'

export type Network = NewNetwork | GivenNetwork | LookedUpNetwork

export interface NewNetwork {
  readonly kind: 'new'
  readonly block: string
  readonly zones?: readonly string[]
}

export interface GivenNetwork {
  readonly kind: 'given'
  readonly vpc: string
  readonly subnets: readonly string[]
  /** Of each subnet. */
  readonly zones: readonly string[]
  /** Of the load balancer, one in each subnet; AWS chooses if absent. */
  readonly addresses?: readonly string[]
}

/** A VPC whose subnets CDK looks up: private ones with a way out, one in each zone. */
export interface LookedUpNetwork {
  readonly kind: 'lookup'
  readonly vpc: string
}

/** Reads where the responder lives. Throws SettingsError. */
export function readNetwork(read: Read): Network {
  const names = ['vpc', 'subnets', 'availabilityZones', 'dnsAddresses'] as const
  const [vpc, subnets, zones, addresses] = names.map(read)
  if (typeof vpc === 'string' && VPC_ID.test(vpc)) {
    if (subnets !== undefined) return readGiven(vpc, subnets, zones, addresses)
    if (zones !== undefined) throw new SettingsError('availabilityZones go with subnets, of which there are none')
    if (addresses !== undefined) throw new SettingsError('dnsAddresses go with subnets, of which there are none')
    return { kind: 'lookup', vpc }
  }
  const block = readBlock(vpc ?? 'new')
  if (subnets !== undefined) throw new SettingsError('subnets go with vpc=vpc-…, a new VPC gets its own')
  if (addresses !== undefined) throw new SettingsError('dnsAddresses go with vpc=vpc-…, those of a new VPC are outputs')
  return { kind: 'new', block, ...(zones !== undefined && { zones: readZones(zones) }) }
}

/** How many availability zones there will be, where that is known before a VPC is looked up. */
export function zonesOf(network: Network): number | undefined {
  return network.kind === 'lookup' ? undefined : (network.zones?.length ?? DEFAULT_ZONES)
}

// ---------------------------------------------------------------------------

const DEFAULT_BLOCK = '10.53.0.0/16'
const DEFAULT_ZONES = 2 // as many as CDK gives a stack that is of no account

function readBlock(vpc: unknown): string {
  const block = vpc === 'new' ? DEFAULT_BLOCK : /^new:(.*)$/.exec(String(vpc))?.[1]
  const prefix = prefixOf(block ?? '')
  if (block !== undefined && prefix !== undefined && prefix >= 16 && prefix <= 24) return block
  return refuse({ setting: 'vpc', must: 'new, new:10.53.0.0/16 (a block from /16 to /24) or the id of a VPC' }, vpc)
}

function readGiven(vpc: string, subnets: unknown, zones: unknown, addresses: unknown): GivenNetwork {
  const must = 'at least two ids of subnets of the VPC, as in subnet-0abc1234,subnet-0def5678'
  const ids = readList({ setting: 'subnets', must }, subnets, (text) => SUBNET_ID.test(text))
  if (ids.length < 2) return refuse({ setting: 'subnets', must }, subnets)
  const named = readZones(zones)
  if (named.length !== ids.length) throw new SettingsError('availabilityZones must be as many as subnets')
  if (addresses === undefined) return { kind: 'given', vpc, subnets: ids, zones: named }
  const form = { setting: 'dnsAddresses', must: 'IPv4 addresses, one in each subnet' }
  const fixed = readList(form, addresses, isIPv4)
  if (fixed.length !== ids.length) throw new SettingsError('dnsAddresses must be as many as subnets')
  return { kind: 'given', vpc, subnets: ids, zones: named, addresses: fixed }
}

/** Names of availability zones, each once: a load balancer takes one subnet in each. */
function readZones(given: unknown): readonly string[] {
  const must = 'two to six availability zones, as in eu-central-1a,eu-central-1b'
  const form = { setting: 'availabilityZones', must }
  const zones = readList(form, given, (text) => ZONE_NAME.test(text))
  return zones.length >= 2 && zones.length <= 6 ? zones : refuse(form, given)
}
