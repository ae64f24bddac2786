import { BlockList, isIP } from 'node:net'
import { readable, some } from './config/readable.ts'

/** Tells whether an address, as Node writes it, is in some set. */
export type Clients = (address: string) => boolean

/** The addresses that are in one of these blocks: `192.0.2.0/24`, `2001:db8::/32`, or one address. Throws an Error that says what is wrong. */
export function clientsIn(blocks: readonly string[]): Clients {
  const ipv4 = new BlockList()
  const ipv6 = new BlockList()
  for (const block of blocks) {
    const { address, prefix, family } = parseBlock(block)
    if (family === 4) ipv4.addSubnet(address, prefix, 'ipv4')
    else ipv6.addSubnet(address, prefix, 'ipv6')
  }
  // Two lists, or ::/0 would hold IPv4 as well. An IPv4 client of a dual-stack socket is one of IPv4 (RFC 4291 2.5.5.2).
  return (address) => {
    if (!address.includes(':')) return ipv4.check(address, 'ipv4')
    return address.startsWith(MAPPED) ? ipv4.check(address.slice(MAPPED.length), 'ipv4') : ipv6.check(address, 'ipv6')
  }
}

/** What a configuration may say of blocks. */
export const blocks = some(readable(parseBlock))

/** How IPv4 addresses begin as dual-stack sockets write them. */
export const MAPPED = '::ffff:'

// ---------------------------------------------------------------------------

const mapped = new BlockList()
mapped.addSubnet('::ffff:0:0', 96, 'ipv6')

interface Block {
  readonly address: string
  readonly prefix: number
  readonly family: 4 | 6
}

function parseBlock(text: string): Block {
  const [, address = '', digits] = /^([^/%]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const family = isIP(address)
  if (family !== 4 && family !== 6)
    throw new Error(`"${text}" is not an address block as 192.0.2.0/24 or 2001:db8::/32`)
  if (family === 6 && mapped.check(address, 'ipv6')) throw new Error(`"${text}": IPv4 is written as IPv4`)
  const size = family === 4 ? 32 : 128
  const prefix = digits === undefined ? size : Number(digits)
  if (prefix > size) throw new Error(`"${text}": a prefix of IPv${family} has at most ${size} bits`)
  return { address, prefix, family }
}
