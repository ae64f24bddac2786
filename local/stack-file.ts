import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Endpoint, formatEndpoint } from '../responder/listeners/endpoint.ts'
import type { Stack } from './stack.ts'

/** Where the parts of a stack are that other programs on this machine ask. */
export interface StackAddresses {
  /** `HOST:PORT` */
  readonly dns: string
  readonly dynamoDb: string
  readonly route53?: string | undefined
  /** Absent if no function has a name. */
  readonly functions?: { readonly zone: string; readonly lambda: string } | undefined
}

export function addressesOf({ dns, dynamoDb, route53, functions }: Stack): StackAddresses {
  const { zone, lambda } = functions ?? {}
  return {
    dns: formatEndpoint(reachable(dns)),
    dynamoDb,
    route53: route53?.url,
    ...(zone !== undefined && lambda !== undefined && { functions: { zone, lambda } }),
  }
}

/** Writes the addresses into the data folder; gives the function that takes them away. */
export function writeStackFile(data: string, addresses: StackAddresses): () => void {
  const file = join(data, NAME)
  writeFileSync(file, `${JSON.stringify(addresses)}\n`)
  return () => rmSync(file, { force: true })
}

/** The addresses of the stack that runs on a data folder; undefined if none does. */
export function readStackFile(data: string): StackAddresses | undefined {
  try {
    return JSON.parse(readFileSync(join(data, NAME), 'utf8'))
  } catch {
    return undefined
  }
}

/** A server on all addresses is asked at loopback. */
export function reachable({ host, port }: Endpoint): Endpoint {
  if (host === '0.0.0.0') return { host: '127.0.0.1', port }
  return { host: host === '::' ? '::1' : host, port }
}

// ---------------------------------------------------------------------------

const NAME = 'stack.json'
