import { formatName, type Name, NameError, parseName } from '../dns/name.ts'
import type { NamedFunction } from '../registrations/model.ts'
import { functionOfArn } from './arn.ts'
import { labelOf } from './labels.ts'
import { type FoundFunction, type FunctionNames, type Publication, type Refusal, TAGS } from './model.ts'
import { functionsApex, publicationsOf } from './records.ts'

export interface Plan {
  readonly desired: readonly Publication[]
  readonly refusals: readonly Refusal[]
}

/** Published versions of a function that get names, the newest; and aliases that do, of which Lambda allows any number. */
const MAX_VERSIONS = 10
const MAX_ALIASES = 100

/** True if the function is to have a name. */
export function isPublished({ tags }: Pick<FoundFunction, 'tags'>): boolean {
  return tags[TAGS.publish] === 'true'
}

/** True if the versions of the function are to have names, too. */
export function namesVersions({ tags }: Pick<FoundFunction, 'tags'>): boolean {
  return tags[TAGS.versions] === 'true'
}

/**
 * What these functions are to have registered. A name that several want stays with the one that is `registered` under it;
 * where none is, none gets it, for to choose one would be to send its callers to whichever was deployed first. Whoever is
 * registered and not among those `found` keeps its names.
 */
export function planNames(
  found: readonly FoundFunction[],
  names: FunctionNames,
  registered: readonly Publication[],
): Plan {
  const holders = new Map(registered.flatMap(({ name, fn }) => (fn === undefined ? [] : [[name, fn.arn] as const])))
  const read = new Set(found.map(({ arn }) => arn))
  const stays = (arn: string) => !read.has(functionOfArn(arn)?.arn ?? arn)
  const drafts = found.filter(isPublished).map((fn) => draftOf(fn, names))
  const refusals = drafts.flatMap((draft) => draft.refusals)
  const functions = settled(
    drafts.flatMap(({ whole }) => whole ?? []),
    holders,
    stays,
  )
  const kept = new Set(functions.granted)
  const rest = drafts.filter(({ whole }) => whole !== undefined && kept.has(whole)).flatMap(({ parts }) => parts)
  const aliases = settled(rest, holders, stays)
  return {
    desired: [...functions.granted, ...aliases.granted].flatMap(({ name, fn, alias }) =>
      publicationsOf(name, fn, alias, names),
    ),
    refusals: [...refusals, ...functions.refused, ...aliases.refused],
  }
}

// ---------------------------------------------------------------------------

/** A name that a function, an alias or a version wants. */
interface Claim {
  readonly name: Name
  readonly fn: NamedFunction
  readonly alias?: string
}

interface Draft {
  /** Absent where the function gets no name; then its aliases get none. */
  readonly whole?: Claim
  readonly parts: readonly Claim[]
  readonly refusals: readonly Refusal[]
}

const AUTH = ['token', 'none'] as const

function draftOf(found: FoundFunction, { zone }: FunctionNames): Draft {
  const { arn, tags, aliases, versions, urls } = found
  const refused = (refusal: Omit<Refusal, 'arn'>): Draft => ({ parts: [], refusals: [{ arn, ...refusal }] })
  const given = tags[TAGS.auth]
  const auth = AUTH.find((one) => one === given) ?? (urls.some(isForIam) ? 'token' : 'none')
  if (given !== undefined && given !== auth) {
    const sentence = `the tag ${TAGS.auth} is ${JSON.stringify(given)}, it must be ${AUTH.join(' or ')}`
    return refused({ code: 'unknown_tag_value', sentence })
  }
  const read = labelOf(tags[TAGS.name] ?? found.name)
  if (!('label' in read)) {
    const sentence = `${read.sentence}; give it another name with the tag ${TAGS.name}`
    return refused({ ...read, sentence })
  }
  const whole = nameOf(read.label, functionsApex(zone))
  if (whole === undefined) return refused(tooLong(read.label))

  const draft = { parts: [] as Claim[], refusals: [] as Refusal[] }
  for (const [i, { name: alias }] of aliases.toSorted(byName).entries()) add(alias, alias, i >= MAX_ALIASES)
  for (const version of versions.toSorted((a, b) => Number(b) - Number(a)).slice(0, MAX_VERSIONS)) add(version)
  return { whole: { name: whole, fn: fnOf() }, ...draft }

  function add(qualifier: string, alias?: string, isTooMuch = false): void {
    const refuse = (refusal: Omit<Refusal, 'arn'>) => draft.refusals.push({ arn: `${arn}:${qualifier}`, ...refusal })
    const label = labelOf(qualifier)
    if (isTooMuch) refuse({ code: 'too_many_aliases', sentence: `the first ${MAX_ALIASES} aliases get names` })
    else if (!('label' in label)) refuse({ ...label, sentence: `the alias ${label.sentence}` })
    else {
      const name = nameOf(label.label, whole as Name)
      if (name === undefined) refuse(tooLong(label.label))
      else draft.parts.push({ name, fn: fnOf(qualifier), ...(alias !== undefined && { alias }) })
    }
  }

  function fnOf(qualifier?: string): NamedFunction {
    const url = urls.find((one) => one.qualifier === qualifier)?.url
    return { arn: qualifier === undefined ? arn : `${arn}:${qualifier}`, auth, ...(url !== undefined && { url }) }
  }
}

const isForIam = ({ authType }: FoundFunction['urls'][number]) => authType === 'AWS_IAM'
const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1)

const LONGEST_ABOVE = '_https._tcp'

/** The name of a label below another; undefined if that, or what stands above it, would be too long. */
function nameOf(label: string, above: Name): Name | undefined {
  try {
    const name = parseName(label, parseName(above))
    parseName(LONGEST_ABOVE, name)
    return formatName(name)
  } catch (error) {
    if (error instanceof NameError) return undefined
    throw error
  }
}

function tooLong(label: string): Omit<Refusal, 'arn'> {
  return { code: 'name_too_long', sentence: `the name of ${label} would have more than 255 octets` }
}

/** Gives each name to whoever has it already and wants it still, or else to the only one that wants it. */
function settled(claims: readonly Claim[], holders: ReadonlyMap<Name, string>, stays: (arn: string) => boolean) {
  const granted: Claim[] = []
  const refused: Refusal[] = []
  for (const [name, rivals] of Map.groupBy(claims, (claim) => claim.name)) {
    const holder = holders.get(name)
    const first = rivals.find(({ fn }) => fn.arn === holder)
    if (first !== undefined) granted.push(first)
    for (const rival of rivals.filter((one) => one !== first)) {
      const { arn } = rival.fn
      if (holder !== undefined && (first !== undefined || stays(holder)))
        refused.push({ code: 'name_taken', arn, sentence: `${name} is that of ${holder}; ${CURE}` })
      else if (rivals.length === 1) granted.push(rival)
      else {
        const others = rivals.filter((one) => one !== rival).map(({ fn }) => fn.arn)
        refused.push({ code: 'name_contested', arn, sentence: `${others.join(', ')} would be ${name}, too; ${CURE}` })
      }
    }
  }
  return { granted, refused }
}

const CURE = `give one of them another name, a function with the tag ${TAGS.name}`
