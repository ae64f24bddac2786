import { type Name, NameError } from '../dns/name.ts'
import { nameFromRoute53, route53Name, route53Value } from './forms.ts'
import type { Change } from './model.ts'

/** What Route 53 says of a change batch that it did not take. */
export interface Message {
  /**
   * `exists`, `not-found`, `mismatch`: the hosted zone is not as the change expects. `outside`: the name is not in it.
   * `zone-full`: it takes no more record sets. `conflict`: what else is there, or in the batch, stands in the way.
   */
  readonly kind: 'exists' | 'not-found' | 'mismatch' | 'outside' | 'zone-full' | 'conflict' | 'invalid'
  readonly name?: Name
  readonly type?: string
}

/** A message and the changes that it speaks of; none where it does not say. */
export interface Blame {
  readonly kind: Message['kind']
  /** In AWS's own words. */
  readonly message: string
  readonly changes: readonly Change[]
}

/** The part of a text of many messages that speaks of a change, if it does, and of that no more than can be kept. */
export function excerpt(message: string, change: Change): string {
  const parts = message.split(/, (?=Invalid Resource Record|Duplicate Resource Record|FATAL problem)/)
  const quoted = quotes(change)
  const told = parts.find((part) => quoted.some((text) => part.includes(text))) ?? message
  return told.length > MAX_EXCERPT ? `${told.slice(0, MAX_EXCERPT)}…` : told
}

/** Reads one message. The texts are not documented; those that are not known are `invalid` and name nothing. */
export function readMessage(message: string): Message {
  const kind = kinds.find(([pattern]) => pattern.test(message))?.[1] ?? 'invalid'
  for (const pattern of subjects) {
    const { name, type } = pattern.exec(message)?.groups ?? {}
    if (name !== undefined) return { kind, ...nameIn(name), ...(type !== undefined && { type }) }
  }
  return { kind }
}

/** Which changes of a batch each message names. A message may name none, and it need not name all that are at fault. */
export function blame(messages: readonly string[], changes: readonly Change[]): readonly Blame[] {
  return messages.map((message) => {
    const read = readMessage(message)
    const named = read.name === undefined ? quotedIn(message, changes) : changes.filter((one) => isMeant(one, read))
    return { kind: read.kind, message, changes: named }
  })
}

/** The messages of a text that holds several: `[one., another.]`. What quotes a value is not split, for it may say anything. */
export function splitMessages(text: string): readonly string[] {
  const list = /^\[(.*)\]$/s.exec(text)?.[1] ?? text
  const quoting = list.search(QUOTING)
  const [before, after] = quoting === -1 ? [list, ''] : [list.slice(0, quoting), list.slice(quoting)]
  const parts = before.split(BETWEEN)
  return [...parts, after].filter((part) => part !== '')
}

// ---------------------------------------------------------------------------

/** How a message begins that quotes a value or a name. */
const QUOTING = /(Invalid|Duplicate) Resource Record|FATAL problem/

/** Between two messages: a comma, and what messages are known to begin with. */
const BETWEEN = /, (?=RRSet |Tried to |The request |Exceeded |A HostedZone |Cannot |Number of |RDATA |$)/

const kinds: readonly (readonly [RegExp, Message['kind']])[] = [
  [/^Tried to create .* but it already exists/s, 'exists'],
  [/^Tried to delete .* but it was not found/s, 'not-found'],
  [/^Tried to delete .* but the values provided do not match/s, 'mismatch'],
  [/^RRSet with DNS name \S+ is not permitted in zone/, 'outside'],
  [/^RRSet .*(conflict|cannot be created)/s, 'conflict'],
  [/^[^']*\bMAX_RRSETS_BY_ZONE\b/, 'zone-full'],
]

/** How messages name a record set; the second of the forms is that of earlier years. */
const subjects: readonly RegExp[] = [
  /^Tried to \w+ resource record set \[name=['"](?<name>[^'"]+)['"], type=['"](?<type>\w+)['"]/,
  /^Tried to \w+ resource record set (?<name>[^\s,[]+),? type (?<type>\w+)/,
  /^RRSet of type\s+(?<type>\w+) with DNS name (?<name>\S+)/,
  /^RRSet with DNS name "?(?<name>[^\s,"]+)"?(?:,? (?:and )?type (?<type>\w+))?/,
  /^The request contains an invalid set of changes for a resource record set '(?<type>\w+) (?<name>[^\s']+)'/,
  // Texts yet unknown are likely to name a record set in the form of the first. Those that quote a value may hold anything.
  /^(?!Invalid |Duplicate |FATAL )[^']*\[name='(?<name>[^']+)', type='(?<type>\w+)'/,
]

/** A backslash is seen doubled at times; a name in octal has none that stands for itself. */
function nameIn(text: string): { name?: Name } {
  try {
    return { name: nameFromRoute53(text.replaceAll('\\\\', '\\')) }
  } catch (error) {
    if (error instanceof NameError) return {}
    throw error
  }
}

function isMeant({ action, name, type }: Change, message: Message): boolean {
  if (name !== message.name || type !== (message.type ?? type)) return false
  if (message.kind === 'exists') return action === 'CREATE'
  return (message.kind !== 'not-found' && message.kind !== 'mismatch') || action === 'DELETE'
}

/** Changes with a value or name that the message quotes, and those it counts (`changeBatch.changes.1.member…`). */
function quotedIn(message: string, changes: readonly Change[]): readonly Change[] {
  const counted = new Set(
    Array.from(message.matchAll(/\bchangeBatch\.changes\.(\d+)\.member/g), ([, at]) => Number(at)),
  )
  if (counted.size > 0) return changes.filter((_, i) => counted.has(i + 1))
  if (message.search(QUOTING) !== 0) return []
  const meant = (text: string) => message.includes(text)
  const quoted = changes.filter((change) => quotes(change).some(meant))
  // A value that quotes something itself could have the message speak of the records of others.
  const quoting = quoted.filter((change) =>
    quotes(change).some((text) => meant(text) && text.slice(1, -1).includes("'")),
  )
  return quoting.length > 0 ? quoting : quoted
}

const MAX_EXCERPT = 500

/** The texts by which a message can speak of a change, in their quotation marks. */
function quotes({ name, type, rrset }: Change): readonly string[] {
  const absolute = route53Name(name)
  const texts = [absolute, absolute.slice(0, -1), ...rrset.rdata.map((rdata) => route53Value(type, rdata))]
  return texts.map((text) => `'${text}'`)
}
