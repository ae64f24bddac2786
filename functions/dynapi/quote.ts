/** Text between quotation marks on one line of ASCII, as Go's strconv.QuoteToASCII writes it. */
export function quote(text: string, mark: '"' | "'" = '"'): string {
  let quoted = ''
  for (const c of text) quoted += c === mark || c === '\\' ? `\\${c}` : c >= ' ' && c <= '~' ? c : escaped(c)
  return mark + quoted + mark
}

// ---------------------------------------------------------------------------

const NAMED: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

function escaped(c: string): string {
  const code = c.codePointAt(0) as number
  const hex = code.toString(16)
  if (code < 0x80) return NAMED[c] ?? `\\x${hex.padStart(2, '0')}`
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
