import type { Edns } from '../shared/dns/message.ts'

/** The body of an option that came with a request, the first if there are several; undefined if there is none. */
export function optionIn(edns: Edns | undefined, code: number): Uint8Array | undefined {
  if (edns === undefined) return undefined
  for (const option of edns.options) if (option.code === code) return option.body
  return undefined
}
