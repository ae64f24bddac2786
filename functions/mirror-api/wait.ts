import { SETTLE_MS } from './change.ts'
import type { NameStatus } from './name-status.ts'
import type { MirrorApiParts } from './parts.ts'

/** Looks again and again until a name is no longer PENDING, or until `deadline` (milliseconds since the epoch). */
export async function awaitSettled(
  { now, pause }: Pick<MirrorApiParts, 'now' | 'pause'>,
  look: () => Promise<NameStatus>,
  deadline: number,
): Promise<NameStatus> {
  for (;;) {
    const found = await look()
    if (found.status !== 'PENDING' || now() + LOOK_MS > deadline) return found
    await pause(LOOK_MS)
  }
}

/** When a wait of so many milliseconds ends, so that its last look fits into the time that the function has left. */
export function endOfWait(now: number, ms: number, remainingMs: number): number {
  return now + Math.max(0, Math.min(ms, remainingMs - SETTLE_MS - LEEWAY_MS))
}

// ---------------------------------------------------------------------------

const LOOK_MS = 250
/** For the reads of the last look, and for the answer to leave. */
const LEEWAY_MS = 1_500
