/** IP addresses in the text forms that record data allows. */
import { DOT, NINE, ZERO } from './ascii.ts'

/** The 32 bits of a dotted quad of four decimal numbers without leading zeros; undefined if it is none. */
export function parseAddress4(text: string): number | undefined {
  let address = 0
  let octet = 0
  let digits = 0
  let dots = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c >= ZERO && c <= NINE) {
      if (digits > 0 && octet === 0) return undefined
      octet = octet * 10 + c - ZERO
      digits++
      if (octet > 255) return undefined
    } else {
      if (c !== DOT || digits === 0) return undefined
      address = (address << 8) | octet
      octet = 0
      digits = 0
      dots++
    }
  }
  return dots === 3 && digits > 0 ? ((address << 8) | octet) >>> 0 : undefined
}

/** The 16 octets of an IPv6 address (RFC 4291 2.2, no zone index); undefined if it is none. */
export function parseAddress6(text: string): Uint8Array | undefined {
  const halves = withoutQuad(text)?.split('::')
  if (halves === undefined || halves.length > 2) return undefined
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const groups = [...(head ?? []), ...(tail ?? [])]
  const missing = 8 - groups.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  const octets = new Uint8Array(16)
  groups.forEach((group, i) => {
    const value = Number.parseInt(group, 16)
    const at = 2 * (i < (head ?? []).length ? i : i + missing)
    octets[at] = value >> 8
    octets[at + 1] = value
  })
  return octets
}

/** Canonical form (RFC 5952 4, and 5 for IPv4-mapped addresses). */
export function formatAddress6(octets: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((octets[2 * i] as number) << 8) | (octets[2 * i + 1] as number))
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return `::ffff:${octets.subarray(12).join('.')}`
  }
  const [start, length] = longestZeros(groups)
  const hex = groups.map((group) => group.toString(16))
  if (length < 2) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}

// ---------------------------------------------------------------------------

/** The text with a dotted quad at its end rewritten as two groups. */
function withoutQuad(text: string): string | undefined {
  if (!text.includes('.')) return text
  const start = text.lastIndexOf(':') + 1
  const quad = parseAddress4(text.slice(start))
  if (start === 0 || quad === undefined) return undefined
  return `${text.slice(0, start)}${(quad >>> 16).toString(16)}:${(quad & 0xffff).toString(16)}`
}

/** Start and length of the first longest run of zero groups. */
function longestZeros(groups: readonly number[]): [start: number, length: number] {
  let best: [number, number] = [0, 0]
  for (let start = 0; start < groups.length; start++) {
    let end = start
    while (groups[end] === 0) end++
    if (end - start > best[1]) best = [start, end - start]
    start = Math.max(start, end)
  }
  return best
}
