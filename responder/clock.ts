const { timeOrigin } = performance

/** Milliseconds since 1970. They only rise, whatever happens to the clock of the machine meanwhile. */
export function risingNow(): number {
  return timeOrigin + performance.now()
}
