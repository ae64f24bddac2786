import type { LinkSettings } from '../../responder/chain.ts'
import { parseConfig } from '../../responder/config/config.ts'

/** The zone that is served. */
export const ZONE = 'bench.example.org.'

/** Names of the zone, `m0` and so on, that have several addresses. */
export const MANY = 1000
export const addresses = (i: number) => [1, 2, 3].map((last) => `198.18.${i >> 8}.${4 * (i & 63) + last}`)

/** What is measured. */
export interface Setup {
  readonly links: LinkSettings
  /** What the names asked for end in, if it is not the zone. */
  readonly below?: string
  /** Answers are kept and sent again. */
  readonly cache?: true
}

const blocks = (count: number) => Array.from({ length: count }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`)
const client = '192.0.2.0/24'
const weights = Object.fromEntries(
  Array.from({ length: MANY }, (_, i) => [
    `m${i}.${ZONE}`,
    Object.fromEntries(addresses(i).map((one, n) => [one, n + 1])),
  ]),
)
const suffix = { match: 'suffix', from: 'old.example.org.', to: ZONE }
const regex = { match: 'regex', from: '^(.*)\\.old\\.example\\.org\\.$', to: `{1}.${ZONE}` }

/** Each optional link alone, beside the usual ones, with questions from clients that it lets pass. */
export const setups: Readonly<Record<string, Setup>> = {
  'the usual links': linksOf({}),
  'loadbalance: false': linksOf({ loadbalance: false }),
  'loadbalance: weighted': linksOf({ loadbalance: { policy: 'weighted', weights } }),
  'any: over all': linksOf({ any: { over: 'all' } }),
  minimal: linksOf({ minimal: true }),
  'acl: 10 rules, the last holds': linksOf({
    acl: [...blocks(9).map((block) => ({ action: 'block', from: [block] })), { action: 'allow', from: [client] }],
  }),
  'acl: 1 rule of 1,000 blocks': linksOf({ acl: [{ action: 'block', from: blocks(1000) }] }),
  'view: the third of 3': linksOf({
    view: [...blocks(2), client].map((block, i) => ({ name: `v${i}`, from: [block], links: {} })),
  }),
  'ratelimit: within the rate': linksOf({ ratelimit: { rate: 1e6 } }),
  'ratelimit: beyond it': linksOf({ ratelimit: { rate: 1, slip: 1 } }),
  'rewrite: suffix, for no name': linksOf({ rewrite: [suffix] }),
  'rewrite: suffix, for all names': { ...linksOf({ rewrite: [suffix] }), below: suffix.from },
  'rewrite: the same with values': { ...linksOf({ rewrite: [{ ...suffix, values: true }] }), below: suffix.from },
  'rewrite: regex, for no name': linksOf({ rewrite: [regex] }),
  'rewrite: regex, for all names': { ...linksOf({ rewrite: [regex] }), below: suffix.from },
  'log: text': linksOf({ log: {} }),
  'log: JSON': linksOf({ log: { format: 'json' } }),
  'log: a sample of 1 %': linksOf({ log: { sample: 0.01 } }),
  'answers kept and sent again': { ...linksOf({}), cache: true },
}

// ---------------------------------------------------------------------------

function linksOf(links: object): Setup {
  return { links: parseConfig(JSON.stringify({ links }), 'bench').links }
}
