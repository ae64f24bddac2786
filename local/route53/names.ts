/**
 * Domain names as Route 53 writes them: lower case, final dot, and every octet of a label that is not one of
 * `a-z 0-9 - _` as three octal digits (`\052.example.org.`). In this form a dot is always a label boundary.
 *
 * This is written anew on purpose, and shares nothing with what the mirror does: the one is the check of the other.
 */
export type R53Name = string

/** Text that is not a name, in Route 53's words. */
export class NameProblem extends Error {
  override name = 'NameProblem'
  constructor(code: keyof typeof NAME_PROBLEMS, encountered: string) {
    super(`FATAL problem: ${code} (${NAME_PROBLEMS[code]}) encountered with '${encountered}'`)
  }
}

/** Reads a name as clients send it: final dot or not, any letter case, octal escapes or plain printable characters. */
export function readName(text: string): R53Name {
  if (text === '.') return '.'
  const labels = splitLabels(text)
  if (labels.at(-1) === '') labels.pop()
  if (labels.length === 0 || labels.includes('')) throw new NameProblem('DomainLabelEmpty', text)
  const tooLong = labels.find((label) => label.length > MAX_LABEL)
  if (tooLong !== undefined) throw new NameProblem('DomainLabelTooLong', writeLabel(tooLong))
  const size = labels.reduce((sum, label) => sum + label.length + 1, 1)
  if (size > MAX_NAME) throw new NameProblem('DomainNameTooLong', text)
  return `${labels.map(writeLabel).join('.')}.`
}

/** The name with its labels reversed; Route 53 lists names in the ASCII order of these texts. */
export function orderText(name: R53Name): string {
  return name === '.' ? '' : `${name.slice(0, -1).split('.').reverse().join('.')}.`
}

export function isAtOrBelow(name: R53Name, zone: R53Name): boolean {
  return name === zone || name.endsWith(`.${zone}`)
}

/** True for `*` as the whole leftmost label, the only place where it stands for other labels. */
export function isWildcard(name: R53Name): boolean {
  return name.startsWith('\\052.')
}

// ---------------------------------------------------------------------------

const MAX_LABEL = 63 // octets, RFC 1035 2.3.4
const MAX_NAME = 255 // octets on the wire

const NAME_PROBLEMS = {
  DomainLabelEmpty: 'Domain label is empty',
  DomainLabelTooLong: 'Domain label is too long',
  DomainNameTooLong: 'Domain name is too long',
  UnsupportedCharacter: 'Value contains unsupported characters',
}

/** The labels in lower case, one character per octet. */
function splitLabels(text: string): string[] {
  const labels = ['']
  for (const [part, octal] of text.matchAll(/\\([0-3][0-7]{2})|./gsu)) {
    if (octal === undefined && part === '.') labels.push('')
    else labels.push(`${labels.pop()}${octal === undefined ? plain(part) : lower(Number.parseInt(octal, 8))}`)
  }
  return labels
}

function plain(character: string): string {
  if (!/^[!-~]$/.test(character) || character === '\\') throw new NameProblem('UnsupportedCharacter', character)
  return lower(character.charCodeAt(0))
}

/** Folds ASCII letters only: octets above 0x7f stay as they are. */
function lower(octet: number): string {
  const character = String.fromCharCode(octet)
  return octet >= 0x41 && octet <= 0x5a ? character.toLowerCase() : character
}

function writeLabel(label: string): string {
  return label.replace(/[^a-z0-9_-]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)
}
