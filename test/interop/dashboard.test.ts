/** The dashboard in a real browser, on a whole stack. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { chromium, type Page } from 'playwright-core'
import { put, type RunningStack, startStack } from '../e2e/stack.ts'
import { eventually } from '../eventually.ts'
import { parseExposition } from '../local/metrics/exposition.ts'
import { pathOf } from '../machine.ts'
import { askUdp } from '../responder/client.ts'
import { readPng } from './png.ts'
import { testWith } from './tools.ts'

const BROWSER = process.env.CHROMIUM ?? 'chromium'
const PERIOD_SECONDS = 5
const WIDTHS = [390, 1280, 2560]

testWith([BROWSER], 'registrations and questions are seen, as /metrics has them, and so is the end', async () => {
  const stack = await startStack('--ephemeral', '--zone', 'example.org')
  const page = await openPage()
  const seen = watch(page)
  await use(stack)
  await page.goto(`${stack.health}/dashboard?minutes=5`)

  const metrics = await metricsOf(stack)
  const answers = (rcode: string) => metrics(`coredns_dns_responses_total{rcode="${rcode}"}`)
  assert.deepEqual([answers('NOERROR'), answers('NXDOMAIN')], [30, 5])
  await eventually(async () => {
    const { NOERROR = 0, NXDOMAIN = 0 } = await sums(page, 'Answers by rcode')
    assert.deepEqual(
      [NOERROR, NXDOMAIN].map((rate) => Math.round(rate * PERIOD_SECONDS)),
      [30, 5],
    )
  })
  await eventually(async () => {
    const { all, '4xx': refused } = await sums(page, 'Requests at the gateway')
    assert.deepEqual(
      [all, refused],
      [metrics('namestream_api_requests_total'), metrics('namestream_api_client_errors_total')],
    )
  })
  await eventually(async () => {
    const { dynapi } = await sums(page, 'Invocations')
    assert.equal(dynapi, metrics('namestream_function_invocations_total{function="dynapi"}'))
  })
  await eventually(async () => {
    const { served } = await legend(page, 'Names')
    assert.equal(served, String(metrics('namestream_names')))
  })
  assert.ok(metrics('namestream_function_iterator_age_seconds{function="sequencer"}') < 20)
  assert.deepEqual(await page.getByRole('region', { name: 'Each task' }).getByRole('rowheader').allTextContents(), [
    'local',
  ])

  await assertAccessible(page)
  await takePictures(page)
  assert.deepEqual(seen.complaints, [])
  assert.deepEqual([...seen.hosts], [new URL(stack.health).host])

  await stack.stop()
  await page
    .getByRole('status')
    .getByText(/^no connection since \d\d:\d\d:\d\d$/)
    .waitFor()
  await picture(page, 'gone')
  await startStack('--ephemeral', '--zone', 'example.org', '--health', new URL(stack.health).host)
  await page.getByRole('status').getByText('live').waitFor()
})

// ---------------------------------------------------------------------------

/** Four names that are registered, one that is refused, 30 questions for the first and 5 for one that is not there. */
async function use(stack: RunningStack): Promise<void> {
  for (const name of ['a', 'b', 'c', 'd']) {
    assert.equal(await put(stack, { zone: 'example.org.', name, type: 'A', address: '192.0.2.1' }), '200 OK')
  }
  assert.match(await put(stack, { zone: 'elsewhere.example.', name: 'a', type: 'A', address: '192.0.2.1' }), /^4/)
  await eventually(async () => {
    const { body } = await fetch(`${stack.health}/metrics`)
    assert.match(await new Response(body).text(), /^namestream_names 4$/m)
  })
  for (let i = 0; i < 30; i++) assert.equal((await askUdp(stack.dns, 'a.example.org A')).answer.length, 1)
  for (let i = 0; i < 5; i++) await askUdp(stack.dns, 'absent.example.org A')
}

