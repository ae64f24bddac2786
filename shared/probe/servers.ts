import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Server } from './ask.ts'

/** The servers behind hosts that may be names: all their addresses, as the system's resolver has them. IPv4 only, as AWS's are. */
export async function resolved(servers: readonly Server[]): Promise<readonly Server[]> {
  const found = await Promise.all(
    servers.map(async (server) => {
      if (isIP(server.host) !== 0) return [server]
      const addresses = await lookup(server.host, { all: true, family: 4 })
      return addresses.map(({ address }) => ({ ...server, host: address }))
    }),
  )
  return found.flat()
}
