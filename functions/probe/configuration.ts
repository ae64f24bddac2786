import { parse } from 'valibot'
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import type { Server } from '../../shared/probe/ask.ts'
import { servers } from '../../shared/probe/lookup.ts'
import { probeName } from '../../shared/probe/name.ts'
import { probeVariables } from '../../shared/probe/variables.ts'

export interface Configuration {
  /** URL of dynapi. */
  readonly api: string
  readonly zone: Name
  /** What is registered in it. */
  readonly name: Name
  /** What has to answer, and the function that can ask it. */
  readonly responder?: { readonly lookup: string; readonly servers: readonly Server[] }
  readonly hostedZone?: string
}

/** Reads the environment. Throws an Error that says which variable is wrong. */
export function readConfiguration(environment: Readonly<Record<string, string | undefined>>): Configuration {
  const { api, zone: zoneVariable, lookup, servers: serversVariable, hostedZone } = probeVariables
  const zone = read(zoneVariable, 'name a zone', canonicalName)
  const responder = environment[lookup] && {
    lookup: environment[lookup],
    servers: read(serversVariable, 'be a JSON array of DNS servers', (text) => parse(servers, JSON.parse(text))),
  }
  return {
    api: read(api, 'be the URL of dynapi', (text) => new URL(text).href),
    zone,
    name: read(zoneVariable, 'name a zone that the probe can look up', () => probeName(zone)),
    ...(responder && { responder }),
    ...(environment[hostedZone] && { hostedZone: environment[hostedZone] }),
  }

  function read<T>(variable: string, must: string, parsed: (text: string) => T): T {
    try {
      return parsed(environment[variable] ?? '')
    } catch (cause) {
      throw new Error(`the environment variable ${variable} must ${must}`, { cause })
    }
  }
}
