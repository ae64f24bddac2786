import { MAX_NAME, type WireName } from '../../shared/dns/name.ts'
import type { AddressWeights, Weights } from '../links/loadbalance.ts'
import { folded, type Labels, NameLabels } from '../table/labels.ts'

/** Weights found by the hash of their owner, as few names have any. */
export class WeightsByLabels {
  readonly #byHash = new Map<number, readonly (readonly [WireName, AddressWeights])[]>()

  constructor(weights: Weights, seed: number) {
    const labels = new NameLabels(seed)
    for (const entry of weights) {
      const hash = labels.of(entry[0]).hashes[0] as number
      this.#byHash.set(hash, [...(this.#byHash.get(hash) ?? []), entry])
    }
  }

  /** The weights of the addresses of that name. */
  of(labels: Labels): AddressWeights | undefined {
    if (this.#byHash.size === 0) return undefined
    const alike = this.#byHash.get(labels.hashes[0] as number)
    return alike?.find(([name]) => name === nameOf(labels))?.[1]
  }
}

// ---------------------------------------------------------------------------

const scratch = Buffer.alloc(MAX_NAME)

function nameOf({ octets, starts, count }: Labels): WireName {
  const start = starts[0] as number
  const length = (starts[count] as number) + 1 - start
  for (let i = 0; i < length; i++) scratch[i] = folded(octets[start + i] as number)
  return scratch.toString('latin1', 0, length) as WireName
}
