/**
 * An address as it is compared and told: a client that came over IPv4 to a socket of both kinds is one of IPv4
 * (RFC 4291 2.5.5.2), and the name of a link is no part of an address (RFC 4007 11).
 */
export function clientAddress(address: string): string {
  if (address.startsWith(MAPPED)) return address.slice(MAPPED.length)
  const link = address.startsWith(LINK_LOCAL) ? address.indexOf('%') : -1
  return link < 0 ? address : address.slice(0, link)
}

// ---------------------------------------------------------------------------

const MAPPED = '::ffff:'
const LINK_LOCAL = 'fe80:'
