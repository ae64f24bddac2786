/** Characters that mean something in presentation form (RFC 1035 5.1), and the folding of letter case. */

export const TAB = 0x09
export const NEWLINE = 0x0a
export const RETURN = 0x0d
export const SPACE = 0x20
export const QUOTE = 0x22
export const OPEN = 0x28
export const CLOSE = 0x29
export const DOT = 0x2e
export const ZERO = 0x30
export const NINE = 0x39
export const SEMICOLON = 0x3b
export const BACKSLASH = 0x5c

/** Each octet with ASCII capitals in lower case; octets above 0x7f stay as they are (RFC 4343 3.2). */
export const lowerCase: Uint8Array = Uint8Array.from({ length: 256 }, (_, octet) =>
  octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet,
)
