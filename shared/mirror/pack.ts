import { add, type Cost, fits, share } from './cost.ts'

/** Something that goes into one request as a whole, such as all changes of a name. */
export interface Packable {
  readonly cost: Cost
}

/**
 * Packs into as few requests as can be had cheaply: the largest first, each into the first request that has room
 * (first-fit decreasing). Never splits: what fits no request has one of its own.
 */
export function pack<T extends Packable>(items: readonly T[]): readonly (readonly T[])[] {
  const requests: { items: T[]; cost: Cost }[] = []
  for (const item of items.toSorted((a, b) => share(b.cost) - share(a.cost))) {
    const room = requests.find(({ cost }) => fits(add(cost, item.cost)))
    if (room === undefined) requests.push({ items: [item], cost: item.cost })
    else {
      room.items.push(item)
      room.cost = add(room.cost, item.cost)
    }
  }
  return requests.map(({ items: packed }) => packed)
}
