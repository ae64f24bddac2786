/** By factor, one of its values. */
export type Combination = Readonly<Record<string, string>>

/** Few combinations in which any two values are together once that may be together at all. */
export function pairwise(
  factors: Readonly<Record<string, readonly string[]>>,
  isAllowed: (combination: Combination) => boolean,
): readonly Combination[] {
  const candidates = product(Object.entries(factors))
    .filter(isAllowed)
    .map((combination) => ({ combination, pairs: pairsOf(combination) }))
  const missing = new Set(candidates.flatMap(({ pairs }) => pairs))
  const chosen: Combination[] = []
  while (missing.size > 0) {
    const gains = candidates.map(({ pairs }) => pairs.filter((pair) => missing.has(pair)).length)
    const best = candidates[gains.indexOf(Math.max(...gains))]
    if (best === undefined) break
    for (const pair of best.pairs) missing.delete(pair)
    chosen.push(best.combination)
  }
  return chosen
}

// ---------------------------------------------------------------------------

function product(factors: readonly (readonly [factor: string, values: readonly string[]])[]): readonly Combination[] {
  const [first, ...rest] = factors
  if (first === undefined) return [{}]
  const [factor, values] = first
  return product(rest).flatMap((others) => values.map((value) => ({ [factor]: value, ...others })))
}

function pairsOf(combination: Combination): readonly string[] {
  const values = Object.entries(combination).map(([factor, value]) => `${factor}=${value}`)
  return values.flatMap((one, at) => values.slice(at + 1).map((other) => `${one} ${other}`))
}
