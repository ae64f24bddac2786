import { connect } from 'node:net'
import { setTimeout as later } from 'node:timers/promises'
import type { Health } from './settings.ts'

/** Asks again and again until the signal is aborted; tells when it has become well, or unwell. */
export async function watchHealth(
  health: Health,
  onChange: (well: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  let well = false
  for (let failures = 0; !signal.aborted; ) {
    const answered = await answers(health)
    failures = answered ? 0 : failures + 1
    const wellNow: boolean = well ? failures < FAILURES : answered
    if (wellNow !== well && !signal.aborted) onChange(wellNow)
    well = wellNow
    await later(EVERY_MS, undefined, { signal, ref: false }).catch(() => {})
  }
}

// ---------------------------------------------------------------------------

const EVERY_MS = 1_000
const ASK_MS = 2_000
/** So many in a row: one that was slow is no reason to go. */
const FAILURES = 3

function answers(health: Health): Promise<boolean> {
  return 'url' in health ? answersHttp(health.url) : accepts(health)
}

async function answersHttp(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(ASK_MS),
      redirect: 'manual',
      headers: { connection: 'close' },
    })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

function accepts({ host, port }: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ASK_MS })
    const end = (accepted: boolean) => () => {
      socket.destroy()
      resolve(accepted)
    }
    socket.once('connect', end(true)).once('timeout', end(false)).once('error', end(false))
  })
}
