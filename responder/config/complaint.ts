import type * as v from 'valibot'
import { jsonSchemaOf, keysAt } from './json-schema.ts'
import { closest } from './spelling.ts'

/** What is wrong and where, in one line: of the innermost of the issues, which is about the very value that is wrong. */
export function complaint(schema: v.GenericSchema, issues: readonly Issue[]): string {
  const { path, message } = innermost(schema, issues, [])
  return path.length === 0 ? message : `${path.join('.')}: ${message}`
}

// ---------------------------------------------------------------------------

type Issue = v.BaseIssue<unknown>

interface Complaint {
  readonly path: readonly string[]
  readonly message: string
}

/** Of the ways in which a value may be written, that which it comes closest to; a word that is not known tells most. */
function innermost(schema: v.GenericSchema, issues: readonly Issue[], above: readonly string[]): Complaint {
  const depth = (issue: Issue) => issue.path?.length ?? 0
  const [issue] = issues.toSorted((a, b) => depth(b) - depth(a) || Number(isUnknown(b)) - Number(isUnknown(a)))
  const path = [...above, ...(issue?.path ?? []).map(({ key }) => String(key))]
  if (issue?.issues?.some((inner) => inner.path !== undefined)) return innermost(schema, issue.issues, path)
  const [outer, key] = [path.slice(0, -1), path.at(-1) ?? '']
  if (issue !== undefined && isUnknown(issue)) {
    const others = keysAt(jsonSchemaOf(schema), outer).filter((other) => other !== key) // it may belong to another variant
    const meant = closest(key, others)
    const advice = meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`
    return { path: outer, message: `${JSON.stringify(key)} is not known here${advice}` }
  }
  if (issue?.type === 'strict_object' && issue.received === 'undefined') {
    return { path: outer, message: `${JSON.stringify(key)} is missing` }
  }
  return { path, message: issue?.message ?? '' }
}

function isUnknown({ type, expected }: Issue): boolean {
  return type === 'strict_object' && expected === 'never'
}
