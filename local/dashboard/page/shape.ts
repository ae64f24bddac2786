/** How lines and areas run, in numbers and in the path syntax of SVG. */

export type Values = readonly (number | null)[]

/** Turns the place of a period and a value into pixels. */
export interface Frame {
  readonly x: (index: number) => number
  readonly y: (value: number) => number
}

/** Each line on top of those before it. Where only some are known the others count nothing. */
export function stacked(lines: readonly Values[]): readonly Values[] {
  const below: number[] = []
  return lines.map((values) =>
    values.map((value, i) => {
      below[i] = (below[i] ?? 0) + (value ?? 0)
      return lines.some((line) => line[i] !== null) ? below[i] : null
    }),
  )
}

/** The path of a line. Known values are joined across up to `gap` periods of which nothing is known. */
export function linePath(values: Values, gap: number, frame: Frame): string {
  return runs(values, gap)
    .filter((run) => run.length > 1)
    .map((run) => `M${run.map((i) => point(values, i, frame)).join('L')}`)
    .join('')
}

/** The path of the values that stand alone. `h0` has no length: a dot, by the round ends of lines. */
export function dotsPath(values: Values, gap: number, frame: Frame): string {
  return runs(values, gap)
    .filter((run) => run.length === 1)
    .map(([i = 0]) => `M${point(values, i, frame)}h0`)
    .join('')
}

/** The path of what lies between two lines that are known in the same periods. */
export function areaPath(upper: Values, lower: Values | undefined, gap: number, frame: Frame): string {
  return runs(upper, gap)
    .map((run) => {
      const there = run.map((i) => point(upper, i, frame))
      const back = run.toReversed().map((i) => point(lower ?? [], i, frame))
      return `M${[...there, ...back].join('L')}Z`
    })
    .join('')
}

// ---------------------------------------------------------------------------

/** The periods of which something is known, parted where too many are missing. */
function runs(values: Values, gap: number): readonly (readonly number[])[] {
  const found: number[][] = []
  for (const [i, value] of values.entries()) {
    if (value === null) continue
    const last = found.at(-1)
    if (last !== undefined && i - (last.at(-1) ?? i) <= gap + 1) last.push(i)
    else found.push([i])
  }
  return found
}

/** Where nothing is known, on the ground. */
function point(values: Values, index: number, { x, y }: Frame): string {
  return `${pixel(x(index))} ${pixel(y(values[index] ?? 0))}`
}

/** A tenth of a pixel is exact enough. */
function pixel(value: number): number {
  return Math.round(value * 10) / 10
}
