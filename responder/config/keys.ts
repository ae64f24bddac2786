/**
 * What is wrong with the keys of a text that is JSON, and that nobody else would tell: JSON.parse takes the last of two that
 * are the same, and valibot passes over some names in a record. Undefined if nothing is.
 */
export function complaintOfKeys(text: string): string | undefined {
  const above: Place[] = []
  let place: Place = { key: '' }
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') {
      above.push(place)
      place = token === '{' ? { key: '', keys: new Set(), isNext: true } : { key: 0 }
    } else if (token === '}' || token === ']') place = above.pop() as Place
    else if (token === ',') {
      if (typeof place.key === 'number') place.key++
      else place.isNext = true
    } else if (place.isNext) {
      const key = JSON.parse(token) as string
      const wrong = place.keys?.has(key) ? 'is there twice' : IMPOSSIBLE.has(key) ? 'cannot be a key' : undefined
      const path = above.slice(1).map((each) => `${each.key}`)
      if (wrong !== undefined) return `${path.length === 0 ? '' : `${path.join('.')}: `}${JSON.stringify(key)} ${wrong}`
      place.keys?.add(key)
      place.key = key
      place.isNext = false
    }
  }
  return undefined
}

// ---------------------------------------------------------------------------

/** Where the text is: in an object behind a key, or at a place of a list. */
interface Place {
  key: string | number
  readonly keys?: Set<string>
  /** The next text is a key. */
  isNext?: boolean
}

const TOKENS = /"(?:[^"\\]+|\\.)*"|[{}[\],]/g
const IMPOSSIBLE: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
