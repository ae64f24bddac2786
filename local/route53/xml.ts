import { XMLParser, XMLValidator } from 'fast-xml-parser'

export const API_NAMESPACE = 'https://route53.amazonaws.com/doc/2013-04-01/'

/** An element to be written. */
export interface Element {
  readonly name: string
  readonly content: string | readonly Element[]
  readonly namespace: string | undefined
}

export function element(
  name: string,
  content: string | number | boolean | readonly Element[] = [],
  namespace?: string,
): Element {
  return { name, content: typeof content === 'object' ? content : String(content), namespace }
}

/** The element in a list of its own, or nothing where there is no content: for optional members. */
export function optional(name: string, content: string | number | boolean | undefined): readonly Element[] {
  return content === undefined ? [] : [element(name, content)]
}

export function writeXml(root: Element): string {
  return `<?xml version="1.0"?>\n${write(root)}`
}

/** Text that is not XML of the kind that clients of this API send. */
export class XmlError extends Error {
  override name = 'XmlError'
}

/** An element that was read: its text, and its child elements in order. */
export interface Parsed {
  readonly name: string
  readonly text: string
  readonly children: readonly Parsed[]
}

/** Reads a document without document type: whoever needs to declare entities is not a client. Throws XmlError. */
export function parseXml(text: string): Parsed {
  if (/<!DOCTYPE/i.test(text)) throw new XmlError('a document type is not allowed')
  const roots = read(text).filter((node) => !('#text' in node))
  const [root] = roots
  if (root === undefined || roots.length > 1) throw new XmlError('there must be exactly one root element')
  return parsed(root)
}

// ---------------------------------------------------------------------------

/** A node as the parser gives it: one member, which is named like the element and holds its children. */
type RawNode = Readonly<Record<string, unknown>>

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false, // the parser counts them and gives up where a batch has many quotes
})

function read(text: string): readonly RawNode[] {
  try {
    const valid = XMLValidator.validate(text) // the parser by itself takes nearly anything
    if (valid !== true) throw new XmlError(valid.err.msg)
    return parser.parse(text)
  } catch (error) {
    throw error instanceof XmlError ? error : new XmlError((error as Error).message)
  }
}

function parsed(node: RawNode): Parsed {
  const [name = '', content] = Object.entries(node)[0] ?? []
  const nodes = Array.isArray(content) ? (content as RawNode[]) : []
  const texts = nodes.flatMap((child) => ('#text' in child ? [String(child['#text'])] : []))
  const children = nodes.filter((child) => !('#text' in child)).map(parsed)
  return { name, text: decodeEntities(texts.join('')), children }
}

function decodeEntities(text: string): string {
  return text.replace(/&(#x?[0-9a-f]{1,6}|[a-z]+);/gi, (entity, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? entity
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10)
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity
  })
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function write({ name, content, namespace }: Element): string {
  const start = namespace === undefined ? name : `${name} xmlns="${namespace}"`
  if (content.length === 0) return `<${start}/>`
  return `<${start}>${typeof content === 'string' ? escaped(content) : content.map(write).join('')}</${name}>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ESCAPES[c] ?? c)
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
