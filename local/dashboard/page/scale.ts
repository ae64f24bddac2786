/** An axis from 0 to `top`, with its ticks. */
export interface Scale {
  readonly top: number
  readonly ticks: readonly number[]
}

/** The axis on which `greatest` has its place: ticks at 1, 2 or 5 times a power of ten, three to six with the 0. */
export function scaleTo(greatest: number, whole: boolean): Scale {
  if (greatest <= 0) return { top: 1, ticks: [0, 1] }
  const step = stepOf(greatest, whole)
  const count = Math.ceil(greatest / step - 1e-9)
  const ticks = Array.from({ length: count + 1 }, (_, i) => round(i * step))
  return { top: ticks.at(-1) ?? step, ticks }
}

// ---------------------------------------------------------------------------

const INTERVALS = 4

/** The least step with which the axis has no more than so many intervals. Of what is counted there are no halves. */
function stepOf(greatest: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(greatest / INTERVALS))
  const step = [1, 2, 5, 10].map((factor) => round(factor * power)).find((one) => greatest / one <= INTERVALS + 1e-9)
  return whole ? Math.max(1, step ?? 1) : (step ?? greatest)
}

/** Without what binary fractions add. */
function round(value: number): number {
  return Number(value.toPrecision(12))
}
