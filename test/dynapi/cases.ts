import { foldCase } from '../../shared/dns/name.ts'
import type { RRsets } from '../../shared/records/model.ts'
import type { Expected, HttpRequest } from './expect.ts'
import { bugs } from './rows/bugs.ts'
import { contract } from './rows/contract.ts'
import { bodyB, type Row, ZONE } from './rows/row.ts'
import { table } from './rows/table.ts'

/**
 * One request and all that must come of it. No two cases touch the same owner name, so they can run in any order, or all
 * against one stack before DNS is looked at.
 */
export interface Case {
  readonly title: string
  /** Full owner name. */
  readonly owner: string
  /** What the store holds for the owner before. */
  readonly before: RRsets
  /** Requests that go before, each answered with OK. */
  readonly earlier: readonly HttpRequest[]
  readonly request: HttpRequest
  readonly response: Expected
  /** What the store, and so DNS, holds for the owner after; without RRsets: NXDOMAIN, at the apex NODATA. */
  readonly after: RRsets
  /** The name to ask DNS for: the owner, or a name that it covers as a wildcard. */
  readonly ask: string
}

export { ZONE }

export const cases: readonly Case[] = [...table, ...contract, ...bugs].map(place)

// ---------------------------------------------------------------------------

function place(row: Row, index: number): Case {
  const name = row.name ?? `h${index}`
  const owner = row.owner ?? `${foldCase(name)}.${ZONE}`
  const { before = {}, after = before, path = '/dynapi', headers = {} } = row
  return {
    title: `${row.title}: ${row.verb}${row.before ? ' where there are records' : ''}`,
    owner,
    before,
    earlier: (row.earlier ?? []).map((verb) => ({
      verb,
      path: '/dynapi',
      headers: {},
      body: JSON.stringify(bodyB(foldCase(name))),
    })),
    request: { verb: row.verb, path, headers, body: bodyOf(row, name) },
    response: typeof row.response === 'function' ? row.response(name) : row.response,
    after,
    ask: row.ask ?? owner,
  }
}

function bodyOf({ raw, edit }: Row, name: string): string | Uint8Array {
  const b = JSON.stringify({ ...bodyB(name), ...edit })
  if (typeof raw === 'function') return raw(b)
  return raw?.replaceAll('%h', name).replaceAll('%B', b) ?? b
}
