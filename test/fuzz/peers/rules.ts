/** The differences between our answers and those of others that are meant to be: docs/answers.md tells why of each. */
import type { Outcome } from '../../../responder/lookup.ts'
import { Type } from '../../../shared/dns/codes.ts'
import { parseName, type WireName } from '../../../shared/dns/name.ts'
import type { PeerName } from '../../peers/peers.ts'
import type { Normal } from './normal.ts'
import {
  hasDsOfUnknownCut,
  isApexBelowTwo,
  isBelowCut,
  isBelowDname,
  isBelowWildcardDname,
  isKnownElsewhere,
  type World,
} from './world.ts'

/** One question, and what there is to know of it. */
export interface Case {
  readonly world: World
  readonly name: WireName
  readonly type: number
  readonly outcome: Outcome
  /** The names that the look-up came to: the one asked for, and the targets of its aliases. */
  readonly path: readonly WireName[]
}

export interface Rule {
  readonly id: string
  readonly peers: readonly PeerName[]
  /** Their answer, made the same as ours in what the rule allows and in nothing else; undefined: it is not to be compared. */
  apply(theirs: Normal, ours: Normal, asked: Case): Normal | undefined
}

export const rules: readonly Rule[] = [
  {
    id: 'any-gets-one-rrset',
    peers: ['NSD', 'Knot DNS'],
    apply: (theirs, ours, { type }) => {
      if (type !== Type.ANY || theirs.answer.size === 0 || !hasWholeRRsets(theirs.answer, ours.answer)) return theirs
      return { ...theirs, answer: ours.answer, additional: ours.additional }
    },
  },
  {
    id: 'any-ends-at-alias',
    peers: ['BIND'],
    apply: (theirs, ours, { type, outcome }) => {
      const chain = 'chain' in outcome ? outcome.chain.length : 0
      const ends = type === Type.ANY && theirs.rcode === 'NOERROR' && theirs.answer.size === 2 && chain >= 2
      return ends && isPart(theirs.answer, ours.answer) ? { ...ours, tc: theirs.tc } : theirs
    },
  },
  {
    id: 'apex-ns-in-authority',
    peers: ['NSD'],
    apply: (theirs, ours, { outcome }) => {
      const hosts = new Set([...theirs.authority].map((record) => / NS (.*)$/.exec(record)?.[1]))
      if (outcome.kind !== 'answer' || ours.authority.size > 0 || hosts.has(undefined)) return theirs
      const additional = filtered(
        theirs.additional,
        (record) => ours.additional.has(record) || !hosts.has(ownerOf(record)),
      )
      return { ...theirs, authority: ours.authority, additional }
    },
  },
  {
    id: 'addresses-of-any-kind',
    peers: ['NSD', 'Knot DNS'],
    apply: (theirs, ours, { world }) =>
      withoutMore(theirs, ours, (record) => {
        const isAddress = / (A|AAAA) /.test(record)
        return isAddress && (isReferral(ours) || isBelowCut(world, parseName(ownerOf(record))))
      }),
  },
  {
    id: 'glue-below-a-dname',
    peers: ['BIND'],
    apply: (theirs, ours, { world }) =>
      withoutMore(theirs, ours, (record) => {
        return / (A|AAAA) /.test(record) && isBelowDname(world, parseName(ownerOf(record)))
      }),
  },
  {
    id: 'wildcards-beyond-the-zone',
    peers: ['NSD'],
    apply: (theirs, ours, { world, name }) => {
      const apexOf = (of: WireName) => world.zones.find(of, Type.A)?.apex
      const data = (record: string) => record.slice(record.indexOf(' '))
      const given = new Set([...ours.additional].map(data))
      const isOdd = (record: string) => given.has(data(record)) || apexOf(parseName(ownerOf(record))) !== apexOf(name)
      return withoutMore(theirs, ours, isOdd)
    },
  },
  {
    id: 'more-to-go-along',
    peers: ['Knot DNS', 'BIND'],
    apply: (theirs, ours, { type }) =>
      withoutMore(
        theirs,
        ours,
        (record) =>
          / (CNAME|TLSA|SVCB|HTTPS|SRV) /.test(record) || (type === NAPTR && / (A|AAAA) /.test(record)) || isSvcb(type),
      ),
  },
  {
    id: 'less-to-go-along',
    peers: ['NSD', 'Knot DNS', 'BIND'],
    apply: (theirs, ours) => {
      const mayBeLess = !isReferral(ours) && isPart(theirs.additional, ours.additional)
      return mayBeLess ? { ...theirs, additional: ours.additional } : theirs
    },
  },
  {
    id: 'less-in-referrals',
    peers: ['BIND'],
    apply: (theirs, ours) =>
      isPart(theirs.additional, ours.additional) ? { ...theirs, additional: ours.additional } : theirs,
  },
  {
    id: 'names-of-the-parent-side',
    peers: ['NSD'],
    apply: (theirs, _, { world, path }) => (path.some((name) => isKnownElsewhere(world, name)) ? undefined : theirs),
  },
  {
    id: 'dname-at-wildcard',
    peers: ['NSD', 'Knot DNS'],
    apply: (theirs, _, { world, path }) =>
      path.some((name) => isBelowWildcardDname(world, name)) ? undefined : theirs,
  },
  {
    id: 'ds-without-cut',
    peers: ['NSD', 'Knot DNS', 'BIND'],
    apply: (theirs, _, { world, path, type }) =>
      type === Type.DS && path.some((name) => hasDsOfUnknownCut(world, name)) ? undefined : theirs,
  },
  {
    id: 'ds-of-three-zones',
    peers: ['NSD'],
    apply: (theirs, _, { world, path, type }) =>
      type === Type.DS && path.some((name) => isApexBelowTwo(world, name)) ? undefined : theirs,
  },
  {
    id: 'chain-without-end',
    peers: ['NSD', 'Knot DNS'],
    apply: (theirs, ours) => {
      const isAliasesOnly = [...ours.answer].every((record) => / (CNAME|DNAME) /.test(record))
      const isEndless = ours.answer.size > (ours.rcode === 'YXDOMAIN' ? 2 : 10) // else a DNAME led to a name too long at once
      const isSame = isPart(theirs.answer, ours.answer) || isPart(ours.answer, theirs.answer)
      return isAliasesOnly && isEndless && isSame ? { ...theirs, rcode: ours.rcode, answer: ours.answer } : theirs
    },
  },
  {
    id: 'loop-is-servfail',
    peers: ['BIND'],
    apply: (theirs, ours, { outcome }) => {
      const isLong = outcome.kind === 'chain-ends' || (outcome.kind === 'name-too-long' && outcome.chain.length > 10)
      return isLong && theirs.rcode === 'SERVFAIL' ? ours : theirs
    },
  },
]

// ---------------------------------------------------------------------------

const NAPTR = 35

function isReferral({ authority }: Normal): boolean {
  return authority.size > 0 && [...authority].every((record) => / NS /.test(record))
}

function isSvcb(type: number): boolean {
  return type === 64 || type === Type.HTTPS
}

function ownerOf(record: string): string {
  return record.slice(0, record.indexOf(' '))
}

function filtered(section: ReadonlySet<string>, keep: (record: string) => boolean): ReadonlySet<string> {
  return new Set([...section].filter(keep))
}

function isPart(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every((record) => all.has(record))
}

/** Their answer without the additional records that only they have, as far as these are `allowed`. */
function withoutMore(theirs: Normal, ours: Normal, allowed: (record: string) => boolean): Normal {
  const additional = filtered(theirs.additional, (record) => ours.additional.has(record) || !allowed(record))
  return additional.size === theirs.additional.size ? theirs : { ...theirs, additional }
}

/** True if `some` are RRsets of `all`, each with all its records. */
function hasWholeRRsets(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  const key = (record: string) => record.split(' ').slice(0, 3).join(' ')
  const keys = new Set([...some].map(key))
  return isPart(some, all) && [...all].every((record) => !keys.has(key(record)) || some.has(record))
}