/** Gives the value of a sample of /metrics as of now. */
async function metricsOf(stack: RunningStack): Promise<(sample: string) => number> {
  const families = parseExposition(await (await fetch(`${stack.health}/metrics`)).text())
  const samples = new Map([...families.values()].flatMap(({ samples }) => [...samples]))
  return (sample) => samples.get(sample) ?? assert.fail(`there is no ${sample}`)
}

async function openPage(): Promise<Page> {
  const browser = await chromium.launch({
    executablePath: pathOf(BROWSER) ?? '',
    chromiumSandbox: process.getuid?.() !== 0, // Chromium has none for root
  })
  after(() => browser.close())
  return browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' })
}

/** What the page complains about, and whom it asks. */
function watch(page: Page) {
  const complaints: string[] = []
  const hosts = new Set<string>()
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => hosts.add(new URL(request.url()).host))
  return { complaints, hosts }
}

/** The sum of all points of each line, read with the keyboard. */
async function sums(page: Page, title: string): Promise<Record<string, number>> {
  const plot = page.getByRole('figure', { name: title, exact: true }).getByRole('img')
  const total: Record<string, number> = {}
  await plot.focus()
  await plot.press('Home')
  for (let period = 0; period < 60; period++) {
    for (const [label, value] of Object.entries(await legend(page, title))) {
      total[label] = (total[label] ?? 0) + (value === '–' ? 0 : Number(value.replaceAll(',', '')))
    }
    await plot.press('ArrowRight')
  }
  await plot.press('Escape')
  return total
}

/** The values in the legend of a chart, by label. */
async function legend(page: Page, title: string): Promise<Record<string, string>> {
  const figure = page.getByRole('figure', { name: title, exact: true })
  const entries = await figure.getByRole('listitem').allTextContents()
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.lastIndexOf(' ')), entry.slice(entry.lastIndexOf(' ') + 1)]),
  )
}

async function assertAccessible(page: Page): Promise<void> {
  const plot = page.getByRole('img', { name: /^Answers by rcode, a second\. NOERROR: \S+, at most \S+; NXDOMAIN: / })
  await plot.press('End')
  assert.match((await page.locator('#reading').textContent()) ?? '', /^\d\d:\d\d:\d\d: NOERROR \S+, NXDOMAIN/)
  await plot.press('Escape')
  await page.getByRole('radio', { name: '5 min', exact: true }).press('ArrowRight')
  assert.ok(await page.getByRole('radio', { name: '15 min', exact: true }).isChecked())
  await page.getByText(/^Each point is 15 s,/).waitFor()
  assert.equal(new URL(page.url()).search, '?minutes=15')
  await page.getByRole('radio', { name: '15 min', exact: true }).press('ArrowLeft')
  await page.getByText(/^Each point is 5 s,/).waitFor()
  const runbook = page.getByText(/^The responder answers SERVFAIL\./)
  assert.equal(await runbook.isVisible(), false)
  const alarm = page.locator('summary', { hasText: /^ServFail OK$/ })
  await alarm.press('Enter')
  assert.ok(await runbook.isVisible())
  await alarm.press('Enter')
}

async function takePictures(page: Page): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const { width: taken, height } = await picture(page, `${width}-${colorScheme}`)
      assert.equal(taken, width)
      assert.ok(height > 900)
    }
  }
}

/** Takes a picture of the whole page, and looks whether there is something on it. */
async function picture(page: Page, name: string) {
  const read = readPng(await page.screenshot({ fullPage: true, path: join(folder(), `dashboard-${name}.png`) }))
  assert.ok(read.variety > 50, `${name} shows nothing`)
  return read
}

let chosen: string | undefined

/** Where pictures are kept if somebody wants to see them. */
function folder(): string {
  if (chosen !== undefined) return chosen
  const { NAMESTREAM_SCREENSHOTS: wanted } = process.env
  if (wanted) mkdirSync(wanted, { recursive: true })
  const made = wanted || mkdtempSync(join(tmpdir(), 'namestream-screenshots-'))
  if (!wanted) after(() => rmSync(made, { recursive: true }))
  chosen = made
  return made
}
