/** struct sockaddr_in and sockaddr_in6: what the kernel takes and gives for an address with a port. */
import { formatAddress6, parseAddress4, parseAddress6 } from '../../shared/dns/address.ts'
import { clientAddress } from '../listeners/client.ts'
import type { Endpoint } from '../listeners/endpoint.ts'
import { AF_INET, AF_INET6, SOCKADDR_SIZE } from './layout.ts'

/** Writes an endpoint; `linkIndex` tells the number of a link by the name that follows `%` in the address. */
export function writeSockaddr({ host, port }: Endpoint, linkIndex: (name: string) => number): Uint8Array {
  const octets = new Uint8Array(SOCKADDR_SIZE)
  const view = new DataView(octets.buffer)
  view.setUint16(2, port)
  const quad = parseAddress4(host)
  if (quad !== undefined) {
    view.setUint16(0, AF_INET, true)
    view.setUint32(4, quad)
    return octets.subarray(0, SOCKADDR4_SIZE)
  }
  const [address = '', link] = host.split('%')
  view.setUint16(0, AF_INET6, true)
  octets.set(parseAddress6(address) ?? [], ADDRESS6)
  if (link !== undefined) view.setUint32(SCOPE, linkIndex(link), true)
  return octets
}

export function portIn(octets: Uint8Array, at: number): number {
  return u16(octets, at + 2)
}

/** The address of a client, as it is compared and told. */
export function clientIn(octets: Uint8Array, at: number): string {
  if (octets[at] === AF_INET) return octets.subarray(at + ADDRESS4, at + ADDRESS4 + 4).join('.')
  return clientAddress(formatAddress6(octets.subarray(at + ADDRESS6, at + ADDRESS6 + 16)))
}

/** The same as `wordsOf` has it: good until the next call. */
export function clientWordsIn(octets: Uint8Array, at: number): Uint32Array {
  if (octets[at] === AF_INET) return word4(octets, at + ADDRESS4)
  for (let i = 0; i < 4; i++) words6[i] = wordAt(octets, at + ADDRESS6 + 4 * i)
  const isMapped = words6[0] === 0 && words6[1] === 0 && words6[2] === 0xffff
  return isMapped ? word4(octets, at + ADDRESS6 + 12) : words6
}

// ---------------------------------------------------------------------------

const SOCKADDR4_SIZE = 16
const ADDRESS4 = 4
const ADDRESS6 = 8
const SCOPE = 24
const words4 = new Uint32Array(1)
const words6 = new Uint32Array(4)

function word4(octets: Uint8Array, at: number): Uint32Array {
  words4[0] = wordAt(octets, at)
  return words4
}

function wordAt(octets: Uint8Array, at: number): number {
  return u16(octets, at) * 0x10000 + u16(octets, at + 2)
}

function u16(octets: Uint8Array, at: number): number {
  return ((octets[at] as number) << 8) | (octets[at + 1] as number)
}
