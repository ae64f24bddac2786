import type { DashboardBody, PlacedWidget } from '../../../shared/metrics/body.ts'
import type { DashboardData } from '../answer.ts'
import { createAlarms } from './alarms.ts'
import { createChart, type Widget } from './chart.ts'
import { Cursor } from './cursor.ts'
import { byId, element } from './dom.ts'
import { startPoll } from './poll.ts'
import { chosenRange } from './range.ts'
import { createStatus } from './status.ts'
import { createTable } from './tasks.ts'
import { shownIn } from './window.ts'

const cursor = new Cursor()
const status = createStatus()
const range = chosenRange(() => poll.now())
let widgets: readonly Widget[] | undefined
let version: string | undefined

const poll = startPoll({
  minutes: () => range.minutes,
  heard: (data) => void show(data).catch(() => status.missed('gone')),
  missed: (reason) => status.missed(reason),
})
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && poll.now())

// ---------------------------------------------------------------------------

async function show(data: DashboardData): Promise<void> {
  if (version !== undefined && version !== data.version) return location.reload() // another stack, or another page
  version = data.version
  widgets ??= place(await (await fetch('/dashboard/body.json')).json())
  const shown = shownIn(data)
  for (const [i, widget] of widgets.entries()) widget.update(data.widgets[i] ?? { kind: 'none' }, shown)
  status.heard(data)
}

/** Puts the widgets on the page, in the columns that the body gives them. */
function place(body: DashboardBody): readonly Widget[] {
  const made = body.widgets.map((placed, i) => {
    const widget = create(placed, `w${i}`)
    widget.element.style.setProperty('--x', String(placed.x + 1))
    widget.element.style.setProperty('--width', String(placed.width))
    return widget
  })
  byId('widgets').replaceChildren(...made.map((widget) => widget.element))
  return made
}

function create(placed: PlacedWidget, id: string): Widget {
  switch (placed.type) {
    case 'metric':
      return createChart(placed.properties, id, cursor, (text) => {
        byId('reading').textContent = text
      })
    case 'log':
      return createTable(placed.properties, id)
    case 'alarm': {
      const alarms = createAlarms(placed.properties.title)
      status.watch((data) => alarms.update(data.alarms))
      return { element: alarms.element, update() {} }
    }
    case 'text':
      return { element: element('h2', {}, placed.properties.markdown.replace(/^#+ /, '')), update() {} }
  }
}
