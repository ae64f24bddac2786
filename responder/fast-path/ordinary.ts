import { type LinkSettings, order } from '../chain.ts'
import { settingsOf } from '../link.ts'
import { bufsize } from '../links/bufsize.ts'
import { UDP_SIZE } from '../links/edns.ts'
import { loadbalance, type Weights, weightsIn } from '../links/loadbalance.ts'
import { ratelimit } from '../links/ratelimit.ts'
import type { RateSettings } from '../ratelimit/limiter.ts'

/** What the links of a chain make of ordinary questions. */
export interface Ordinary {
  /** Octets that are offered and kept to over UDP. */
  readonly udpSize: number
  /** Whether addresses are put into another order, and by which weights, by owner. */
  readonly balanced: boolean
  readonly weights: Weights
  readonly rates: RateSettings | undefined
}

/** What these settings make of ordinary questions over UDP; undefined if there are links that want to see each of them. */
export function ordinaryIn(settings: LinkSettings): Ordinary | undefined {
  for (const link of order) {
    const isThere = link.settings === undefined || settingsOf(link, settings) !== undefined
    if (isThere && !leaveAlone.has(link.name)) return undefined
  }
  const balance = settingsOf(loadbalance, settings)
  return {
    udpSize: settingsOf(bufsize, settings) ?? UDP_SIZE,
    balanced: balance !== undefined,
    weights: weightsIn(balance),
    rates: settingsOf(ratelimit, settings),
  }
}

// ---------------------------------------------------------------------------

/** Links that an ordinary question passes as if they were not there, or of which `Ordinary` tells what they do to its answer. */
const leaveAlone: ReadonlySet<string> = new Set([
  'metrics', // counted on the fast path as well
  'ratelimit',
  'bufsize',
  'edns',
  'cookies', // without the option
  'padding', // over TLS only
  'keepalive', // over streams only
  'extendedErrors',
  'errors',
  'opcodes',
  'questions',
  'refusals', // there is none without `acl`
  'nsid',
  'expire',
  'chaos',
  'classes',
  'transfers',
  'any',
  'loadbalance',
  'minimal', // an ordinary answer has no additional section
])
