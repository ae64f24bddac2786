import type * as v from 'valibot'

/** A schema in JSON (draft 7, which all editors know). */
export interface JsonSchema {
  readonly [keyword: string]: unknown
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema | readonly JsonSchema[]
  readonly anyOf?: readonly JsonSchema[]
  readonly definitions?: Readonly<Record<string, JsonSchema>>
}

/** What a schema takes, in JSON Schema; what only code can check is left out. Throws an Error at a kind it does not know. */
export function jsonSchemaOf(schema: v.GenericSchema): JsonSchema {
  const definitions = new Map<unknown, { name: string; schema?: JsonSchema }>()
  const whole = convert(schema as unknown as Node)
  const named = [...definitions.values()].map(({ name, schema: defined }) => [name, defined] as const)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...whole,
    ...(named.length > 0 && { definitions: Object.fromEntries(named) as Record<string, JsonSchema> }),
  }

  /** In a pipe the schema comes first; what follows a transformation is about another value. */
  function convert(node: Node): JsonSchema {
    const [first = node, ...steps] = node.pipe ?? [node]
    const end = steps.findIndex(({ kind }) => kind === 'transformation' || kind === 'schema')
    const told = steps.filter(({ kind }, i) => kind === 'metadata' || end < 0 || i < end)
    let schema = base(first)
    for (const step of told) schema = { ...schema, ...STEPS[step.type]?.(step, schema) }
    return schema
  }

  function base(node: Node): JsonSchema {
    switch (node.type) {
      case 'string':
      case 'number':
      case 'boolean':
      case 'null':
        return { type: node.type }
      case 'any':
      case 'unknown':
      case 'custom':
        return {}
      case 'literal':
        return { const: node.literal }
      case 'picklist':
      case 'enum':
        return { enum: node.options }
      case 'array':
        return { type: 'array', items: convert(node.item as Node) }
      case 'tuple':
      case 'strict_tuple': {
        const items = (node.items as readonly Node[]).map(convert)
        return { type: 'array', items, minItems: items.length, maxItems: items.length }
      }
      case 'record':
        return { type: 'object', additionalProperties: convert(node.value as Node) }
      case 'object':
      case 'loose_object':
        return objectOf(node)
      case 'strict_object':
        return { ...objectOf(node), additionalProperties: false }
      case 'union':
      case 'variant':
        return { anyOf: (node.options as readonly Node[]).map(convert) }
      case 'nullable':
      case 'nullish':
        return { anyOf: [convert(node.wrapped as Node), { type: 'null' }] }
      case 'optional':
      case 'exact_optional':
      case 'undefinedable':
        return convert(node.wrapped as Node)
      case 'lazy':
        return reference(node.getter as () => Node)
      default:
        throw new Error(`a schema of the kind ${node.type} cannot be put into JSON Schema yet`)
    }
  }

  function objectOf({ entries = {} }: Node): JsonSchema {
    const properties = Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, convert(entry)]))
    const required = Object.keys(entries).filter((key) => !OPTIONAL.includes(entries[key]?.type ?? ''))
    return { type: 'object', properties, ...(required.length > 0 && { required }) }
  }

  /** A schema that may hold itself, under a name. */
  function reference(getter: () => Node): JsonSchema {
    let definition = definitions.get(getter)
    if (definition === undefined) {
      definition = { name: `part${definitions.size + 1}` }
      definitions.set(getter, definition)
      definition.schema = convert(getter())
    }
    return { $ref: `#/definitions/${definition.name}` }
  }
}

/** The keys that an object at this place may have, in any of the forms that it may take. */
export function keysAt(whole: JsonSchema, path: readonly string[]): readonly string[] {
  let schemas = forms(whole)
  for (const key of path) {
    schemas = schemas.flatMap(({ properties, additionalProperties: others, items }) => {
      const inside = properties?.[key] ?? (typeof others === 'object' ? others : items)
      return inside === undefined ? [] : [inside].flat().flatMap(forms)
    })
  }
  return schemas.flatMap(({ properties = {} }) => Object.keys(properties))

  function forms(schema: JsonSchema): readonly JsonSchema[] {
    const name = typeof schema.$ref === 'string' ? (schema.$ref.split('/').at(-1) ?? '') : undefined
    if (name !== undefined) return forms(whole.definitions?.[name] ?? {})
    return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(forms)
  }
}

// ---------------------------------------------------------------------------

/** What valibot's schemas and the steps of its pipes are made of, as far as it is used here. */
interface Node {
  readonly kind: 'schema' | 'validation' | 'transformation' | 'metadata'
  readonly type: string
  readonly pipe?: readonly Node[]
  readonly entries?: Readonly<Record<string, Node>>
  readonly [part: string]: unknown
}

const OPTIONAL = ['optional', 'exact_optional', 'nullish']

/** What a step adds to a schema. */
type Step = (step: Node, schema: JsonSchema) => JsonSchema

const STEPS: Readonly<Record<string, Step>> = {
  integer: () => ({ type: 'integer' }),
  min_value: ({ requirement }) => ({ minimum: requirement }),
  max_value: ({ requirement }) => ({ maximum: requirement }),
  min_length: sized('min'),
  max_length: sized('max'),
  non_empty: (_, schema) => sized('min')({ kind: 'validation', type: '', requirement: 1 }, schema),
  regex: ({ requirement }) => ({ pattern: sourceOf(requirement as RegExp) }),
  title: ({ title }) => ({ title }),
  description: ({ description }) => ({ description }),
}

function sourceOf({ source, flags }: RegExp): string {
  if (flags !== '') throw new Error(`the flags of /${source}/${flags} cannot be put into JSON Schema`)
  return source
}

/** Of a text or a list. */
function sized(bound: 'min' | 'max'): Step {
  return ({ requirement }, { type }) => ({ [`${bound}${type === 'array' ? 'Items' : 'Length'}`]: requirement })
}
