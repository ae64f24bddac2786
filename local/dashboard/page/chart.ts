import type { MetricProperties } from '../../../shared/metrics/body.ts'
import type { LineData, WidgetData } from '../answer.ts'
import type { Cursor } from './cursor.ts'
import { element } from './dom.ts'
import { createLegend } from './legend.ts'
import { formatValue } from './numbers.ts'
import { Plot } from './plot.ts'
import { formatPeriod, formatSecond } from './times.ts'
import { type Shown, timeOf } from './window.ts'

/** A widget of the page. */
export interface Widget {
  readonly element: HTMLElement
  update(data: WidgetData, shown: Shown): void
}

/** A metric widget: a figure with a drawing and a legend that has the last values, or those of the period pointed at. */
export function createChart(
  properties: MetricProperties,
  id: string,
  cursor: Cursor,
  read: (text: string) => void,
): Widget {
  const { title, stacked, yAxis, annotations } = properties
  const unit = yAxis.left.label
  const unitText = element('span', { class: 'unit' }, unit)
  const moment = element('time', { class: 'moment' })
  const mark = annotations?.horizontal[0]
  const plot = new Plot({ stacked, mark })
  const empty = element('p', { class: 'empty' }, 'no data yet')
  const box = element('div', { class: 'plot', role: 'img', tabindex: 0 }, plot.element, empty)
  const legend = createLegend(mark)
  const heading = element('h3', { id }, title)
  const caption = element('figcaption', {}, heading, unitText, moment)
  const figure = element('figure', { class: 'chart', 'aria-labelledby': id }, caption, box, legend.element)
  let lines: readonly LineData[] = []
  let shown: Shown | undefined

  new ResizeObserver(draw).observe(box)
  cursor.watch(point)
  box.addEventListener('pointermove', ({ offsetX }) => aim(offsetX))
  box.addEventListener('pointerdown', ({ offsetX }) => aim(offsetX))
  box.addEventListener('pointerleave', () => leave())
  box.addEventListener('blur', () => leave())
  box.addEventListener('keydown', (event) => {
    const to = steps(event.key)
    if (to === undefined) return
    event.preventDefault()
    cursor.index = to === 'none' ? undefined : to
    if (cursor.index !== undefined && shown !== undefined) read(spoken(cursor.index, shown))
  })
  return {
    element: figure,
    update(data, now) {
      lines = data.kind === 'lines' ? data.lines : []
      shown = now
      unitText.textContent = lines.every(({ statistic }) => statistic === 'Sum')
        ? `${unit} in ${formatPeriod(now.periodMs / 1000)}`
        : unit
      empty.hidden = lines.some(isKnown)
      draw()
    },
  }

  function draw(): void {
    const { clientWidth, clientHeight } = box
    if (shown === undefined || clientWidth === 0) return
    plot.draw(lines, shown, clientWidth, clientHeight)
    point(cursor.index)
    box.setAttribute('aria-label', `${title}, ${unitText.textContent}. ${summary()}. Arrow keys read single moments.`)
  }

  function point(index: number | undefined): void {
    if (shown === undefined) return
    plot.point(index)
    legend.update(lines, index)
    moment.textContent = index === undefined ? '' : formatSecond(timeOf(shown, index))
  }

  function aim(x: number): void {
    if (shown !== undefined) cursor.index = plot.indexAt(x, shown.periods, box.clientWidth)
  }

  function leave(): void {
    cursor.index = undefined
  }

  function steps(key: string): number | 'none' | undefined {
    if (shown === undefined) return undefined
    const last = shown.periods - 1
    const from = cursor.index ?? last + 1
    if (key === 'ArrowLeft') return Math.max(0, from - 1)
    if (key === 'ArrowRight') return Math.min(last, from + 1)
    if (key === 'Home') return 0
    if (key === 'End') return last
    return key === 'Escape' ? 'none' : undefined
  }

  function spoken(index: number, at: Shown): string {
    const values = lines.flatMap(({ label, values }) =>
      values[index] == null ? [] : `${label} ${formatValue(values[index])}`,
    )
    return `${formatSecond(timeOf(at, index))}: ${values.join(', ') || 'no data'}`
  }

  function summary(): string {
    const known = lines.filter(isKnown)
    if (known.length === 0) return 'No data yet'
    return known
      .map(
        ({ label, values }) => `${label}: ${formatValue(lastOf(values) ?? 0)}, at most ${formatValue(mostOf(values))}`,
      )
      .join('; ')
  }
}

// ---------------------------------------------------------------------------

function isKnown({ values }: LineData): boolean {
  return values.some((value) => value !== null)
}

function lastOf(values: LineData['values']): number | null | undefined {
  return values.findLast((value) => value !== null)
}

function mostOf(values: LineData['values']): number {
  return Math.max(...values.map((value) => value ?? 0))
}
