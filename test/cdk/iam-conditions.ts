import type { ChangeKeys } from './recorder.ts'

/** By operator, the keys with what they are compared with. */
export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>

/** IAM's sense of the operators that the policies use. */
export function meets(keys: ChangeKeys, condition: Condition): boolean {
  return Object.entries(condition).every(([operator, tests]) =>
    Object.entries(tests).every(([key, wanted]) => operators[operator]?.(keys[key] ?? [], [wanted].flat())),
  )
}

// ---------------------------------------------------------------------------

const operators: Readonly<Record<string, (values: readonly string[], wanted: readonly string[]) => boolean>> = {
  'ForAllValues:StringEquals': (values, wanted) => values.every((value) => wanted.includes(value)),
  'ForAllValues:StringLike': (values, wanted) => values.every((value) => wanted.some((one) => isLike(value, one))),
  Null: (values, [wanted]) => String(values.length === 0) === wanted,
}

function isLike(value: string, pattern: string): boolean {
  const escaped = pattern.replace(/[\\.]/g, '\\$&').replaceAll('*', '.*')
  return new RegExp(`^${escaped}$`).test(value)
}
