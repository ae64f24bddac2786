import {
  CreateHostedZoneCommand,
  GetHostedZoneCommand,
  type HostedZone,
  HostedZoneAlreadyExists,
  ListHostedZonesByNameCommand,
  type Route53Client,
} from '@aws-sdk/client-route-53'
import type { Name } from '../dns/name.ts'
import { nameFromRoute53, route53Name } from '../mirror/forms.ts'
import type { HostedZoneRegistry } from '../mirror/ports.ts'
import { bareId, held, oneLineError } from './route53-client.ts'

/**
 * Hosted zones of the account. A zone is created under a reference of its own, so that to ask again, where the answer
 * was lost, gives the zone that was created the first time and no second one.
 */
export function awsHostedZones(client: Route53Client): HostedZoneRegistry {
  const references = new Map<Name, string>()
  return {
    async find(zone) {
      const found = await named(client, zone)
      return found.map(({ Id, Config }) => ({ id: bareId(held(Id)), private: Config?.PrivateZone === true }))
    },

    async create(zone) {
      const reference = references.get(zone) ?? crypto.randomUUID()
      references.set(zone, reference)
      const command = new CreateHostedZoneCommand({ Name: route53Name(zone), CallerReference: reference })
      try {
        const { HostedZone: created } = await client.send(command)
        return bareId(held(created?.Id))
      } catch (error) {
        const earlier =
          error instanceof HostedZoneAlreadyExists &&
          (await named(client, zone)).find(({ CallerReference }) => CallerReference === reference)
        if (earlier) return bareId(held(earlier.Id))
        throw oneLineError(error)
      }
    },
  }
}

/** The name servers of a public hosted zone; none of a private one, which only resolvers of its VPCs can ask. */
export async function nameServersOf(client: Route53Client, hostedZone: string): Promise<readonly string[]> {
  const { HostedZone: zone, DelegationSet } = await client
    .send(new GetHostedZoneCommand({ Id: hostedZone }))
    .catch((error) => {
      throw oneLineError(error)
    })
  return held(zone).Config?.PrivateZone === true ? [] : held(DelegationSet?.NameServers)
}

// ---------------------------------------------------------------------------

/** They are listed in the order of their names, so that those of one name follow each other. */
async function named(client: Route53Client, zone: Name): Promise<readonly HostedZone[]> {
  const found: HostedZone[] = []
  for (let from: { DNSName: string; HostedZoneId?: string } | undefined = { DNSName: route53Name(zone) }; from; ) {
    const command: ListHostedZonesByNameCommand = new ListHostedZonesByNameCommand(from)
    const page = await client.send(command).catch((error) => {
      throw oneLineError(error)
    })
    const { NextDNSName, NextHostedZoneId } = page
    const zones = held(page.HostedZones)
    const same = zones.filter(({ Name }) => Name !== undefined && nameFromRoute53(Name) === zone)
    found.push(...same)
    const more = page.IsTruncated === true && same.length === zones.length && NextDNSName !== undefined
    from = more ? { DNSName: NextDNSName, ...(NextHostedZoneId && { HostedZoneId: NextHostedZoneId }) } : undefined
  }
  return found
}
