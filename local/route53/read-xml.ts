import { ApiError } from './api-error.ts'
import type { Violation } from './counts.ts'
import { API_NAMESPACE, type Parsed, parseXml, XmlError } from './xml.ts'

// Reads request documents as the schema of the API does: what it does not allow is InvalidInput with the words of the
// schema checker that AWS uses.

/** The root element of a request, which must have this name. */
export function readRoot(body: string, name: string): Parsed {
  const root = parsed(body)
  if (root.name === name) return root
  throw new ApiError('MalformedInput', `${root.name} is not valid, expected ${name}`)
}

export function child(parent: Parsed, name: string): Parsed | undefined {
  return parent.children.find((one) => one.name === name)
}

export function neededChild(parent: Parsed, name: string, broken?: Violation): Parsed {
  const found = child(parent, name)
  if (found !== undefined) return found
  throw invalidXml(
    `cvc-complex-type.2.4.b: The content of element '${parent.name}' is not complete. One of '{"${API_NAMESPACE}":${name}}' is expected.`,
    broken,
  )
}

/** The elements of a list, at least one; none is a breach of `broken`. */
export function items(parent: Parsed, name: string, broken?: Violation): readonly Parsed[] {
  neededChild(parent, name, broken)
  onlyChildren(parent, [name])
  return parent.children
}

/** Refuses child elements that the schema does not have. */
export function onlyChildren(parent: Parsed, names: readonly string[]): void {
  const alien = parent.children.find(({ name }) => !names.includes(name))
  if (alien === undefined) return
  const expected = names.map((name) => `"${API_NAMESPACE}":${name}`).join(', ')
  throw invalidXml(
    `cvc-complex-type.2.4.a: Invalid content was found starting with element '${alien.name}'. One of '{${expected}}' is expected.`,
  )
}

/** The text of a member within the bounds of its type. */
export function text(parent: Parsed, name: string, type: TextType): string | undefined {
  const value = child(parent, name)?.text
  if (value === undefined) return undefined
  const { max, min = 0, broken }: Bounds = TEXT_TYPES[type]
  if (value.length > max) throw wrongLength(value, 'maxLength', max, type, broken)
  if (value.length < min) throw wrongLength(value, 'minLength', min, type)
  return value
}

export function neededText(parent: Parsed, name: string, type: TextType): string {
  neededChild(parent, name)
  return text(parent, name, type) ?? ''
}

export function choice<T extends string>(value: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === value)
  if (found !== undefined) return found
  throw invalidXml(
    `cvc-enumeration-valid: Value '${value}' is not facet-valid with respect to enumeration '[${choices.join(', ')}]'. It must be a value from the enumeration.`,
  )
}

export function whole(value: string, type: string, max: number): number {
  if (!/^[+-]?\d{1,20}$/.test(value)) {
    throw invalidXml(`cvc-datatype-valid.1.2.1: '${value}' is not a valid value for 'integer'.`)
  }
  const number = Number(value)
  if (number < 0) throw outOfRange(value, 'minInclusive', 0, type)
  if (number > max) throw outOfRange(value, 'maxInclusive', max, type)
  return number
}

export function boolean(value: string): boolean {
  if (value === 'true' || value === '1') return true
  if (value === 'false' || value === '0') return false
  throw invalidXml(`cvc-datatype-valid.1.2.1: '${value}' is not a valid value for 'boolean'.`)
}

// ---------------------------------------------------------------------------

interface Bounds {
  readonly max: number
  readonly min?: number
  /** The documented limit that a longer text breaks. */
  readonly broken?: Violation
}

/** The text types of the API and their lengths (botocore 1.43.11). */
const TEXT_TYPES = {
  AliasHealthEnabled: { max: 5 },
  ChangeAction: { max: 32 },
  DNSName: { max: 1024 },
  HealthCheckId: { max: 64 },
  IsPrivateZone: { max: 5 },
  Nonce: { max: 128, min: 1 },
  RData: { max: 4000, broken: 'valueLength' },
  ResourceDescription: { max: 256 },
  ResourceId: { max: 32 },
  ResourceRecordSetIdentifier: { max: 128, min: 1 },
  RoutingPolicy: { max: 64, min: 1 },
  RRType: { max: 32 },
  TagKey: { max: 128, min: 1 },
  TagResourceId: { max: 64 },
  TagValue: { max: 256 },
  TTL: { max: 32 },
  VPCId: { max: 1024 },
  VPCRegion: { max: 64, min: 1 },
} as const satisfies Record<string, Bounds>
type TextType = keyof typeof TEXT_TYPES

function parsed(body: string): Parsed {
  try {
    return parseXml(body)
  } catch (error) {
    if (error instanceof XmlError) throw invalidXml(error.message)
    throw error
  }
}

function invalidXml(reason: string, broken?: Violation): ApiError {
  return new ApiError('InvalidInput', `Invalid XML ; ${reason}`, broken === undefined ? [] : [broken])
}

function wrongLength(value: string, facet: string, bound: number, type: string, broken?: Violation): ApiError {
  return invalidXml(
    `cvc-${facet}-valid: Value '${value}' with length = '${value.length}' is not facet-valid with respect to ${facet} '${bound}' for type '${type}'.`,
    broken,
  )
}

function outOfRange(value: string, facet: string, bound: number, type: string): ApiError {
  return invalidXml(
    `cvc-${facet}-valid: Value '${value}' is not facet-valid with respect to ${facet} '${bound}' for type '${type}'.`,
  )
}
