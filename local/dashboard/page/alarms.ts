import type { AlarmData, AlarmState } from '../answer.ts'
import { element } from './dom.ts'
import { formatSecond } from './times.ts'

export interface AlarmList {
  readonly element: HTMLElement
  update(alarms: readonly AlarmData[]): void
}

/** The alarms, each with what it means and what to do behind it. Those that are OK stand back, on a phone behind a word. */
export function createAlarms(title: string): AlarmList {
  const counts = element('span', { class: 'unit' })
  const pressing = element('div', { class: 'alarms' })
  const fine = element('div', { class: 'alarms' })
  const open = !matchMedia('(max-width: 700px)').matches
  const rest = element('details', { class: 'rest', open }, element('summary', {}, 'those that are OK'), fine)
  const entries = new Map<string, Entry>()
  const heading = element('div', { class: 'heading' }, element('h2', { id: 'alarms' }, title), counts)
  return {
    element: element('section', { 'aria-labelledby': 'alarms' }, heading, pressing, rest),
    update(alarms) {
      counts.textContent = summaryOf(alarms)
      for (const alarm of alarms) {
        const entry = entries.get(alarm.id) ?? createEntry(alarm)
        entries.set(alarm.id, entry)
        entry.update(alarm)
      }
      const elements = (isFine: boolean) =>
        alarms.filter(({ state }) => (state === 'ok') === isFine).flatMap(({ id }) => entries.get(id)?.element ?? [])
      hold(pressing, elements(false))
      hold(fine, elements(true))
    },
  }
}

/** How many alarms are in which state, in words. */
export function summaryOf(alarms: readonly AlarmData[]): string {
  const parts = (['alarm', 'no data', 'ok'] as const).flatMap((state) => {
    const count = alarms.filter((alarm) => alarm.state === state).length
    return count === 0 ? [] : [`${count} ${WORDS[state]}`]
  })
  return parts.join(', ')
}

// ---------------------------------------------------------------------------

const WORDS: Readonly<Record<AlarmState, string>> = { alarm: 'raised', ok: 'OK', 'no data': 'without data yet' }
const SHORT: Readonly<Record<AlarmState, string>> = { alarm: 'ALARM', ok: 'OK', 'no data': 'no data yet' }

/** Puts elements into a list, unless they are what it holds: what is moved would lose the focus. */
function hold(list: Element, elements: readonly Element[]): void {
  const isHeld = list.childElementCount === elements.length && elements.every((one, i) => one === list.children[i])
  if (!isHeld) list.replaceChildren(...elements)
}

interface Entry {
  readonly element: HTMLElement
  update(alarm: AlarmData): void
}

function createEntry({ id, condition, runbook }: AlarmData): Entry {
  const state = element('span', { class: 'state' })
  const since = element('p', { class: 'since' })
  const details = element(
    'details',
    { class: 'entry' },
    element(
      'summary',
      {},
      element('i', { class: 'light', 'aria-hidden': 'true' }),
      element('span', {}, id),
      ' ',
      state,
    ),
    element(
      'div',
      { class: 'runbook' },
      since,
      element('p', { class: 'condition' }, condition),
      element('p', {}, runbook),
    ),
  )
  return {
    element: details,
    update(alarm) {
      details.dataset.state = alarm.state
      state.textContent = SHORT[alarm.state]
      since.textContent = `${SHORT[alarm.state]} since ${formatSecond(alarm.since)}`
    },
  }
}
