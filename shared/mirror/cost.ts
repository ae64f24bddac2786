import { route53Value } from './forms.ts'
import type { Change } from './model.ts'

/** What a request costs: ResourceRecord elements and characters in their values, as Route 53 counts them. */
export interface Cost {
  readonly values: number
  readonly characters: number
}

/**
 * The most that one ChangeResourceRecordSets request takes (Route 53 developer guide, Quotas: "Maximum number of
 * ResourceRecord elements", "Maximum number of characters"; verified 2026-11).
 */
export const BATCH_LIMIT: Cost = { values: 1_000, characters: 32_000 }

export const NO_COST: Cost = { values: 0, characters: 0 }

/** Every element and every character of an UPSERT counts twice. */
export function costOf({ action, type, rrset }: Change): Cost {
  const times = action === 'UPSERT' ? 2 : 1
  const characters = rrset.rdata.reduce((sum, rdata) => sum + route53Value(type, rdata).length, 0)
  return { values: times * rrset.rdata.length, characters: times * characters }
}

export function costOfAll(changes: readonly Change[]): Cost {
  return changes.map(costOf).reduce(add, NO_COST)
}

export function add(a: Cost, b: Cost): Cost {
  return { values: a.values + b.values, characters: a.characters + b.characters }
}

export function fits({ values, characters }: Cost): boolean {
  return values <= BATCH_LIMIT.values && characters <= BATCH_LIMIT.characters
}

/** How much of a request this takes, 0 to 1: the larger of the two shares. */
export function share({ values, characters }: Cost): number {
  return Math.max(values / BATCH_LIMIT.values, characters / BATCH_LIMIT.characters)
}
