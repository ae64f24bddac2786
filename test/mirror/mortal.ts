import type { MirrorParts } from '../../functions/mirror/parts.ts'

/** The invocation was killed; `message` is the call over which it was. */
export class Died extends Error {
  override name = 'Died'
}

/**
 * Parts of an invocation that is killed at its nth call of a port: just before it, or when it is done and its answer is
 * lost. From then on nothing that it does has any effect.
 */
export function mortal(parts: MirrorParts, nth: number, moment: 'before' | 'after'): MirrorParts {
  let calls = 0
  let killedOver: string | symbol | undefined
  const wrap = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, key) {
        const call: unknown = Reflect.get(target, key)
        if (typeof call !== 'function') return call
        return (...args: unknown[]) => {
          calls++
          if (killedOver !== undefined || (calls === nth && moment === 'before')) {
            killedOver ??= key
            return death(key, killedOver)
          }
          const result: unknown = call.apply(target, args)
          if (calls !== nth) return result
          killedOver = key
          return givesPages(key) ? death(key, key) : Promise.resolve(result).then(() => death(key, key))
        }
      },
    })
  const { names, zones, store, route53, pace } = parts
  return {
    ...parts,
    names: wrap(names),
    zones: wrap(zones),
    store: wrap(store),
    route53: wrap(route53),
    pace: wrap(pace),
  }
}

// ---------------------------------------------------------------------------

/** As the port would fail: where it gives pages, at the first of them. */
function death(key: string | symbol, killedOver: string | symbol): unknown {
  if (!givesPages(key)) return Promise.reject(new Died(String(killedOver)))
  return (async function* () {
    yield await Promise.reject(new Died(String(killedOver)))
  })()
}

function givesPages(key: string | symbol): boolean {
  return key === 'scan' || key === 'rowsBetween'
}
