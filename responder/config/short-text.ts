import * as v from 'valibot'

/** A text that fits into a character-string (RFC 1035 3.3). */
export const shortText = v.pipe(
  v.string(),
  v.minLength(1, 'the text is empty'),
  v.check((text) => Buffer.byteLength(text) <= 255, 'the text takes more than 255 octets'),
)
