import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Environment } from '../credentials.ts'

/** Where the container is, and which one it is. */
export interface Place {
  /** IP addresses under which others reach it. */
  readonly addresses: readonly string[]
  /** The id of the ECS task; absent outside ECS. */
  readonly task?: string
}

/**
 * Finds the addresses: those given, else of the ECS task (task metadata version 4), else of the first network interface.
 * Rejects with an Error if the metadata cannot be had, or where all that is known is an address inside a host.
 */
export async function findPlace(given: readonly string[], environment: Environment): Promise<Place> {
  const metadata = environment.ECS_CONTAINER_METADATA_URI_V4
  const { task, networks = [] } = metadata ? await ecsTask(metadata) : {}
  const named = task === undefined ? {} : { task }
  if (given.length > 0) return { addresses: given, ...named }
  const vpc = networks.find(({ NetworkMode }) => NetworkMode === 'awsvpc')
  const addresses = [...(vpc?.IPv4Addresses ?? []), ...(vpc?.IPv6Addresses ?? [])].filter(
    (address) => isIP(address) !== 0,
  )
  if (addresses.length > 0) return { addresses, ...named }
  const other = networks.find(({ NetworkMode }) => NetworkMode !== undefined && NetworkMode !== 'host')
  if (other) throw new Error(`the network of the task is ${other.NetworkMode}: set NAMESTREAM_ADDRESS`)
  return { addresses: ownAddresses(networkInterfaces()), ...named }
}

/** Of the first interface that others can reach: its IPv4 address, or if it has none, its IPv6 address. */
export function ownAddresses(interfaces: ReturnType<typeof networkInterfaces>): readonly string[] {
  const reachable = Object.values(interfaces)
    .map((all = []) => all.filter(({ internal, address }) => !internal && !LINK_LOCAL.test(address)))
    .find((all) => all.length > 0)
  const chosen = reachable?.find(({ family }) => family === 'IPv4') ?? reachable?.[0]
  if (!chosen) throw new Error('there is no network interface but the loopback: set NAMESTREAM_ADDRESS')
  return [chosen.address]
}

// ---------------------------------------------------------------------------

const LINK_LOCAL = /^(fe[89ab]|169\.254\.)/i
const ASK_MS = 2_000

interface Network {
  readonly NetworkMode?: string
  readonly IPv4Addresses?: readonly string[]
  readonly IPv6Addresses?: readonly string[]
}

/** All containers of a task in a VPC share its network interface; in Docker's networks each has its own. */
async function ecsTask(metadata: string): Promise<{ task: string; networks: readonly Network[] }> {
  const { TaskARN, Containers = [] } = (await read(`${metadata}/task`)) as {
    readonly TaskARN?: string
    readonly Containers?: readonly { readonly Networks?: readonly Network[] }[]
  }
  const task = TaskARN?.split('/').at(-1)
  if (!task) throw new Error('the metadata of the task has no TaskARN')
  return { task, networks: Containers.flatMap(({ Networks = [] }) => Networks) }
}

async function read(url: string): Promise<object> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ASK_MS), redirect: 'error' })
    if (response.status !== 200) throw new Error(`status ${response.status}`)
    return (await response.json()) as object
  } catch (error) {
    const { message, cause } = error as Error & { readonly cause?: NodeJS.ErrnoException }
    throw new Error(`the metadata of the task cannot be had: ${cause?.code ?? message}`, { cause: error })
  }
}
