/** RRsets and changes as lines of text: `60 A 192.0.2.1, 192.0.2.2` and `UPSERT h 60 A 192.0.2.1`. */
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import { storedRdata } from '../../shared/mirror/forms.ts'
import type { Change } from '../../shared/mirror/model.ts'
import type { RRsets, StoredRRset } from '../../shared/records/model.ts'

export const zone = canonicalName('example.org')

/** The name of a label below an apex, `@` for the apex itself. */
export function at(label: string, apex: Name = zone): Name {
  return label === '@' ? apex : canonicalName(`${label}.${apex}`)
}

export function rrsets(...lines: readonly string[]): RRsets {
  return Object.fromEntries(lines.map(readRRset))
}

export function shownChange({ action, name, type, rrset }: Change): string {
  return `${action} ${shownName(name)} ${shownRRset(type, rrset)}`
}

export function shownRRset(type: string, { ttl, rdata }: StoredRRset): string {
  return `${ttl} ${type} ${rdata.join(', ')}`
}

export function shownName(name: Name, apex: Name = zone): string {
  return name === apex ? '@' : name.slice(0, -apex.length - 1)
}

// ---------------------------------------------------------------------------

function readRRset(line: string): [string, StoredRRset] {
  const [, ttl, type = '', rdata = ''] = /^(\d+) (\S+) (.*)$/.exec(line) ?? []
  return [type, { ttl: Number(ttl), rdata: canonical(type, rdata.split(', ')) }]
}

/** What is no rdata stays as it is: there are tests of that, too. */
function canonical(type: string, texts: readonly string[]): readonly string[] {
  try {
    return storedRdata(type, texts)
  } catch {
    return texts
  }
}
