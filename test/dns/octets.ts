/** Octets written as hexadecimal digits, blanks as one likes, and text in quotes: `octets("03'www' 00")`. */
export function octets(text: string): Uint8Array {
  const parts = text.match(/'[^']*'|[0-9a-f]{2}/gi) ?? []
  if (parts.join('') !== text.replace(/\s(?=(?:[^']*'[^']*')*[^']*$)/g, '')) throw new Error(`not octets: ${text}`)
  return Uint8Array.from(
    parts.flatMap((part) => (part.startsWith("'") ? [...Buffer.from(part.slice(1, -1))] : [Number.parseInt(part, 16)])),
  )
}

/** The octets as text that can be compared line by line. */
export function hex(message: Uint8Array): string {
  return Buffer.from(message).toString('hex').replace(/.{32}/g, '$&\n')
}
