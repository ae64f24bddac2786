import type { Grant, Token } from '../../shared/access/model.ts'
import type { AccessStore } from '../../shared/access/ports.ts'
import { principalOfToken } from '../../shared/access/principal.ts'
import { type Issued, newToken, type Random, revoke, rotate } from '../../shared/access/tokens.ts'
import type { Name } from '../../shared/dns/name.ts'
import type { NameStore } from '../../shared/records/ports.ts'
import type { Command } from './options.ts'

export interface AccessParts {
  readonly store: AccessStore
  readonly names: Pick<NameStore, 'read'>
  readonly now: () => number
  readonly random: Random
}

/** What a command has to say: `output` is what was asked for, `remark` what a person is told beside it. */
export interface Said {
  readonly output: string
  readonly remark: string
}

/** Carries out a command; throws an Error of one line where it cannot be done. */
export async function carryOut(parts: AccessParts, command: Command): Promise<Said> {
  const { store, now, random } = parts
  switch (command.kind) {
    case 'grant add':
      return addGrant(parts, command)
    case 'grant list': {
      const grants = (await store.grants()).filter(({ principal }) => principal === (command.principal ?? principal))
      const revoked = new Set(
        (await store.tokens()).flatMap(({ id, revoked }) => (revoked ? principalOfToken(id) : [])),
      )
      const ofNobody = (grant: Grant) => (revoked.has(grant.principal) ? ' (the token is revoked)' : '')
      return listed(grants.map((grant) => describeGrant(grant, now()) + ofNobody(grant)))
    }
    case 'grant remove':
      return removeGrant(store, command.id)
    case 'token create': {
      const issued = newToken(command.label, command.lifetime, now(), random)
      await written(store, issued.token, 0)
      return shown(issued)
    }
    case 'token list':
      return listed((await store.tokens()).map((token) => describeToken(token, now())))
    case 'token rotate': {
      const token = await existing(store, command.id)
      if (token.revoked !== undefined) throw new Error(`token:${token.id} is revoked: create another one`)
      const issued = rotate(token, command.lifetime, command.grace, now(), random)
      await written(store, issued.token, token.version)
      return shown(issued)
    }
    case 'token revoke': {
      const token = await existing(store, command.id)
      if (token.revoked === undefined) await written(store, revoke(token, now()), token.version)
      return { output: '', remark: `token:${token.id} is revoked` }
    }
    case 'who':
      return writerOf(parts, command.name)
  }
}

// ---------------------------------------------------------------------------

const ID_OCTETS = 6

/** A grant for a token that is not there would sit unused, or wait for nobody knows whom: it is a slip. */
async function addGrant(
  { store, now, random }: AccessParts,
  { grant, lifetime }: Extract<Command, { kind: 'grant add' }>,
): Promise<Said> {
  const [, token] = grant.principal.split(/^token:/)
  if (token !== undefined) await existing(store, token)
  const id = Buffer.from(random(ID_OCTETS)).toString('hex')
  const added: Grant = { ...grant, id, ...(lifetime !== undefined && { expires: now() + lifetime }) }
  if (!(await store.addGrant(added))) throw new Error('a grant has this id by chance: try again')
  return { output: `${describeGrant(added, now())}\n`, remark: 'It holds within some seconds' }
}

async function removeGrant(store: AccessStore, id: string): Promise<Said> {
  const grant = (await store.grants()).find((one) => one.id === id)
  if (grant === undefined || !(await store.removeGrant(grant))) throw new Error(`there is no grant ${id}`)
  return { output: '', remark: `The grant ${id} is removed; within some seconds it counts no more` }
}

/** The last write of a name: also the one that withdrew it, for as long as that is remembered. */
async function writerOf({ names }: AccessParts, name: Name): Promise<Said> {
  const record = await names.read(name)
  if (record === undefined) throw new Error(`there is no record of ${name}`)
  const { rrsets, by } = record
  const what = Object.keys(rrsets).length === 0 ? 'withdrawn' : Object.keys(rrsets).join(',')
  return { output: `${name} ${what} ${by ? `by=${by.principal} at=${day(by.at)}` : 'by=unknown'}\n`, remark: '' }
}

/** A token may be named as in a grant. */
async function existing(store: AccessStore, id: string): Promise<Token> {
  const token = await store.token(id.replace(/^token:/, ''))
  if (token === undefined) throw new Error(`there is no token ${id.startsWith('ns_') ? 'of that id' : id}`)
  return token
}

async function written(store: AccessStore, token: Token, expected: number): Promise<void> {
  if (await store.writeToken(token, expected)) return
  throw new Error(`token:${token.id} was changed by somebody else meanwhile: look at it, and try again`)
}

function shown({ token, text }: Issued): Said {
  const [newest] = token.secrets
  const until = newest === undefined ? '' : `, valid until ${day(newest.expires)}`
  return { output: `${text}\n`, remark: `This is ${principalOfToken(token.id)}${until}. It is shown this once` }
}

function listed(lines: readonly string[]): Said {
  return {
    output: lines
      .toSorted()
      .map((line) => `${line}\n`)
      .join(''),
    remark: lines.length === 0 ? 'There is none' : '',
  }
}

function describeGrant({ id, principal, zones, names, types, actions, expires }: Grant, now: number): string {
  const what = [
    ['zones', zones],
    ['names', names],
    ['types', types],
    ['actions', actions],
  ] as const
  const members = what.map(([key, list]) => `${key}=${list.join(',')}`)
  return [id, principal, ...members, ...(expires === undefined ? [] : [end(expires, now)])].join(' ')
}

function describeToken({ id, label, created, secrets, revoked }: Token, now: number): string {
  const [newest, ...former] = secrets.map(({ expires }) => end(expires, now))
  const ends = [...(newest ? [newest] : []), ...former.map((text) => `former secret ${text}`)]
  const state = revoked === undefined ? ends : [`revoked=${day(revoked)}`]
  return [principalOfToken(id), `created=${day(created)}`, ...state, JSON.stringify(label)].join(' ')
}

function end(expires: number, now: number): string {
  return `${now < expires ? 'until' : 'ended'}=${day(expires)}`
}

/** ISO 8601, UTC, to the second. */
function day(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
