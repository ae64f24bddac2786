import { parseArgs } from 'node:util'
import { ACTIONS, type Action, type Grant, type Principal } from '../../shared/access/model.ts'
import { formatPattern, parsePattern } from '../../shared/access/pattern.ts'
import { parsePrincipal } from '../../shared/access/principal.ts'
import { parseDuration } from '../../shared/dns/duration.ts'
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import { typeMnemonic, typeNumber } from '../../shared/dns/rdata.ts'
import { about, complaining } from '../arguments.ts'

export type Command =
  | { readonly kind: 'grant add'; readonly grant: Omit<Grant, 'id' | 'expires'>; readonly lifetime: number | undefined }
  | { readonly kind: 'grant list'; readonly principal: Principal | undefined }
  | { readonly kind: 'grant remove'; readonly id: string }
  | { readonly kind: 'who'; readonly name: Name }
  | { readonly kind: 'token create'; readonly label: string; readonly lifetime: number }
  | { readonly kind: 'token list' }
  | { readonly kind: 'token rotate'; readonly id: string; readonly grace: number; readonly lifetime: number }
  | { readonly kind: 'token revoke'; readonly id: string }

export interface AccessOptions {
  readonly command: Command
  readonly data: string | undefined
  readonly dynamoDb: string | undefined
}

/** Reads the command line; undefined if help is asked for. Times are in milliseconds. Throws an Error of one line. */
export function parseAccessOptions(args: readonly string[]): AccessOptions | undefined {
  const { values, positionals } = readArguments(args)
  if (values.help) return undefined
  const { data, dynamodb: dynamoDb, help: _, ...own } = values
  const kind = KINDS.find((one) => `${positionals.join(' ')} `.startsWith(`${one} `))
  if (kind === undefined) throw new Error(`${JSON.stringify(positionals.join(' '))} is no command; ${HELP}`)
  const rest = positionals.slice(kind.split(' ').length)
  const { operands, options } = takes[kind]
  if (rest.length !== operands.length) {
    throw new Error(`${kind} takes ${operands.length === 0 ? 'no argument' : `one ${operands[0]}`}; ${HELP}`)
  }
  const stray = Object.keys(own).find((name) => !(options as readonly string[]).includes(name))
  if (stray !== undefined) throw new Error(`${kind} does not take --${stray}; ${HELP}`)
  return { command: commandOf(kind, own, rest[0] ?? ''), data, dynamoDb }
}

// ---------------------------------------------------------------------------

const HELP = 'npm run access -- --help tells them all'
const DAY = '1d'
const LIFETIME = '90d'
const MAX_SECONDS = 3650 * 86_400

const takes = {
  'grant add': { operands: [], options: ['principal', 'zone', 'name', 'type', 'action', 'expires'] },
  'grant list': { operands: [], options: ['principal'] },
  'grant remove': { operands: ['ID'], options: [] },
  'token create': { operands: [], options: ['label', 'expires'] },
  'token list': { operands: [], options: [] },
  'token rotate': { operands: ['ID'], options: ['grace', 'expires'] },
  'token revoke': { operands: ['ID'], options: [] },
  who: { operands: ['NAME'], options: [] },
} as const

const KINDS = Object.keys(takes) as Command['kind'][]

type Own = Omit<ReturnType<typeof readArguments>['values'], 'help' | 'data' | 'dynamodb'>

function commandOf(kind: Command['kind'], own: Own, id: string): Command {
  switch (kind) {
    case 'grant add':
      return {
        kind,
        grant: grantOf(own),
        lifetime: own.expires === undefined ? undefined : time('expires', own.expires),
      }
    case 'grant list':
      return { kind, principal: own.principal === undefined ? undefined : parseGrantee(own.principal) }
    case 'token create':
      return { kind, label: needed('label', own.label), lifetime: time('expires', own.expires ?? LIFETIME) }
    case 'token rotate':
      return { kind, id, grace: time('grace', own.grace ?? DAY, 0), lifetime: time('expires', own.expires ?? LIFETIME) }
    case 'token list':
      return { kind }
    case 'who':
      return { kind, name: about('NAME', () => canonicalName(id)) }
    default:
      return { kind, id }
  }
}

function grantOf({ principal, zone, name, type, action }: Own): Omit<Grant, 'id' | 'expires'> {
  const actions = each('action', action ?? ['write'], parseAction)
  const named = name ?? (actions.every((one) => one === 'mirror') ? ['*'] : undefined) // mirrors are about all names
  return {
    principal: parseGrantee(needed('principal', principal)),
    zones: each('zone', zone, canonicalName),
    names: each('name', named, (text) => formatPattern(parsePattern(text))),
    types: each('type', type ?? ['A', 'AAAA'], parseType),
    actions,
  }
}

function readArguments(args: readonly string[]) {
  const one = { type: 'string' } as const
  const many = { type: 'string', multiple: true } as const
  return complaining(HELP, () =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ principal: one, zone: many, name: many, type: many, action: many },
        ...{ label: one, expires: one, grace: one, data: one, dynamodb: one },
        help: { type: 'boolean', default: false },
      },
    }),
  )
}

/** What an option that may be given several times gives, once each. */
function each<T>(option: string, texts: readonly string[] | undefined, read: (text: string) => T): T[] {
  const given = needed(option, texts)
  return about(`--${option}`, () => [...new Set(given.map((text) => read(text)))])
}

function needed<T>(option: string, value: T | undefined): T {
  if (value === undefined || value === '') throw new Error(`--${option} is needed; ${HELP}`)
  return value
}

function parseGrantee(text: string): Principal {
  return about('--principal', () => parsePrincipal(text))
}

function parseType(text: string): string {
  if (text === '*') return text
  const number = typeNumber(text.toUpperCase())
  if (number === undefined) throw new Error(`${JSON.stringify(text)} is no type such as A or AAAA, nor *`)
  return typeMnemonic(number)
}

function parseAction(text: string): Action {
  const action = ACTIONS.find((one) => one === text)
  if (action === undefined) throw new Error(`${JSON.stringify(text)} is none of ${ACTIONS.join(', ')}`)
  return action
}

/** Milliseconds of a duration. */
function time(option: string, text: string, least = 1): number {
  const seconds = /^\d+$/.test(text) ? undefined : parseDuration(text)
  if (seconds !== undefined && seconds >= least && seconds <= MAX_SECONDS) return seconds * 1000
  throw new Error(`--${option}: ${JSON.stringify(text)} is no duration such as 90d or 12h, of 10 years at most`)
}
