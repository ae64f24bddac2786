import type { LogProperties } from '../../../shared/metrics/body.ts'
import type { Cell } from '../answer.ts'
import type { Widget } from './chart.ts'
import { element } from './dom.ts'
import { formatValue } from './numbers.ts'

/** A log widget: a table. */
export function createTable({ title }: LogProperties, id: string): Widget {
  const head = element('tr')
  const body = element('tbody')
  const table = element('table', { 'aria-labelledby': id }, element('thead', {}, head), body)
  const empty = element('p', { class: 'empty' }, 'no data yet')
  const scrolled = element('div', { class: 'scrolled', tabindex: 0, role: 'region', 'aria-labelledby': id }, table)
  const caption = element('figcaption', {}, element('h3', { id }, title))
  return {
    element: element('figure', { class: 'chart' }, caption, scrolled, empty),
    update(data) {
      if (data.kind !== 'table') return
      empty.hidden = data.rows.length > 0
      head.replaceChildren(
        ...data.columns.map((column) => element('th', { scope: 'col' }, column.replaceAll('_', ' '))),
      )
      body.replaceChildren(...data.rows.map((row) => element('tr', {}, ...row.map(cell))))
    },
  }
}

// ---------------------------------------------------------------------------

function cell(value: Cell, column: number): HTMLElement {
  const text = value === null ? '–' : typeof value === 'number' ? formatValue(value) : value
  return column === 0 ? element('th', { scope: 'row' }, text) : element('td', {}, text)
}
