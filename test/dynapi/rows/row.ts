import type { RRsets } from '../../../shared/records/model.ts'
import { ABSENT, BADDATA, type Expected } from '../expect.ts'

/** A case as it is written down. What is left out: an empty store, the body B, an unchanged store. */
export interface Row {
  readonly title: string
  readonly before?: RRsets
  /** Verbs sent with B before, each answered with OK. */
  readonly earlier?: readonly string[]
  readonly verb: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  /** A name that is accepted, instead of one made up for the case. */
  readonly name?: string
  /** Its owner, where that is not the name in lower case below the zone. */
  readonly owner?: string
  /** Changes to B; undefined drops a member. */
  readonly edit?: Readonly<Record<string, unknown>>
  /** A body that is no edit of B; in the text, `%h` stands for the name and `%B` for B. */
  readonly raw?: string | ((b: string) => Uint8Array)
  readonly response: Expected | ((name: string) => Expected)
  readonly after?: RRsets
  /** A name that the owner, a wildcard, covers. */
  readonly ask?: string
}

export const ZONE = 'example.org.'

/** The body of most requests, for one name. */
export const bodyB = (name: string) => ({ zone: ZONE, name, type: 'A', address: '192.0.2.1', TTL: 60 })

export const rrset = (type: string, ttl: number, ...rdata: string[]): RRsets => ({ [type]: { ttl, rdata } })
export const B = rrset('A', 60, '192.0.2.1')
export const SIX = rrset('AAAA', 60, '2001:db8::1')
export const TEXT = rrset('TXT', 60, '"kept"')
export const ALL = ['POST', 'PUT', 'PATCH', 'DELETE']

/** A record that cannot be read, with every verb: POST and PUT say why, to PATCH and DELETE it is one that is not there. */
export const unreadable = (row: Omit<Row, 'verb'>): Row[] =>
  ALL.flatMap((verb) => {
    const response = verb === 'POST' || verb === 'PUT' ? row.response : ABSENT
    return [
      { ...row, verb, response },
      { ...row, verb, response, before: { ...B, ...SIX } },
    ]
  })

export const badAddress = (type: string, address: string) => (name: string) => {
  const octets = Buffer.byteLength(`${name}.${ZONE} IN ${type} ${address}`)
  return BADDATA(`dns: bad ${type} ${type}: ${JSON.stringify(address || '\n')} at line: 1:${octets}`)
}

/** A relative name whose owner takes so many octets on the wire. */
export function longName(octets: number): string {
  const labels = 'l'.repeat(63)
  return `${labels}.${labels}.${labels}.${'l'.repeat(octets - 3 * 64 - 1 - 13)}`
}
