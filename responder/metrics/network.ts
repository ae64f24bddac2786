import { readFileSync } from 'node:fs'

/** Octets since the interfaces came up. */
export interface Network {
  readonly received: number
  readonly sent: number
}

/** What the interfaces of this machine or container have carried; undefined where there is no Linux to tell. */
export function readNetwork(): Network | undefined {
  try {
    return sumInterfaces(readFileSync('/proc/net/dev', 'utf8'))
  } catch {
    return undefined
  }
}

/** Sums up the interfaces in a table of /proc/net/dev (proc_net(5)): loopback only where there is no other. */
export function sumInterfaces(table: string): Network {
  const all = Array.from(table.matchAll(INTERFACE), ([, name, received, sent]) => ({
    name,
    received: Number(received),
    sent: Number(sent),
  }))
  const others = all.filter(({ name }) => name !== 'lo')
  const counted = others.length > 0 ? others : all
  return {
    received: counted.reduce((sum, { received }) => sum + received, 0),
    sent: counted.reduce((sum, { sent }) => sum + sent, 0),
  }
}

// ---------------------------------------------------------------------------

/** Eight columns of what was received, then those of what was sent, octets first. */
const INTERFACE = /^ *(\S+): *(\d+)(?: +\d+){7} +(\d+)/gm
