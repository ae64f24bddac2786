import { isUtf8 } from 'node:buffer'

/** What events of payload format 2.0 say in the same way, whether an HTTP API or a function URL makes them. */

/** Equal names joined by comma; the order of appearance is kept. */
export function joined(pairs: Iterable<readonly [string, string]>): Record<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of pairs) {
    const earlier = values.get(name)
    values.set(name, earlier === undefined ? value : `${earlier},${value}`)
  }
  return Object.fromEntries(values)
}

/** The cookies of Cookie headers, each for itself. */
export function cookiesOf(headers: readonly string[]): readonly string[] {
  return headers.flatMap((header) => header.split(/;\s*/)).filter((one) => one !== '')
}

/** The body as the event has it: in base64 unless its type is text and it is UTF-8, as text is wherever it says nothing else. */
export function bodyPart(body: Buffer, contentType: string | undefined): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false }
  return isText(contentType) && isUtf8(body)
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true }
}

/** As in an Apache access log: `23/Nov/2026:13:06:00 +0000`. */
export function logTime(at: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/.exec(new Date(at).toUTCString()) ?? []
  return `${day}/${month}/${year}:${time} +0000`
}

// ---------------------------------------------------------------------------

/** JSON, XML, JavaScript and text/* are text; every other type is binary, and so is a body without type. */
function isText(contentType = ''): boolean {
  const [type = ''] = contentType.split(';')
  return /^(text\/.*|application\/(json|javascript|xml|[^/]+\+(json|xml)))$/i.test(type.trim())
}
