import type { Name } from '../shared/dns/name.ts'
import { type GatewaySettings, readGateway } from './gateway-settings.ts'
import type { ResponderSettings } from './responder-settings.ts'
import type { Read } from './setting-list.ts'
import type { ZoneSetting } from './settings.ts'
import { chosenZone } from './zone-choice.ts'

/** Names of functions, and what functions are called through by them. */
export interface FunctionSettings {
  readonly zone: Name
  readonly gateway: GatewaySettings
}

/** Undefined where functions get no names, as by default: the load balancer costs as much as the responder's. Throws SettingsError. */
export function readFunctions(
  read: Read,
  zones: readonly ZoneSetting[],
  responder: ResponderSettings | undefined,
): FunctionSettings | undefined {
  const zone = chosenZone('functions', read('functions') ?? false, zones)
  return zone && { zone, gateway: readGateway(read, responder) }
}
