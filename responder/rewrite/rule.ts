import * as v from 'valibot'
import { foldCase, isAtOrBelow, MAX_NAME, NameError, parseName, type WireName } from '../../shared/dns/name.ts'
import { typeNumber } from '../../shared/dns/rdata.ts'
import { rrTypes } from '../config/readable.ts'
import { about } from '../values.ts'
import { compilePattern } from './pattern.ts'

const ttl = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1))

/** What the settings say of one rule. */
export const ruleSettings = v.pipe(
  v.strictObject({
    match: v.picklist(['exact', 'prefix', 'suffix', 'substring', 'regex']),
    from: v.string(),
    to: v.optional(v.string()),
    types: v.optional(rrTypes),
    answer: v.optional(v.picklist(['auto', 'none']), 'auto'),
    values: v.optional(v.boolean(), false),
    ttl: v.optional(v.strictObject({ min: v.optional(ttl, 0), max: v.optional(ttl, 2 ** 31 - 1) })),
    continue: v.optional(v.boolean(), false),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    try {
      prepareRule(dataset.value)
    } catch (error) {
      addIssue({ message: (error as Error).message })
    }
  }),
)
type RuleSettings = v.InferOutput<typeof ruleSettings>

/** A rule, made ready. */
export interface Rule extends Pick<RuleSettings, 'answer' | 'values' | 'ttl' | 'continue'> {
  readonly types: ReadonlySet<number | undefined> | undefined
  /** The name to look up instead; undefined if the rule is not for this name. `text` is its presentation form. */
  rename(name: WireName, text: () => string): WireName | undefined
  /** Of a rule that moves all below one name to below another: these two. */
  readonly moved?: { readonly from: WireName; readonly to: WireName }
}

/** Throws an Error that says what is wrong. */
export function prepareRule(settings: RuleSettings): Rule {
  const { match, from, to, types, ttl, ...rest } = settings
  if (to === undefined && ttl === undefined) throw new Error('a rule has "to", or "ttl", or both')
  if (ttl !== undefined && ttl.min > ttl.max) throw new Error('ttl: the least is above the most')
  const prepared = { ...rest, ttl, types: types && new Set(types.map(typeNumber)) }
  if (to !== undefined) return { ...prepared, ...RENAMES[match](from, to) }
  const { rename } = RENAMES[match](from, match === 'regex' ? '.' : from)
  return { ...prepared, rename: (name, text) => rename(name, text) && name }
}

// ---------------------------------------------------------------------------

type Renaming = Pick<Rule, 'rename' | 'moved'>

const RENAMES: Readonly<Record<RuleSettings['match'], (from: string, to: string) => Renaming>> = {
  exact(from, to) {
    const [asked, instead] = [about('from', () => parseName(from)), about('to', () => parseName(to))]
    return { rename: (name) => (name === asked ? instead : undefined) }
  },

  /** As CoreDNS has it but for names that merely end in the same letters; with a dot before it, not the name itself. */
  suffix(from, to) {
    const below = from.startsWith('.')
    const moved = {
      from: about('from', () => parseName(withoutDot(from))),
      to: about('to', () => parseName(withoutDot(to))),
    }
    return {
      moved,
      rename: (name) => (below && name === moved.from ? undefined : move(name, moved.from, moved.to)),
    }
  },

  prefix(from, to) {
    const text = textOf(from)
    return { rename: (_, name) => (name().startsWith(text) ? nameOf(to + name().slice(text.length)) : undefined) }
  },

  substring(from, to) {
    const text = textOf(from)
    return { rename: (_, name) => (name().includes(text) ? nameOf(name().replaceAll(text, () => to)) : undefined) }
  },

  regex(from, to) {
    const { groups, match } = about('from', () => compilePattern(from))
    for (const [place, group] of to.matchAll(PLACE)) {
      if (Number(group) >= groups) throw new Error(`to: ${place} is no group of the pattern`)
    }
    return {
      rename(_, name) {
        const found = match(name())
        return found && nameOf(to.replace(PLACE, (_place, group) => found[Number(group)] as string))
      },
    }
  },
}

/** Where a group of a pattern is put in, by its number. */
const PLACE = /\{(\d{1,2})\}/g

/** The name at or below `from` as one at or below `to`; undefined if it is none, or would be too long. */
export function move(name: WireName, from: WireName, to: WireName): WireName | undefined {
  if (!isAtOrBelow(name, from)) return undefined
  const moved = `${name.slice(0, name.length - from.length)}${to}`
  return moved.length > MAX_NAME ? undefined : (moved as WireName)
}

/** A rule that leads to what is no name is not for this one. */
function nameOf(text: string): WireName | undefined {
  try {
    return parseName(text)
  } catch (error) {
    if (error instanceof NameError) return undefined
    throw error
  }
}

function withoutDot(text: string): string {
  return text.startsWith('.') && text.length > 1 ? text.slice(1) : text
}

/** Text as it is in names. */
function textOf(from: string): string {
  if (!/^[!-~]+$/.test(from)) throw new Error('from: it must be printable and without blanks, as names are written')
  return foldCase(from)
}
