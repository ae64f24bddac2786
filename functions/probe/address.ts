/**
 * The address of a run, which tells it from the ones before: of the block for benchmarks, 198.18.0.0/15 (RFC 2544 C.2.2),
 * one after the other each tenth of a second, and then from the beginning after three hours.
 */
export function addressAt(ms: number): string {
  const offset = Math.floor(ms / 100) % 2 ** 17
  return `198.${18 + (offset >> 16)}.${(offset >> 8) & 0xff}.${offset & 0xff}`
}
