import { add, type Cost, fits, share } from './cost.ts'

/** Something that goes into one request as a whole, such as all changes of a name. */
export interface Packable {
  readonly cost: Cost
}

/**
 * Packs into as few requests as can be had cheaply: the largest first, each into the first request that has room
 * (first-fit decreasing). Never splits. What fits no request even alone is a fault of the caller: a RangeError.
 */
export function pack<T extends Packable>(items: readonly T[]): readonly (readonly T[])[] {
  const requests: { items: T[]; cost: Cost }[] = []
  for (const item of items.toSorted((a, b) => share(b.cost) - share(a.cost))) {
    if (!fits(item.cost)) throw new RangeError('a change is larger than any request')
    const room = requests.find(({ cost }) => fits(add(cost, item.cost)))
    if (room === undefined) requests.push({ items: [item], cost: item.cost })
    else {
      room.items.push(item)
      room.cost = add(room.cost, item.cost)
    }
  }
  return requests.map(({ items: packed }) => packed)
}
