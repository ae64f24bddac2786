import type { Name } from '../shared/dns/name.ts'
import type { Links } from './linking.ts'
import { abortableSleep, type Sleep } from './sleep.ts'

export interface KeepLinkingOptions {
  /** Links what is not linked yet; rejects if the zones cannot be read. */
  readonly link: () => Promise<Links>
  /** Hears after each attempt by which something was linked. */
  readonly linked: () => void
  /** What cannot be linked, and when it is, one line each. */
  readonly tell: (line: string) => void
  readonly sleep?: Sleep
}

export interface Linking {
  /** After the first attempt. */
  readonly links: Links
  stop(): Promise<void>
}

/** Links zones, and where that fails tries again in the background, later and later, until all are linked. */
export async function keepLinking({
  link,
  linked,
  tell,
  sleep = abortableSleep,
}: KeepLinkingOptions): Promise<Linking> {
  const stopped = new AbortController()
  const links = await link()
  if (links.hostedZones.size > 0) linked()
  if (links.missing.size > 0) tell(`${described(links.missing)}; they are answered all the same, and it is tried again`)
  const trying = again(links)
  return {
    links,
    async stop() {
      stopped.abort()
      await trying
    },
  }

  async function again({ hostedZones, missing }: Links): Promise<void> {
    let known = hostedZones.size
    let left = missing.size
    for (let attempt = 0; left > 0; attempt++) {
      await sleep(Math.min(FIRST_PAUSE_MS * 2 ** attempt, MAX_PAUSE_MS), stopped.signal)
      if (stopped.signal.aborted) return
      const now = await link().catch(() => undefined)
      if (now === undefined) continue
      if (now.hostedZones.size > known) linked()
      known = now.hostedZones.size
      left = now.missing.size
    }
    if (missing.size > 0) tell(`${[...missing.keys()].join(' ')}: mirrored to Route 53 now`)
  }
}

// ---------------------------------------------------------------------------

const FIRST_PAUSE_MS = 1000
const MAX_PAUSE_MS = 60_000

/** One line, whatever the number of zones and reasons. */
function described(missing: ReadonlyMap<Name, string>): string {
  const reasons = Map.groupBy(missing, ([, reason]) => reason)
  const parts = Array.from(reasons, ([reason, zones]) => `${zones.map(([zone]) => zone).join(' ')} (${reason})`)
  return `not mirrored to Route 53: ${parts.join(', ')}`
}
