import type { LineData } from '../answer.ts'
import { element } from './dom.ts'
import { formatValue } from './numbers.ts'

/** A value that means something. */
export interface Mark {
  readonly label: string
  readonly value: number
}

export interface Legend {
  readonly element: HTMLElement
  /** Shows the values of that period; without one the last that are known. */
  update(lines: readonly LineData[], index: number | undefined): void
}

/** The names of the lines, each with its colour and a value. */
export function createLegend(mark: Mark | undefined): Legend {
  const list = element('ul', { class: 'legend' })
  let shown: string | undefined
  return {
    element: list,
    update(lines, index) {
      const labels = lines.map(({ label }) => label).join('\n')
      if (labels !== shown) {
        list.replaceChildren(...lines.map(({ label }, i) => entry(label, colourOf(i))))
        if (mark !== undefined) list.append(entry(mark.label, 'mark', formatValue(mark.value)))
      }
      shown = labels
      for (const [i, { values }] of lines.entries()) {
        const value = index === undefined ? values.findLast((one) => one !== null) : values[index]
        const output = list.children[i]?.querySelector('.value')
        if (output) output.textContent = value == null ? '–' : formatValue(value)
      }
    },
  }
}

/** Class of a line, of its area and of its entry in the legend. */
export function colourOf(index: number): string {
  return `s${index % COLOURS}${index < COLOURS ? '' : ' again'}`
}

// ---------------------------------------------------------------------------

const COLOURS = 8

function entry(label: string, colour: string, value = ''): HTMLElement {
  const swatch = element('i', { class: `swatch ${colour}`, 'aria-hidden': 'true' })
  return element(
    'li',
    {},
    swatch,
    element('span', { class: 'label' }, label),
    ' ',
    element('span', { class: 'value' }, value),
  )
}
