import { Rcode } from '../../../shared/dns/codes.ts'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import type { ResourceRecord } from '../../../shared/dns/message.ts'
import { formatName } from '../../../shared/dns/name.ts'
import { formatRdata, typeMnemonic } from '../../../shared/dns/rdata.ts'

/** A reply as far as it can be compared: records as text, sections as sets. */
export interface Normal {
  readonly rcode: string
  readonly aa: boolean
  readonly tc: boolean
  readonly answer: ReadonlySet<string>
  readonly authority: ReadonlySet<string>
  readonly additional: ReadonlySet<string>
}

export function normalOf(reply: Uint8Array): Normal {
  const { rcode, aa, tc, answer, authority, additional } = decodeMessage(reply)
  return {
    rcode: Object.entries(Rcode).find(([, number]) => number === rcode)?.[0] ?? String(rcode),
    aa,
    tc,
    answer: new Set(answer.map(recordText)),
    authority: new Set(authority.map(recordText)),
    additional: new Set(additional.map(recordText)),
  }
}

export const SECTIONS = ['answer', 'authority', 'additional'] as const

/** In lines, for people. */
export function normalText({ rcode, aa, tc, ...sections }: Normal): string {
  const flags = `${rcode}${aa ? ' aa' : ''}${tc ? ' tc' : ''}`
  return [
    flags,
    ...SECTIONS.flatMap((name) => [...sections[name]].sort().map((record) => `  ${name}: ${record}`)),
  ].join('\n')
}

// ---------------------------------------------------------------------------

function recordText({ owner, ttl, type, rdata }: ResourceRecord): string {
  return `${formatName(owner)} ${ttl} ${typeMnemonic(type)} ${formatRdata(type, rdata)}`
}
