/** The settings of the responder on Fargate; the table in docs/responder-on-aws.md says what each is for. */
import { type Network, readNetwork, zonesOf } from './network-settings.ts'
import { type Read, type Setting, settingNames } from './setting-list.ts'
import { prefixOf, readChoice, readList, readSwitch, refuse, VPC_ID } from './setting-values.ts'
import type { ZoneSetting } from './settings.ts'
import { SettingsError } from './settings-error.ts'

export interface ResponderSettings {
  readonly network: Network
  /** Tasks have public addresses of their own to reach AWS by; else the VPC has a way, or gets endpoints. */
  readonly publicTasks: boolean
  readonly tasks: Tasks
  /** CPU units, 1,024 a vCPU, and MiB. */
  readonly size: { readonly cpu: number; readonly memory: number }
  readonly architecture: 'arm64' | 'x86_64'
  /** Blocks of addresses that may ask the load balancer directly; those of the VPC if absent. */
  readonly dnsClients?: readonly string[]
  /** ARN of the certificate for DNS over TLS. */
  readonly certificate?: string
  /** Forward rules in Route 53 Resolver, and the VPCs that follow them. */
  readonly resolver?: { readonly vpcs: readonly string[] }
}

interface Tasks {
  /** One in each availability zone if absent. */
  readonly min?: number
  readonly max: number
}

/**
 * Undefined if the responder is off, as it is by default: without it all this costs nothing. `others` are those of its
 * settings that something else uses as well. Throws SettingsError.
 */
export function readResponder(
  read: Read,
  zones: readonly ZoneSetting[],
  others: readonly Setting[] = [],
): ResponderSettings | undefined {
  if (!readSwitch('responder', read('responder'))) {
    const idle = settingNames('responder').find((setting) => read(setting) !== undefined && !others.includes(setting))
    if (idle !== undefined) throw new SettingsError(`${idle} needs responder=true`)
    return undefined
  }
  const network = readNetwork(read)
  const resolver = readResolver(read('resolver'))
  const dnsClients = readClients(read('dnsClients'), network)
  const certificate = readCertificate(read('certificate'))
  if (resolver !== undefined) checkResolver(network, zones)
  return {
    network,
    publicTasks: readTaskNetwork(read('taskNetwork'), network) === 'public',
    tasks: readTasks(read('tasks'), zonesOf(network)),
    size: readSize(read('taskSize') ?? '256/512'),
    architecture: readChoice('architecture', read('architecture'), ['arm64', 'x86_64']),
    ...(dnsClients && { dnsClients }),
    ...(certificate && { certificate }),
    ...(resolver && { resolver }),
  }
}

/** How many tasks there are at least: each zone's address of the load balancer leads to the tasks of that zone only. */
export function leastTasks({ min }: Tasks, zones: number): number {
  if (min !== undefined && min < zones) {
    throw new SettingsError(`tasks begin at ${min}, but each of the ${zones} zones needs one`)
  }
  return min ?? zones
}

// ---------------------------------------------------------------------------

const MAX_TASKS = 50 // twice as many run during a deployment, and a subnet of a new VPC has 59 addresses

function readTaskNetwork(given: unknown, network: Network): 'public' | 'private' {
  const choices = network.kind === 'new' ? (['public', 'private'] as const) : (['private', 'public'] as const)
  return readChoice('taskNetwork', given, choices)
}

function readTasks(given: unknown, zones: number | undefined): Tasks {
  if (given === undefined) return { max: 10 }
  const [, least, most] = /^(\d+)-(\d+)$/.exec(String(given)) ?? []
  const [min, max] = [Number(least), Number(most)]
  if (!(min >= 1 && max >= min && max <= MAX_TASKS)) {
    return refuse({ setting: 'tasks', must: `MIN-MAX, such as 2-10, up to ${MAX_TASKS}` }, given)
  }
  if (zones !== undefined) leastTasks({ min, max }, zones)
  return { min, max }
}

/** What Fargate has (ECS Developer Guide, "Task CPU and memory"): memory in GiB from, to, by CPU units. */
const SIZES: Readonly<Record<string, readonly [from: number, to: number]>> = {
  256: [0.5, 2],
  512: [1, 4],
  1024: [2, 8],
  2048: [4, 16],
  4096: [8, 30],
}

function readSize(given: unknown): { cpu: number; memory: number } {
  const [, cpu = '', mebibytes] = /^(\d+)\/(\d+)$/.exec(String(given)) ?? []
  const [from, to] = SIZES[cpu] ?? [1, 0]
  const memory = Number(mebibytes)
  const isWhole = memory % 1024 === 0 || memory === 512
  if (isWhole && memory >= from * 1024 && memory <= to * 1024) return { cpu: Number(cpu), memory }
  return refuse({ setting: 'taskSize', must: 'CPU/MEMORY as Fargate has them, such as 256/512 or 1024/2048' }, given)
}

/** Who may ask; undefined for the VPC, where its addresses are known. */
export function readClients(given: unknown, network: Network): readonly string[] | undefined {
  if (given === undefined && network.kind !== 'given') return undefined
  const must = 'blocks of IPv4 addresses from /8 on, as in 10.0.0.0/8,192.168.1.0/24'
  return readList({ setting: 'dnsClients', must }, given, (text) => (prefixOf(text) ?? 0) >= 8)
}

export function readCertificate(given: unknown): string | undefined {
  if (given === undefined || (typeof given === 'string' && CERTIFICATE.test(given))) return given
  const must = 'the ARN of a certificate of ACM, as in arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-…'
  return refuse({ setting: 'certificate', must }, given)
}

const CERTIFICATE = /^arn:aws[\w-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]{1,64}$/

function readResolver(given: unknown): { readonly vpcs: readonly string[] } | undefined {
  if (given === undefined || given === 'false' || given === false) return undefined
  if (given === 'true' || given === true) return { vpcs: [] }
  const must = 'false, true for rules that no VPC follows yet, or ids of VPCs, as in vpc-0abc1234+vpc-0def5678'
  const texts = typeof given === 'string' ? given.split('+') : given
  return { vpcs: readList({ setting: 'resolver', must }, texts, (text) => VPC_ID.test(text)) }
}

const AWS = ['amazonaws.com.', 'api.aws.']

function checkResolver(network: Network, zones: readonly ZoneSetting[]): void {
  const stay = network.kind === 'new' || (network.kind === 'given' && network.addresses !== undefined)
  if (!stay) {
    throw new SettingsError('resolver needs dnsAddresses, with subnets, as rules forward to addresses that stay')
  }
  // The responder itself looks up DynamoDB: in a VPC that follows such a rule it would have to ask itself.
  const within = (name: string, zone: string) => `.${name}`.endsWith(`.${zone}`)
  for (const { zone } of zones) {
    if (AWS.some((name) => within(name, zone) || within(zone, name))) {
      throw new SettingsError(`resolver cannot forward ${zone}, which has names of AWS`)
    }
  }
}
