import { readFileSync } from 'node:fs'

/** The messages of `corpus.txt`. */
export function readCorpus(): Uint8Array[] {
  const text = readFileSync(new URL('./corpus.txt', import.meta.url), 'utf8')
  const entries = text.split(/^#.*$/m).map((lines) => lines.replace(/\s/g, ''))
  return entries.filter((hex) => hex !== '').map((hex) => Buffer.from(hex, 'hex'))
}
