import assert from 'node:assert/strict'
import { inflateSync } from 'node:zlib'

export interface Picture {
  readonly width: number
  readonly height: number
  /** How many different octets describe the pixels: of an empty picture it is one or two. */
  readonly variety: number
}

/** What there is in a PNG (W3C "Portable Network Graphics", 5); throws an AssertionError if it is none. */
export function readPng(png: Buffer): Picture {
  assert.equal(png.toString('latin1', 0, 8), '\x89PNG\r\n\x1a\n')
  const chunks = chunksOf(png)
  const header = chunks.find(({ type }) => type === 'IHDR')?.content ?? assert.fail('it has no header')
  const pixels = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ content }) => content)))
  return { width: header.readUInt32BE(0), height: header.readUInt32BE(4), variety: new Set(pixels).size }
}

// ---------------------------------------------------------------------------

function chunksOf(png: Buffer) {
  const chunks: { type: string; content: Buffer }[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), content: png.subarray(at + 8, at + 8 + length) })
    at += length + 12
  }
  return chunks
}
