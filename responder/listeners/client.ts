/** An address as it is compared and told: a client that came over IPv4 to a socket of both kinds is one of IPv4 (RFC 4291 2.5.5.2). */
export function clientAddress(address: string): string {
  return address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address
}

// ---------------------------------------------------------------------------

const MAPPED = '::ffff:'
