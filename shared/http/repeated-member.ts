/**
 * The first member that an object of a JSON text has twice, at whatever depth; undefined if none has. The text must be
 * JSON: JSON.parse keeps the last of such members without a word.
 */
export function repeatedMember(json: string): string | undefined {
  const open: Set<string>[] = []
  let text = ''
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set())
    else if (token === '}' || token === ']') open.pop()
    else if (token !== ':') text = token
    else {
      const member: string = JSON.parse(text)
      const members = open.at(-1)
      if (members?.has(member)) return member
      members?.add(member)
    }
  }
  return undefined
}

// ---------------------------------------------------------------------------

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g
