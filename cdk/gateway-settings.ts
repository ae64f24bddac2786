/** The settings of the function gateway: those of the responder, of which it shares the network, or the same without it. */
import { type Network, readNetwork } from './network-settings.ts'
import { type ResponderSettings, readCertificate, readClients } from './responder-settings.ts'
import type { Read, Setting } from './setting-list.ts'

export interface GatewaySettings {
  /** Where its load balancer is, if the responder is not there. */
  readonly network: Network
  /** Blocks of addresses that may call functions; those of the VPC if absent. */
  readonly clients?: readonly string[]
  /** ARN of the certificate for HTTPS. */
  readonly certificate?: string
}

/** Settings of the responder that the gateway has a use for, too. */
export const GATEWAY_SETTINGS: readonly Setting[] = ['vpc', 'subnets', 'availabilityZones', 'dnsClients', 'certificate']

/** Throws SettingsError. */
export function readGateway(read: Read, responder: ResponderSettings | undefined): GatewaySettings {
  const network = responder?.network ?? readNetwork(read)
  const clients = readClients(read('dnsClients'), network)
  const certificate = readCertificate(read('certificate'))
  return { network, ...(clients && { clients }), ...(certificate && { certificate }) }
}
