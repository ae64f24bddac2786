/**
 * Arrays of zeros that may become large. The system has what they take again when they are gone, which malloc, from which
 * other arrays are, keeps for the next ones; of shared memory that could grow, Node knows that it cannot come from there.
 */

export function largeOctets(length: number): Uint8Array<SharedArrayBuffer> {
  return new Uint8Array(pages(length), 0, length)
}

export function largeWords(length: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(pages(4 * length), 0, length)
}

export function largeNumbers(length: number): Float64Array<SharedArrayBuffer> {
  return new Float64Array(pages(8 * length), 0, length)
}

// ---------------------------------------------------------------------------

function pages(maxByteLength: number): SharedArrayBuffer {
  return new SharedArrayBuffer(maxByteLength, { maxByteLength })
}
