/** Text of octets that are given as one character each; every octet that is not UTF-8 becomes U+FFFD, as in Go. */
export function decodeUtf8(octets: string): string {
  return octets.replace(NOT_ASCII, (sequence) =>
    sequence.length === 1 ? '\ufffd' : Buffer.from(sequence, 'latin1').toString('utf8'),
  )
}

// ---------------------------------------------------------------------------

// One well-formed sequence of several octets (Unicode, table 3-7) or else one octet.
const NOT_ASCII = new RegExp(
  [
    '[\\xc2-\\xdf][\\x80-\\xbf]',
    '\\xe0[\\xa0-\\xbf][\\x80-\\xbf]',
    '[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}',
    '\\xed[\\x80-\\x9f][\\x80-\\xbf]',
    '\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}',
    '[\\xf1-\\xf3][\\x80-\\xbf]{3}',
    '\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}',
    '[\\x80-\\xff]',
  ].join('|'),
  'g',
)
