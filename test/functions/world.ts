/** function-names over a Lambda that is made up and the true registry, all in memory. */

import { functionNames } from '../../functions/function-names/function-names.ts'
import type { FunctionNamesEvent, Parts } from '../../functions/function-names/parts.ts'
import { registeredFunctions } from '../../functions/function-names/registered.ts'
import type { FoundFunction, FunctionNames } from '../../shared/functions/model.ts'
import { isPublished } from '../../shared/functions/plan.ts'
import type { FunctionSource } from '../../shared/functions/ports.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { memoryRegistrations } from '../../shared/registrations/memory.ts'
import { createRegistry } from '../../shared/registrations/registry.ts'
import { byAddress, functionNamed, HOME } from './found.ts'

const own = functionNamed('Self', { tags: { 'namestream:publish': 'false' } })

/** Functions that are there, by name, beside the one that runs; whatever is asked of them may be made to fail. */
export async function world(names: FunctionNames = byAddress) {
  const store = memoryStore()
  await store.zones.add(newZone(names.zone))
  const registrations = memoryRegistrations()
  const lambda = new Map<string, FoundFunction>()
  const asked: string[] = []
  const events: FunctionNamesEvent[] = []
  const hooks = { list: async () => {}, read: async (_name: string) => {} }
  const source: FunctionSource = {
    async *list() {
      asked.push('list')
      const [first, ...rest] = [...lambda.values()]
      yield [own, ...(first ? [first] : [])]
      await hooks.list()
      yield rest
    },
    async read({ name }) {
      asked.push(`read ${name}`)
      await hooks.read(name)
      const fn = name === own.name ? own : lambda.get(name)
      return fn === undefined || isPublished(fn) ? fn : { ...fn, aliases: [], versions: [], urls: [] }
    },
  }
  const registry = createRegistry({
    ...store,
    registrations,
    timers: { set: async () => {} },
    now: Date.now,
    pause: async () => {},
    newNonce: () => 'n',
  })
  const parts: Parts = {
    source,
    registry,
    registered: () => registeredFunctions({ registrations, names: store.names }, names.zone),
    names,
    report: (event) => void events.push(event),
  }
  const options = { own: own.arn, mayRead: () => true, mayWrite: () => true, random: () => 0.5 }
  return {
    ...store,
    registry,
    registrations,
    hooks,
    options,
    parts,
    /** Adds functions or puts them in place of those of the same names. */
    deploy(...functions: readonly FoundFunction[]) {
      for (const fn of functions) lambda.set(fn.name, fn)
    },
    remove: (name: string) => void lambda.delete(name),
    reconcile: () => functionNames({ task: 'reconcile' }, parts, options),
    /** Gives it messages with these bodies; those that are no text are put into JSON. */
    hear: (...bodies: readonly unknown[]) => {
      const Records = bodies.map((body, i) => ({
        messageId: `m${i}`,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }))
      return functionNames({ Records } as never, parts, options)
    },
    /** What was asked since the last time. */
    asked: () => asked.splice(0),
    /** What was told since the last time, of these kinds. */
    told: (...kinds: readonly FunctionNamesEvent['kind'][]) =>
      events.splice(0).filter(({ kind }) => kinds.length === 0 || kinds.includes(kind)),
    /** Names that have records. */
    async answered(): Promise<string[]> {
      const found: string[] = []
      for await (const page of store.names.scan()) {
        found.push(...page.filter(({ rrsets }) => Object.keys(rrsets).length > 0).map(({ name }) => name))
      }
      return found.map((name) => name.replace('.fn.example.org.', '')).sort()
    },
  }
}

/** As CloudTrail tells of a call. */
export function called(eventName: string, requestParameters: object, responseElements: object | null = null) {
  return {
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.lambda',
    resources: [],
    detail: { eventSource: 'lambda.amazonaws.com', eventName, requestParameters, responseElements, resources: [] },
  }
}

/** As the tag service tells. */
export function tagged(name: string) {
  const detail = { service: 'lambda', 'resource-type': 'function', 'changed-tag-keys': ['namestream:publish'] }
  return { 'detail-type': 'Tag Change on Resource', source: 'aws.tag', resources: [HOME + name], detail }
}
