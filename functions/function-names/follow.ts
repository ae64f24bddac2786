import { foldCase } from '../../shared/dns/name.ts'
import { type FunctionRef, functionOfArn } from '../../shared/functions/arn.ts'
import { planChanges } from '../../shared/functions/changes.ts'
import type { FoundFunction, Publication } from '../../shared/functions/model.ts'
import { ownersOf } from '../../shared/functions/owners.ts'
import { planNames } from '../../shared/functions/plan.ts'
import { apply } from './apply.ts'
import type { Parts } from './parts.ts'

/**
 * Brings the names of these functions in step with what the functions are now, whatever was told of them. Gives the
 * ARNs of those with which that failed.
 */
export async function follow(refs: readonly FunctionRef[], parts: Parts): Promise<ReadonlySet<string>> {
  const { source, names, report } = parts
  const failed = new Set<string>()
  if (refs.length === 0) return failed
  let registered = await parts.registered()
  let listed: Promise<readonly FunctionRef[]> | undefined

  // One after the other: what one gets the next one cannot have.
  for (const ref of refs) {
    report({ kind: 'hint', ref })
    try {
      if (!(await bringInStep(ref))) failed.add(ref.arn)
    } catch (error) {
      failed.add(ref.arn)
      report({ kind: 'fault', about: ref.arn, error })
    }
  }
  return failed

  async function bringInStep(ref: FunctionRef): Promise<boolean> {
    const fn = await source.read(ref)
    const ownerOf = ownersOf(registered)
    const own = registered.filter(({ name }) => ownerOf(name) === ref.arn)
    const isNew = ({ name, fn }: Publication) => fn !== undefined && ownerOf(name) === undefined
    const found = fn === undefined ? [] : [fn]
    let plan = planNames(found, names, registered)
    if (fn !== undefined && plan.desired.some(isNew)) {
      plan = planNames([fn, ...(await rivalsOf(fn))], names, registered)
    }
    const refusals = plan.refusals.filter(({ arn }) => functionOfArn(arn)?.arn === ref.arn)
    for (const refusal of refusals) report({ kind: 'refused', refusal })
    const willOwn = ownersOf(plan.desired)
    const desired = plan.desired.filter(({ name }) => willOwn(name) === ref.arn)
    const { failed } = await apply(planChanges(desired, own), parts)
    registered = [...registered.filter((one) => !own.includes(one)), ...desired]
    return failed === 0
  }

  /**
   * Others of which only letter case tells the name, and which may be as new: it is for none of them then. Those that a tag
   * gives the same name are found out by the next reconcile, or are second to this one.
   */
  async function rivalsOf(fn: FoundFunction): Promise<FoundFunction[]> {
    listed ??= all(parts)
    const label = foldCase(fn.name)
    const rivals = (await listed).filter(({ arn, name }) => arn !== fn.arn && foldCase(name) === label)
    const read = await Promise.all(rivals.map((ref) => source.read(ref)))
    return read.filter((one) => one !== undefined)
  }
}

// ---------------------------------------------------------------------------

async function all({ source }: Parts): Promise<readonly FunctionRef[]> {
  const listed: FunctionRef[] = []
  for await (const page of source.list()) listed.push(...page)
  return listed
}
