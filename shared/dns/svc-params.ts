import { parseString } from './character-string.ts'
import { type Field, RdataError } from './rdata-fields.ts'
import { ALPN, INVALID_KEY, keyName, keyNumber, keysOf, MANDATORY, NO_DEFAULT_ALPN, svcValue } from './svc-values.ts'

/** The parameters of SVCB and HTTPS, to the end of the rdata, in the order of their keys (RFC 9460 2.1, 2.2). */
export const svcParams: Field = {
  parse(words, out) {
    const params = new Map<number, Uint8Array>()
    for (const word of words.rest()) {
      const [name = '', value] = splitOnce(word, '=')
      const key = keyNumber(name)
      if (params.has(key)) throw new RdataError(`the parameter ${name} is given twice`)
      params.set(key, parseValue(key, name, value === undefined ? NO_OCTETS : parseString(value)))
    }
    check(params)
    for (const [key, value] of [...params].sort(([a], [b]) => a - b)) {
      out.u16(key)
      out.u16(value.length)
      out.bytes(value)
    }
  },

  format(rdata) {
    const params = new Map<number, Uint8Array>()
    const words: string[] = []
    for (let last = -1; rdata.left > 0; ) {
      const key = rdata.u16()
      if (key <= last || key === INVALID_KEY) throw new RdataError('the parameters are not in the order of their keys')
      const value = rdata.take(rdata.u16())
      const text = told(keyName(key), () => svcValue(key).format(value))
      words.push(text === '' ? keyName(key) : `${keyName(key)}=${text}`)
      params.set(key, value)
      last = key
    }
    check(params)
    return words.join(' ')
  },

  copy(from, to) {
    to.bytes(from.take(from.left))
  },
}

// ---------------------------------------------------------------------------

const NO_OCTETS = new Uint8Array(0)

/** A known key that is written `keyNNN` has its value in wire form. */
function parseValue(key: number, name: string, value: Uint8Array): Uint8Array {
  return told(name, () => {
    if (name === keyName(key)) return svcValue(key).parse(value)
    svcValue(key).format(value)
    return value
  })
}

/** Runs `read`; its RdataErrors get to name the parameter. */
function told<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RdataError) throw new RdataError(`the parameter ${name} ${error.message}`, { cause: error })
    throw error
  }
}

/** What parameters demand of each other (RFC 9460 7.1, 8). */
function check(params: ReadonlyMap<number, Uint8Array>): void {
  for (const key of keysOf(params.get(MANDATORY) ?? NO_OCTETS)) {
    if (!params.has(key)) throw new RdataError(`the parameter ${keyName(key)} is mandatory but missing`)
  }
  if (params.has(NO_DEFAULT_ALPN) && !params.has(ALPN)) throw new RdataError('no-default-alpn needs alpn beside it')
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
