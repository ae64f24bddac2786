import type { RRset } from './rrset.ts'

/** The serial in a SOA RRset: the first of the five numbers that end its rdata (RFC 1035 3.3.13). */
export function serialOf({ rdata }: RRset): number {
  const soa = rdata[0] ?? new Uint8Array(NUMBERS)
  return new DataView(soa.buffer, soa.byteOffset).getUint32(soa.length - NUMBERS)
}

/** Whether a serial is later than another: less than half of the circle ahead (RFC 1982 3.2). */
export function isLater(serial: number, than: number): boolean {
  const ahead = (serial - than) >>> 0
  return ahead > 0 && ahead < 2 ** 31
}

// ---------------------------------------------------------------------------

const NUMBERS = 20 // octets
