import type { LineData } from '../answer.ts'
import { svg } from './dom.ts'
import { colourOf, type Mark } from './legend.ts'
import { formatTick } from './numbers.ts'
import { type Scale, scaleTo } from './scale.ts'
import { areaPath, dotsPath, type Frame, linePath, stacked, type Values } from './shape.ts'
import { formatMinute, timeTicks } from './times.ts'
import { type Shown, timeOf } from './window.ts'

export interface PlotOptions {
  readonly stacked: boolean
  /** A line at a value that means something. */
  readonly mark: Mark | undefined
}

/** The drawing of a chart: axes, lines, areas, and what is pointed at. */
export class Plot {
  readonly element = svg('svg', { 'aria-hidden': 'true', focusable: 'false' })
  readonly #options: PlotOptions
  readonly #axes = svg('g')
  readonly #areas = svg('g')
  readonly #lines = svg('g')
  readonly #cursor = svg('g', { class: 'cursor' })
  readonly #paths: Paths[] = []
  #drawn: Drawn | undefined

  constructor(options: PlotOptions) {
    this.#options = options
    this.element.append(this.#axes, this.#areas, this.#lines, this.#cursor)
  }

  draw(lines: readonly LineData[], shown: Shown, width: number, height: number): void {
    const heights = this.#options.stacked
      ? stacked(lines.map(({ values }) => values))
      : lines.map(({ values }) => values)
    const scale = this.#scaleOf(lines, heights)
    const frame = frameOf(shown, scale, width, height)
    this.element.setAttribute('viewBox', `0 0 ${width} ${height}`)
    this.#axes.replaceChildren(
      ...gridOf(scale, frame, width),
      ...timesOf(shown, frame, width, height),
      ...this.#markOf(scale, frame, width),
    )
    this.#drawn = { heights, frame, height }
    this.#drawLines(heights, shown, frame)
  }

  /** Points at a period, or at none. */
  point(index: number | undefined): void {
    this.#cursor.replaceChildren()
    if (index === undefined || this.#drawn === undefined) return
    const { heights, frame, height } = this.#drawn
    const x = frame.x(index)
    const dots = heights.flatMap((values, i) => {
      const value = values[index] ?? null
      return value === null ? [] : [svg('circle', { class: `series ${colourOf(i)}`, cx: x, cy: frame.y(value), r: 3 })]
    })
    this.#cursor.append(svg('line', { x1: x, x2: x, y1: TOP, y2: height - BOTTOM }), ...dots)
  }

  /** The period that a place is nearest to. */
  indexAt(x: number, periods: number, width: number): number {
    const part = (x - LEFT) / (width - LEFT - RIGHT)
    return Math.min(periods - 1, Math.max(0, Math.round(part * (periods - 1))))
  }

  /** The mark has its place on the axis unless the lines would lie flat on the ground then. */
  #scaleOf(lines: readonly LineData[], heights: readonly Values[]): Scale {
    if (!lines.some(({ values }) => values.some((value) => value !== null))) return { top: 1, ticks: [] }
    const greatest = Math.max(0, ...heights.flatMap((values) => values.map((value) => value ?? 0)))
    const whole = lines.every(({ values }) => values.every((value) => value === null || Number.isInteger(value)))
    const { mark } = this.#options
    return scaleTo(
      mark !== undefined && mark.value <= MARK_IN_VIEW * greatest ? Math.max(greatest, mark.value) : greatest,
      whole,
    )
  }

  #markOf({ top }: Scale, { y }: Frame, width: number): SVGElement[] {
    const { mark } = this.#options
    if (mark === undefined || mark.value > top) return []
    return [svg('line', { class: 'mark', x1: LEFT, x2: width - RIGHT, y1: y(mark.value), y2: y(mark.value) })]
  }

  /** The paths stay and get another course: nothing flickers, and what the browser knows of them stays. */
  #drawLines(heights: readonly Values[], { periodMs }: Shown, frame: Frame): void {
    const gap = Math.max(1, Math.round(JOINED_MS / periodMs))
    const filled = this.#options.stacked || heights.length === 1
    for (const [i, values] of heights.entries()) {
      const { area, line, dots } = this.#pathsOf(i)
      const lower = this.#options.stacked ? heights[i - 1] : undefined
      area.setAttribute('d', filled ? areaPath(values, lower, gap, frame) : '')
      line.setAttribute('d', linePath(values, gap, frame))
      dots.setAttribute('d', dotsPath(values, gap, frame))
    }
  }

  #pathsOf(index: number): Paths {
    const known = this.#paths[index]
    if (known !== undefined) return known
    const area = svg('path', { class: `area ${this.#options.stacked ? 'stacked' : 'single'} ${colourOf(index)}` })
    const line = svg('path', { class: `series ${colourOf(index)}` })
    this.#areas.append(area)
    const dots = svg('path', { class: `series dots ${colourOf(index)}` })
    this.#lines.prepend(line, dots) // of lines that are the same the first is seen
    const made = { area, line, dots }
    this.#paths.push(made)
    return made
  }
}

// ---------------------------------------------------------------------------

interface Paths {
  readonly area: SVGPathElement
  readonly line: SVGPathElement
  readonly dots: SVGPathElement
}

interface Drawn {
  readonly heights: readonly Values[]
  readonly frame: Frame
  readonly height: number
}

/** Room for labels around the lines, in pixels; charts below each other have their times in line. */
const [TOP, RIGHT, BOTTOM, LEFT] = [8, 10, 20, 44]
const TIME_GAP = 56
const MARK_IN_VIEW = 3
/** What is told each ten seconds, or each minute at most, is a line even so. */
const JOINED_MS = 30_000

function frameOf({ periods }: Shown, { top }: Scale, width: number, height: number): Frame {
  const perPeriod = (width - LEFT - RIGHT) / Math.max(1, periods - 1)
  return {
    x: (index) => LEFT + index * perPeriod,
    y: (value) => height - BOTTOM - (value / top) * (height - TOP - BOTTOM),
  }
}

function gridOf({ ticks }: Scale, { y }: Frame, width: number): SVGElement[] {
  return ticks.flatMap((tick) => [
    svg('line', { class: tick === 0 ? 'ground' : 'grid', x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick) }),
    svg('text', { x: LEFT - 6, y: y(tick) + 4, 'text-anchor': 'end' }, formatTick(tick)),
  ])
}

function timesOf(shown: Shown, { x }: Frame, width: number, height: number): SVGElement[] {
  const [first, last] = [timeOf(shown, 0), timeOf(shown, shown.periods - 1)]
  return timeTicks(first, last, width - LEFT - RIGHT, TIME_GAP).map((at) => {
    const place = x((at - first) / shown.periodMs)
    const anchor = place > width - RIGHT - 16 ? 'end' : 'middle'
    return svg('text', { x: place, y: height - 5, 'text-anchor': anchor }, formatMinute(at))
  })
}
