import { InvalidChangeBatch } from './api-error.ts'
import type { Violation } from './counts.ts'
import type { Batch, BatchChange, RecordSet } from './model.ts'
import { isWildcard } from './names.ts'
import { canonicalValue, ValueProblem } from './values.ts'
import { keyOf } from './zone-sets.ts'

// What AWS documents of a batch without a look at the hosted zone (Route 53 quotas, November 2025).

const MAX_ELEMENTS = 1000
const MAX_CHARACTERS = 32_000
const MAX_VALUES = 400

/** The limits of a request as a whole. An UPSERT counts twice. */
export function checkSize({ changes }: Batch): void {
  const twice = ({ action }: BatchChange) => (action === 'UPSERT' ? 2 : 1)
  const elements = sum(changes, (change) => twice(change) * (change.set.alias ? 1 : change.set.values.length))
  const characters = sum(changes, (change) => twice(change) * sum(change.set.values, (value) => value.length))
  const found: Finding[] = []
  if (elements > MAX_ELEMENTS)
    found.push({ message: `Number of records limit of ${MAX_ELEMENTS} exceeded.`, broken: 'elements' })
  if (characters > MAX_CHARACTERS) {
    found.push({ message: `RDATA character limit of ${MAX_CHARACTERS} exceeded.`, broken: 'characters' })
  }
  refuse(found)
}

/** The rules for each change by itself, and that no set is dealt with twice. */
export function checkChanges(changes: readonly BatchChange[]): void {
  refuse(changes.flatMap(({ set }) => RULES.flatMap((rule) => rule(set) ?? [])))
  refuse(twiceChanged(changes).map((set) => ({ message: invalidChanges(set), broken: 'sameSetTwice' })))
}

// ---------------------------------------------------------------------------

/** What is wrong with a set: the message, and the documented limit where one is broken. */
interface Finding {
  readonly message: string
  readonly broken?: Violation
}

/** The texts of AWS are known but for those of the two last, which are made up in its manner. */
const RULES: readonly ((set: RecordSet) => Finding | readonly Finding[] | undefined)[] = [
  tooManyValues,
  badValues,
  manyValuesWhereOneIsAllowed,
  wildcardNameServers,
]

function tooManyValues({ values }: RecordSet): Finding | undefined {
  if (values.length <= MAX_VALUES) return undefined
  return { message: `Cannot have more than ${MAX_VALUES} records in a RRSet.`, broken: 'values' }
}

function badValues({ type, values }: RecordSet): readonly Finding[] {
  const seen = new Set<string>()
  return values.flatMap((value): readonly Finding[] => {
    const canonical = canonicalOrProblem(type, value)
    if (canonical instanceof ValueProblem) return [{ message: `Invalid Resource Record: '${canonical.message}'` }]
    if (seen.has(canonical)) return [{ message: `Duplicate Resource Record: '${value}'` }]
    seen.add(canonical)
    return []
  })
}

function manyValuesWhereOneIsAllowed({ name, type, values, routing }: RecordSet): Finding | undefined {
  if (values.length < 2) return undefined
  if (type === 'SOA') return { message: 'A HostedZone must contain exactly one SOA record.' }
  if (type !== 'CNAME' && routing?.policy !== 'Weight') return undefined
  const kind = type === 'CNAME' ? 'RRSet of type CNAME' : 'Weighted RRSet'
  return { message: `${kind} with DNS name ${name} cannot contain more than one resource record.` }
}

function wildcardNameServers({ name, type }: RecordSet): Finding | undefined {
  if (type !== 'NS' || !isWildcard(name)) return undefined
  return { message: `RRSet of type NS with DNS name ${name} is not permitted as a wildcard.` }
}

/** A set may be deleted once and created once; an UPSERT does both. */
function twiceChanged(changes: readonly BatchChange[]): readonly RecordSet[] {
  const done = new Set<string>()
  const twice = new Map<string, RecordSet>()
  for (const { action, set } of changes) {
    const key = keyOf(set)
    for (const part of action === 'UPSERT' ? ['DELETE', 'CREATE'] : [action]) {
      if (done.has(`${part} ${key}`)) twice.set(key, set)
      done.add(`${part} ${key}`)
    }
  }
  return [...twice.values()]
}

function invalidChanges({ name, type }: RecordSet): string {
  return `The request contains an invalid set of changes for a resource record set '${type} ${name}'`
}

function canonicalOrProblem(type: string, value: string): string | ValueProblem {
  try {
    return canonicalValue(type, value)
  } catch (error) {
    if (error instanceof ValueProblem) return error
    throw error
  }
}

function refuse(found: readonly Finding[]): void {
  if (found.length === 0) return
  const violations = new Set(found.flatMap(({ broken }) => broken ?? []))
  throw new InvalidChangeBatch(
    found.map(({ message }) => message),
    [...violations],
  )
}

function sum<T>(all: readonly T[], weight: (one: T) => number): number {
  return all.reduce((total, one) => total + weight(one), 0)
}
