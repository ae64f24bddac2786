import { networkInterfaces } from 'node:os'
import type { Endpoint } from './endpoint.ts'
import type { Listener, ListenerParts } from './listener.ts'
import { listenUdp } from './udp.ts'

/**
 * Answers datagrams to any address of this machine, and from the very address that was asked. A socket on all addresses
 * sends from the one that the route to the client suggests, and clients drop a reply that comes from elsewhere. So each
 * address has a socket of its own, which the kernel prefers; that on all is for addresses that the machine gets later.
 */
export async function listenUdpEverywhere(endpoint: Endpoint, parts: ListenerParts): Promise<Listener> {
  const shared = { ...parts, reusePort: true } // else the sockets on one port would stand in each other's way
  const onAll = await listenUdp(endpoint, shared)
  const { port } = onAll
  const listeners = [onAll]
  const close = async () => void (await Promise.all(listeners.map((listener) => listener.close())))
  try {
    for (const host of addressesOf(endpoint.host)) {
      const listener = await listenUdp({ host, port }, shared).catch(unlessAbsent)
      if (listener !== undefined) listeners.push(listener)
    }
  } catch (error) {
    await close()
    throw error
  }
  return { port, close }
}

/** Whether the endpoint is on all addresses, and this matters here: other systems do not share ports so. */
export function isEverywhere({ host }: Endpoint): boolean {
  return process.platform === 'linux' && (host === '::' || host === '0.0.0.0')
}

// ---------------------------------------------------------------------------

/** The addresses that a socket on all takes datagrams for. Those of a link lead nowhere else, so their source is never in doubt. */
function addressesOf(host: string): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, address }) => (family === 'IPv4' || host === '::') && !address.startsWith('fe80:'))
    .map(({ address }) => address)
}

/** An address may go, or not be usable yet, between the list and the socket. */
function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EADDRNOTAVAIL') throw error
}
