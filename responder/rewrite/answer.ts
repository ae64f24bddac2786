import { Type } from '../../shared/dns/codes.ts'
import type { Reply } from '../../shared/dns/message.ts'
import { isAtOrBelow, type WireName } from '../../shared/dns/name.ts'
import { fieldsWithNames } from '../../shared/dns/rdata.ts'
import type { RRset } from '../../shared/dns/rrset.ts'
import { MAX_MESSAGE, WireReader, WireWriter } from '../../shared/dns/wire.ts'
import { move, type Rule } from './rule.ts'

/** What a rule did to the name of a question. */
export interface Renaming {
  readonly rule: Rule
  readonly before: WireName
  readonly after: WireName
}

/** The reply as it has to be for who asked under the name before. */
export function rewriteReply(reply: Reply, { rule, before, after }: Renaming): Reply {
  const { ttl, answer, values } = rule
  const timed = ttl === undefined ? reply : { ...reply, answer: reply.answer.map((rrset) => withTtl(rrset, ttl)) }
  if (answer === 'none' || before === after) return timed
  if (values) return withoutStray(renamed(timed, all(rule, before, after), true), before)
  const back = enclosing(rule, before, after)
  // Behind an alias the sections tell of another name than the one that was asked for.
  return reply.answer.length === 0
    ? renamed(timed, back, false)
    : withoutStray({ ...timed, answer: timed.answer.map((rrset) => rename(rrset, back, false)) }, before)
}

// ---------------------------------------------------------------------------

type Back = (name: WireName) => WireName

/** Back goes the name alone, and the names above it that moved with it: owners of SOA, NS and DNAME must enclose it. */
function enclosing({ moved }: Rule, before: WireName, after: WireName): Back {
  return (name) => {
    if (name === after) return before
    if (moved === undefined || !isAtOrBelow(after, name)) return name
    return move(name, moved.to, moved.from) ?? name
  }
}

/** Back goes whatever moved, or would have. */
function all({ moved }: Rule, before: WireName, after: WireName): Back {
  return (name) => {
    if (name === after) return before
    return (moved && move(name, moved.to, moved.from)) ?? name
  }
}

/** Without a DNAME that is not above the name that was asked for, and says nothing of it: the CNAME that it made does. */
function withoutStray(reply: Reply, before: WireName): Reply {
  const [first, ...others] = reply.answer
  const isStray = first?.type === Type.DNAME && !isAtOrBelow(before, first.owner)
  return isStray ? { ...reply, answer: others } : reply
}

function renamed(reply: Reply, back: Back, values: boolean): Reply {
  const section = (rrsets: readonly RRset[]) => rrsets.map((rrset) => rename(rrset, back, values))
  return {
    ...reply,
    answer: section(reply.answer),
    authority: section(reply.authority),
    additional: section(reply.additional),
  }
}

function rename(rrset: RRset, back: Back, values: boolean): RRset {
  const owner = back(rrset.owner)
  const named = values && fieldsWithNames(rrset.type) !== undefined
  if (owner === rrset.owner && !named) return rrset
  return { ...rrset, owner, rdata: named ? rrset.rdata.map((rdata) => renameIn(rdata, rrset.type, back)) : rrset.rdata }
}

const writer = new WireWriter(new Uint8Array(2 * MAX_MESSAGE))

function renameIn(rdata: Uint8Array, type: number, back: Back): Uint8Array {
  const from = new WireReader(rdata)
  writer.at = 0
  for (const field of fieldsWithNames(type) ?? []) {
    if (field.isName) writer.name(back(from.name()))
    else field.copy(from, writer)
  }
  return writer.slice()
}

function withTtl(rrset: RRset, { min, max }: NonNullable<Rule['ttl']>): RRset {
  const ttl = Math.min(Math.max(rrset.ttl, min), max)
  return ttl === rrset.ttl ? rrset : { ...rrset, ttl }
}
