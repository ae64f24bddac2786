import { isDeepStrictEqual } from 'node:util'
import type { FunctionRef } from '../../shared/functions/arn.ts'
import { type Changes, planChanges } from '../../shared/functions/changes.ts'
import type { FoundFunction, Publication } from '../../shared/functions/model.ts'
import { ownersOf } from '../../shared/functions/owners.ts'
import { planNames } from '../../shared/functions/plan.ts'
import { inParallel } from '../../shared/records/in-parallel.ts'
import { apply } from './apply.ts'
import type { Parts, ReconcileCounts } from './parts.ts'

export interface ReconcileOptions {
  /** ARN of a function that a whole list has: the one that runs. */
  readonly own: string
  /** False once there is no time to read another function. */
  readonly mayRead: () => boolean
  /** False once there is no time to write the names of another function: the next reconcile does. */
  readonly mayWrite: () => boolean
  /** From 0 to below 1. */
  readonly random: () => number
}

/**
 * Lists all functions and brings all names in step. What is registered is read before the functions are: so whatever is
 * registered later is not taken for the name of a function that is gone. A list that breaks off, or in which the function
 * that runs is missing, changes nothing: it rejects.
 */
export async function reconcile(parts: Parts, options: ReconcileOptions): Promise<ReconcileCounts> {
  const { source, names, report } = parts
  const registered = await parts.registered()
  const listed = await everyFunction(parts, options.own)
  const { found, unread } = await readAll(listed, parts, options)

  const ownerOf = ownersOf(registered)
  const left = registered.filter(({ name }) => unread.has(ownerOf(name) ?? ''))
  const standing = registered.filter(({ name }) => unread.has(ownerOf(name) ?? '') || found.has(ownerOf(name) ?? ''))
  const plan = planNames([...found.values()], names, standing)
  for (const refusal of plan.refusals) report({ kind: 'refused', refusal })

  const changes = planChanges([...plan.desired, ...left], registered)
  let refused = plan.refusals.length
  for (const [arn, its] of byFunction(changes, registered)) {
    if (!options.mayWrite()) break
    if (arn !== undefined && !(await isStill(arn))) continue
    refused += (await apply(its, parts)).refused
  }
  const published = [...plan.desired, ...left].filter(({ fn }) => fn !== undefined).length
  const counts = { functions: listed.length, published, refused, unread: unread.size }
  report({ kind: 'reconciled', counts })
  return counts

  /** Reading everything takes its time: whoever has changed meanwhile is left to the event that tells of it. */
  async function isStill(arn: string): Promise<boolean> {
    const ref = { arn, name: arn.slice(arn.lastIndexOf(':') + 1) }
    try {
      if (isDeepStrictEqual(await source.read(ref), found.get(arn))) return true
      report({ kind: 'overtaken', ref })
    } catch (error) {
      report({ kind: 'fault', about: arn, error })
    }
    return false
  }
}

// ---------------------------------------------------------------------------

const WIDTH = 4

async function everyFunction({ source }: Parts, own: string): Promise<readonly FunctionRef[]> {
  const listed: FunctionRef[] = []
  for await (const page of source.list()) listed.push(...page)
  if (!listed.some(({ arn }) => arn === own)) {
    throw new Error(
      `Lambda listed ${listed.length} functions without ${own}, which runs: nothing is changed by such a list`,
    )
  }
  return listed
}

/** Beginning anywhere, so that where time is too short for all, each has its turn. */
async function readAll(
  listed: readonly FunctionRef[],
  { source, report }: Parts,
  { mayRead, random }: ReconcileOptions,
) {
  const found = new Map<string, FoundFunction>()
  const unread = new Set<string>()
  const first = Math.floor(random() * listed.length)
  await inParallel(WIDTH, [...listed.slice(first), ...listed.slice(0, first)], async (ref) => {
    if (!mayRead()) return void unread.add(ref.arn)
    try {
      const fn = await source.read(ref)
      if (fn !== undefined) found.set(ref.arn, fn)
    } catch (error) {
      unread.add(ref.arn)
      report({ kind: 'fault', about: ref.arn, error })
    }
  })
  return { found, unread }
}

/** The changes of each function apart; undefined: those of names that no function is known to have had. */
function byFunction({ register, withdraw }: Changes, registered: readonly Publication[]) {
  const all = new Map<string | undefined, { register: Publication[]; withdraw: Publication['name'][] }>()
  const of = (arn: string | undefined) => {
    const its = all.get(arn) ?? { register: [], withdraw: [] }
    all.set(arn, its)
    return its
  }
  // Where only what stands above a name has changed, the name itself is among those registered.
  const will = ownersOf([...registered, ...register])
  const did = ownersOf(registered)
  for (const one of register) of(will(one.name)).register.push(one)
  for (const name of withdraw) of(did(name)).withdraw.push(name)
  return all
}
