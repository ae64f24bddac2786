/** Random questions about names of a zone, their neighbours, and what lies above and below them. */
import fc from 'fast-check'
import { encodeQuery } from '../../../shared/dns/encode-query.ts'
import { NameError, parseName } from '../../../shared/dns/name.ts'
import { typeNumber } from '../../../shared/dns/rdata.ts'
import { label } from './rrsets.ts'
import type { OwnedRRset, Scenario } from './zones.ts'

export interface AskedQuestion {
  readonly name: string
  /** Some letters of the name are asked as capitals. */
  readonly mixedCase: boolean
  readonly type: string
  /** What the asker takes over UDP; undefined: it does not speak EDNS. */
  readonly udpSize: number | undefined
}

/** A question, once it is known what there is to ask about. */
export type QuestionPlan = (scenario: Scenario) => AskedQuestion

export const questionPlan: fc.Arbitrary<QuestionPlan> = fc
  .record({
    pick: fc.nat(0xffff),
    ofRRset: fc.boolean(), // exactly what is there
    mixedCase: fc.boolean(),
    change: fc.constantFrom<keyof typeof changes>(
      'none',
      'none',
      'none',
      'below',
      'below',
      'twoBelow',
      'above',
      'beside',
    ),
    labels: fc.tuple(label, label),
    type: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('A', 'AAAA') },
      { weight: 6, arbitrary: fc.constantFrom(...TYPES()) },
    ),
    udpSize: fc.constantFrom(undefined, undefined, 512, 1232, 4096),
  })
  .map(({ pick, ofRRset, change, labels, type, mixedCase, udpSize }) => ({ names, rrsets }) => {
    const rrset = rrsets[pick % rrsets.length] as OwnedRRset
    if (ofRRset) return { name: rrset.owner, type: rrset.type, mixedCase, udpSize }
    const name = names[pick % names.length] as string
    const changed = changes[change](name, labels)
    return { name: isName(changed) ? changed : name, type, mixedCase, udpSize }
  })

/** The message that asks it. */
export function messageOf({ name, type, mixedCase, udpSize }: AskedQuestion): Uint8Array {
  const edns = udpSize === undefined ? undefined : { version: 0, udpSize, dnssecOk: false, options: [] }
  const wire = parseName(name)
  const message = encodeQuery({ id: 1, name: wire, type: numberOf(type), edns })
  if (mixedCase)
    for (let at = 12; at < 12 + wire.length; at++)
      if (at % 3 === 0 && isLetter(message[at])) message[at] = (message[at] as number) ^ 0x20
  return message
}

export function numberOf(mnemonic: string): number {
  const type = typeNumber(mnemonic)
  if (type === undefined) throw new Error(`${mnemonic} is no type`)
  return type
}

// ---------------------------------------------------------------------------

const changes = {
  none: (name: string) => name,
  below: (name: string, [one]: readonly [string, string]) => `${one}.${name}`,
  twoBelow: (name: string, [one, two]: readonly [string, string]) => `${two}.${one}.${name}`,
  above: (name: string) => parent(name),
  beside: (name: string, [one]: readonly [string, string]) => `${one}.${parent(name)}`,
}

/** An octet of 0x61 or more is no length. */
function isLetter(octet = 0): boolean {
  return octet >= 0x61 && octet <= 0x7a
}

/** The name without its first label, dots in which are escaped. */
function parent(name: string): string {
  return name.replace(/^(?:\\\d{3}|\\.|[^.\\])+\./, '') || '.'
}

function isName(text: string): boolean {
  try {
    parseName(text)
    return true
  } catch (error) {
    if (error instanceof NameError) return false
    throw error
  }
}

function TYPES() {
  return [
    'NS',
    'CNAME',
    'DNAME',
    'SOA',
    'MX',
    'TXT',
    'SRV',
    'PTR',
    'SVCB',
    'HTTPS',
    'NAPTR',
    'CAA',
    'HINFO',
    'DS',
    'ANY',
    'TYPE65400',
    'TYPE48',
  ] as const
}
