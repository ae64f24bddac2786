import { canonicalRdata, RdataError, typeNumber } from '../../shared/dns/rdata.ts'

/** The types that Route 53 stores. */
export const TYPES: readonly string[] = [
  'A',
  'AAAA',
  'CAA',
  'CNAME',
  'DS',
  'HTTPS',
  'MX',
  'NAPTR',
  'NS',
  'PTR',
  'SOA',
  'SPF',
  'SRV',
  'SSHFP',
  'SVCB',
  'TLSA',
  'TXT',
]

/** A value that its type does not allow, in Route 53's words. */
export class ValueProblem extends Error {
  override name = 'ValueProblem'
  constructor(code: string, reason: string, encountered: string) {
    super(`FATAL problem: ${code} (${reason}) encountered with '${encountered}'`)
  }
}

/** The value in one form for all ways to write it, to compare values. Throws ValueProblem. */
export function canonicalValue(type: string, value: string): string {
  const unsupported = /[^ -~]/u.exec(value)?.[0]
  if (unsupported !== undefined) {
    throw new ValueProblem('UnsupportedCharacter', 'Value contains unsupported characters', unsupported)
  }
  if (type === 'TXT' || type === 'SPF') checkStrings(value)
  if (ONE_FIELD.has(type) && /\s/.test(value)) {
    throw new ValueProblem(`${type}RRDATANotSingleField`, 'Value contains spaces', value)
  }
  if (type === 'SOA' && !SOA.test(value)) throw new ValueProblem('SOARRDATAInvalid', 'Value is not valid', value)
  try {
    return canonicalRdata(typeNumber(type) ?? 0, masterFileText(type, value))
  } catch (error) {
    if (!(error instanceof RdataError)) throw error
    throw illegal(type, value, error.message)
  }
}

// ---------------------------------------------------------------------------

const ONE_FIELD = new Set(['A', 'AAAA', 'CNAME', 'NS', 'PTR'])
const SOA = /^\S+ +\S+( +\d{1,10}){5}$/ // times in seconds only
const MAX_STRING = 255
const QUOTED = /"((?:[^"\\]|\\[0-3][0-7]{2}|\\["\\])*)"/g

/** What a TXT value is made of: one or more strings in quotes, with octal escapes. */
function checkStrings(value: string): void {
  if (value.replace(QUOTED, '').trim() !== '' || !value.includes('"')) {
    throw new ValueProblem('InvalidCharacterString', 'Value should be enclosed in quotation marks', value)
  }
  for (const [quoted, text = ''] of value.matchAll(QUOTED)) {
    const octets = text.replace(/\\(?:[0-3][0-7]{2}|.)/g, '.').length
    if (octets > MAX_STRING) throw new ValueProblem('CharacterStringTooLong', 'Value is too long', quoted)
  }
}

/** Route 53 escapes in octal, master files in decimal; and `@` or `\#` mean nothing to Route 53. */
function masterFileText(type: string, value: string): string {
  if (/^\s*\\#/.test(value)) throw illegal(type, value, 'Value is not valid')
  return value
    .replace(/\\([0-3][0-7]{2})|\\./g, (whole, octal?: string) =>
      octal === undefined ? whole : `\\${String(Number.parseInt(octal, 8)).padStart(3, '0')}`,
    )
    .replace(/(?<=^|\s)@(?=\s|$)/g, '\\@')
}

function illegal(type: string, value: string, reason: string): ValueProblem {
  if (type === 'A') return new ValueProblem('ARRDATAIllegalIPv4Address', 'Value is not a valid IPv4 address', value)
  if (type === 'AAAA')
    return new ValueProblem('AAAARRDATAIllegalIPv6Address', 'Value is not a valid IPv6 address', value)
  return new ValueProblem(`${type}RRDATAInvalid`, reason, value)
}
