/**
 * The shared memory of the answer table: one buffer that grows in place, so that whoever has it once sees all of it. The
 * first page holds what readers begin at; words are of 32 bits, and places are counted in words from the beginning.
 */
export class TableMemory {
  readonly buffer: SharedArrayBuffer
  words: Int32Array = new Int32Array()
  octets: Uint8Array = new Uint8Array()
  view: DataView = new DataView(new ArrayBuffer(0))

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer
    this.refresh()
  }

  /** Sees what the memory has grown by. Views of fixed length are as fast as those of a buffer that cannot grow. */
  refresh(): void {
    const { buffer } = this
    const size = buffer.byteLength
    this.words = new Int32Array(buffer, 0, size / WORD)
    this.octets = new Uint8Array(buffer, 0, size)
    this.view = new DataView(buffer, 0, size)
  }

  /** Makes it larger by so many pages. Throws a RangeError where that is more than there may be. */
  grow(pages: number): void {
    const { byteLength, maxByteLength } = this.buffer
    const size = byteLength + pages * PAGE * WORD
    if (size > maxByteLength) throw new RangeError(`the answer table is full: it may have ${maxByteLength} octets`)
    this.buffer.grow(size)
    this.refresh()
  }
}

/** Memory of a table without names: of what is reserved, nothing is taken before it is written to. */
export function createTableBuffer(): SharedArrayBuffer {
  return new SharedArrayBuffer(PAGE * WORD, { maxByteLength: MAX_SIZE })
}

/** Octets of a word. */
export const WORD = 4
/** Words of a page: what is allotted to entries of one size. */
export const PAGE = 1 << 14
/** Octets that a table may take: some twenty million names. */
const MAX_SIZE = 2 ** 32 - PAGE * WORD

// Words of the first page ---------------------------------------------------

/** Where the index is: its first page, and in the lowest eight bits the logarithm of the number of its slots. */
export const ROOT_WORD = 0
/** Where hashes begin, so that nobody who registers names can choose those that collide. */
export const SEED_WORD = 1
/** Rises when what readers may still see is put aside. */
export const EPOCH_WORD = 2
/** Bits, one for each number of labels that the apex of a zone has or had. */
export const DEPTHS_WORD = 4
/** From here on a cache line for each reader: the epoch that it reads in, or 0. */
export const READERS_WORD = 1 << 10
export const READER_WORDS = 16
export const MAX_READERS = 256
