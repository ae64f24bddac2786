import { type RecordSet, setKey } from './model.ts'
import { orderText, type R53Name } from './names.ts'

/**
 * The record sets of a hosted zone in Route 53's order. A batch is merged in as a whole, so that a zone of 100,000 sets
 * takes batches and gives pages in milliseconds.
 */
export class ZoneSets {
  /** Both in the same order. */
  #keys: string[] = []
  #sets: RecordSet[] = []

  get size(): number {
    return this.#sets.length
  }

  get all(): readonly RecordSet[] {
    return this.#sets
  }

  /** Up to `limit` sets, beginning with the first one at or behind a key. */
  from(key: string, limit: number): readonly RecordSet[] {
    const start = this.#find(key)
    return this.#sets.slice(start, start + limit)
  }

  /** All sets of one name. */
  at(name: R53Name): readonly RecordSet[] {
    const order = orderText(name)
    return this.#sets.slice(this.#find(order), this.#find(`${order}\x01`)) // keys go on with \0
  }

  /** Takes sets out and puts sets in; one that is there already is replaced. */
  replace(removed: readonly RecordSet[], put: readonly RecordSet[]): void {
    const gone = new Set([...removed, ...put].map(keyOf))
    const fresh = put.map((set) => ({ key: keyOf(set), set })).sort((a, b) => (a.key < b.key ? -1 : 1))
    const keys: string[] = []
    const sets: RecordSet[] = []
    let next = 0
    const add = (key: string, set: RecordSet) => {
      keys.push(key)
      sets.push(set)
    }
    this.#sets.forEach((set, at) => {
      const key = this.#keys[at] as string
      if (gone.has(key)) return
      for (let one = fresh[next]; one !== undefined && one.key < key; one = fresh[++next]) add(one.key, one.set)
      add(key, set)
    })
    for (const one of fresh.slice(next)) add(one.key, one.set)
    this.#keys = keys
    this.#sets = sets
  }

  /** Index of the first key that is not before this one. */
  #find(key: string): number {
    let low = 0
    let high = this.#keys.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#keys[middle] as string) < key) low = middle + 1
      else high = middle
    }
    return low
  }
}

export function keyOf(set: RecordSet): string {
  const known = keys.get(set)
  if (known !== undefined) return known
  const key = setKey(orderText(set.name), set.type, set.identifier)
  keys.set(set, key)
  return key
}

// ---------------------------------------------------------------------------

const keys = new WeakMap<RecordSet, string>() // it is asked for many times while a batch is checked
