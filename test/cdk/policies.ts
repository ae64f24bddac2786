/** What roles may do, of a synthesised stack. */
import type { Template } from 'aws-cdk-lib/assertions'
import type { Condition } from './iam-conditions.ts'
import { resourcesOf } from './template.ts'

/** What a role may do with one resource under one condition. */
export interface Permission {
  /** Sorted. */
  readonly actions: readonly string[]
  readonly resource: string
  readonly condition?: Condition
}

/** The permissions of a role, whatever statements CDK makes of them: it merges some and splits policies that are long. */
export function permissionsOf(template: Template, role: string): readonly Permission[] {
  const found = new Map<string, Permission>()
  for (const { Action, Resource, Condition } of statementsOf(template, role)) {
    for (const resource of [Resource].flat()) {
      const key = JSON.stringify([resource, Condition])
      const actions = [...new Set([...(found.get(key)?.actions ?? []), ...[Action].flat()])].sort()
      found.set(key, { actions, resource, ...(Condition !== undefined && { condition: Condition }) })
    }
  }
  return [...found.values()]
}

/** Every object with an `Effect`, however deep: statements of roles and of resources. */
export function allStatements(value: unknown): readonly Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(allStatements)
  return 'Effect' in value ? [value as Record<string, unknown>, ...inner] : inner
}

// ---------------------------------------------------------------------------

interface Statement {
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Condition
}

function statementsOf(template: Template, role: string): readonly Statement[] {
  return ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap((type) => Object.values(resourcesOf(template, type)))
    .filter(({ properties }) => properties.Roles.includes(role))
    .flatMap(({ properties }) => properties.PolicyDocument.Statement)
}
