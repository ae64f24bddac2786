import type { Name } from '../../shared/dns/name.ts'
import type { FoundFunction, FunctionNames, Publication, Refusal } from '../../shared/functions/model.ts'
import { ownersOf } from '../../shared/functions/owners.ts'
import { planNames } from '../../shared/functions/plan.ts'
import type { FunctionSource } from '../../shared/functions/ports.ts'
import { inParallel } from '../../shared/records/in-parallel.ts'

export interface ListParts {
  readonly source: FunctionSource
  readonly registered: () => Promise<readonly Publication[]>
  readonly zone: Name
}

/** What an operator is told of names of functions, a line each: those that are there, then those that are not, and why. */
export async function listFunctions({ source, registered, zone }: ListParts): Promise<string> {
  const published = await registered()
  const found: FoundFunction[] = []
  for await (const page of source.list()) {
    await inParallel(WIDTH, page, async (ref) => {
      const fn = await source.read(ref)
      if (fn !== undefined) found.push(fn)
    })
  }
  const ownerOf = ownersOf(published)
  const standing = published.filter(({ name }) => found.some(({ arn }) => arn === ownerOf(name)))
  const { desired, refusals } = planNames(found, { zone, ...NOWHERE }, standing)
  const names = new Map(published.flatMap(({ name, fn }) => (fn === undefined ? [] : [[name, fn] as const])))
  const wanted = new Map(desired.flatMap(({ name, fn }) => (fn === undefined ? [] : [[name, fn] as const])))
  const lines = [
    ...Array.from(names, ([name, { arn, auth, url }]) => {
      const stays = wanted.get(name)?.arn === arn ? '' : ' to be withdrawn'
      return `${name} ${arn} auth=${auth}${url === undefined ? '' : ` ${url}`}${stays}`
    }).sort(),
    ...Array.from(wanted, ([name, { arn }]) => (names.has(name) ? [] : [`${name} ${arn} to be published`])).flat(),
    ...refusals.map(refused),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

// ---------------------------------------------------------------------------

const WIDTH = 4

/** Which names there are does not depend on the gateway. */
const NOWHERE: Omit<FunctionNames, 'zone'> = { gateway: { kind: 'address', a: [], aaaa: [], port: 80 }, ttl: 0 }

function refused({ code, arn, sentence }: Refusal): string {
  return `refused ${arn} ${code}: ${sentence}`
}
