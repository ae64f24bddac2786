import { InvalidChangeBatch } from './api-error.ts'
import { checkOutcome } from './batch-outcome.ts'
import { checkChanges, checkSize } from './batch-rules.ts'
import { type Batch, type BatchChange, type HostedZone, type Plan, type RecordSet, told } from './model.ts'
import { isAtOrBelow, NameProblem, type R53Name, readName } from './names.ts'
import { canonicalValue } from './values.ts'
import { keyOf, type ZoneSets } from './zone-sets.ts'

/**
 * Checks a batch as a whole against the hosted zone as it will be: deletes go first, and an UPSERT is a delete and a
 * create. Changes nothing. Throws InvalidChangeBatch; what is found in one stage keeps the later stages from looking.
 */
export function planBatch(batch: Batch, zone: HostedZone, sets: ZoneSets, maxSets: number): Plan {
  checkSize(batch)
  const changes = batch.changes.map(withName)
  checkChanges(changes)
  refuse(changes.filter(({ set }) => !isAtOrBelow(set.name, zone.name)).map(({ set }) => outside(set.name, zone.name)))
  refuse(changes.flatMap((change) => mismatch(change, changes, sets) ?? []))
  const plan = {
    removed: changes.filter(({ action }) => action === 'DELETE').map(({ set }) => set),
    put: changes.filter(({ action }) => action !== 'DELETE').map(({ set }) => set),
  }
  checkOutcome(plan, zone, sets, maxSets)
  return plan
}

// ---------------------------------------------------------------------------

function withName({ action, set }: BatchChange): BatchChange {
  try {
    const alias = set.alias && { ...set.alias, dnsName: readName(set.alias.dnsName) }
    return { action, set: { ...set, name: readName(set.name), ...(alias && { alias }) } }
  } catch (error) {
    if (error instanceof NameProblem) throw new InvalidChangeBatch([error.message])
    throw error
  }
}

/** Why a DELETE or CREATE does not fit what is there. */
function mismatch({ action, set }: BatchChange, changes: readonly BatchChange[], sets: ZoneSets): string | undefined {
  const key = keyOf(set)
  const [found] = sets.from(key, 1)
  const current = found !== undefined && keyOf(found) === key ? found : undefined
  if (action === 'DELETE') {
    if (current === undefined) return `Tried to delete resource record set ${told(set)} but it was not found`
    if (comparable(current) === comparable(set)) return undefined
    return `Tried to delete resource record set ${told(set)} but the values provided do not match the current values`
  }
  if (action === 'UPSERT' || current === undefined) return undefined
  const freed = changes.some((other) => other.action === 'DELETE' && keyOf(other.set) === key)
  return freed ? undefined : `Tried to create resource record set ${told(set)} but it already exists`
}

/** Two sets are the same to a DELETE if everything in them agrees, however it is written. */
function comparable({ name, type, identifier, routing, ttl, values, alias }: RecordSet): string {
  const canonical = values.map((value) => canonicalValue(type, value)).sort()
  return JSON.stringify([name, type, identifier, routing, ttl, canonical, alias])
}

function outside(name: R53Name, zone: R53Name): string {
  return `RRSet with DNS name ${name} is not permitted in zone ${zone}`
}

function refuse(messages: readonly string[]): void {
  if (messages.length > 0) throw new InvalidChangeBatch(messages)
}
