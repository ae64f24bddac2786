import { setTimeout } from 'node:timers/promises'

/** Waits so many milliseconds, or until the signal is aborted if that comes first. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

export const abortableSleep: Sleep = (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => {})
