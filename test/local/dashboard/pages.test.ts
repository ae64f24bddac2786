/** The dashboard where it is served: beside the control pages of a responder, with an HTTP API in front of a function. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, type IncomingMessage, type RequestOptions, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, describe, test } from 'node:test'
import type { DashboardData } from '../../../local/dashboard/answer.ts'
import { createDashboard } from '../../../local/dashboard/dashboard.ts'
import { startHttpFront } from '../../../local/http/front.ts'
import { localDeployed } from '../../../local/metrics/deployed.ts'
import { Figures } from '../../../local/metrics/figures.ts'
import { REPORT_MS } from '../../../local/metrics/reports.ts'
import type { Endpoint } from '../../../responder/listeners/endpoint.ts'
import { startResponder } from '../../../responder/responder.ts'
import { zoneFiles } from '../../../responder/sources/zone-files.ts'
import { parseName } from '../../../shared/dns/name.ts'
import type { DashboardBody } from '../../../shared/metrics/body.ts'
import { eventually } from '../../eventually.ts'
import { askUdp } from '../../responder/client.ts'
import { parseExposition } from '../metrics/exposition.ts'

const ANY: Endpoint = { host: '127.0.0.1', port: 0 }
const told: string[] = []
const figures = new Figures(['sequencer'])
const dashboard = createDashboard(figures, (line) => told.push(line))
const { dns, port, api } = await startParts()
const started: { status: number; body: string }[] = []
for (const path of ['/dashboard/body.json', '/dashboard/data.json']) started.push(await get(path))
const before = await get('/metrics')
dashboard.start(localDeployed({ auth: false, mirror: false, probe: false, functions: false, zones: ['example.org.'] }))
after(() => {
  dashboard.stop()
  assert.deepEqual(told, [])
})

test('until the stack has started, it says so', () => {
  assert.deepEqual(
    started.map(({ status, body }) => [status, body]),
    [
      [503, 'the stack is starting\n'],
      [503, 'the stack is starting\n'],
    ],
  )
  assert.ok(!before.body.includes('namestream_dynapi'))
})

test('questions and requests are in the figures, and /metrics has the same', async () => {
  for (let i = 0; i < 7; i++) await askUdp(dns, 'www.example.org. A')
  await askUdp(dns, 'absent.example.org. A')
  for (const status of [200, 200, 404]) assert.equal((await fetch(`${api}/${status}`)).status, status)
  const body: DashboardBody = JSON.parse((await get('/dashboard/body.json')).body)
  const chart = (title: string) =>
    body.widgets.findIndex(({ properties }) => 'title' in properties && properties.title === title)
  const sums = async (title: string, seconds: number) => {
    const data = await ask('minutes=5')
    const widget = data.widgets[chart(title)]
    assert.ok(widget?.kind === 'lines')
    const sum = (values: readonly (number | null)[]) => values.reduce<number>((total, value) => total + (value ?? 0), 0)
    return Object.fromEntries(widget.lines.map(({ label, values }) => [label, Math.round(sum(values) * seconds)]))
  }
  await eventually(async () => {
    const { NOERROR, NXDOMAIN } = await sums('Answers by rcode', REPORT_MS / 1000)
    assert.deepEqual([NOERROR, NXDOMAIN], [7, 1])
  })
  await eventually(async () =>
    assert.deepEqual(await sums('Requests at the gateway', 1), { all: 3, '4xx': 1, '5xx': 0 }),
  )
  await eventually(async () => assert.equal((await sums('Invocations', 1)).dynapi, 3))

  const families = parseExposition((await get('/metrics')).body)
  const sample = (family: string, name: string) => families.get(family)?.samples.get(name)
  const rcode = 'coredns_dns_responses_total'
  assert.equal(sample(rcode, `${rcode}{rcode="NOERROR"}`), 7)
  assert.equal(sample('namestream_api_requests_total', 'namestream_api_requests_total'), 3)
  const invocations = 'namestream_function_invocations_total'
  assert.equal(sample(invocations, `${invocations}{function="dynapi"}`), 3)
})

test('data.json is of one moment, with complete periods', async () => {
  const { now, since, end, periodSeconds, periods, widgets, alarms } = await ask('minutes=5')
  assert.deepEqual([periodSeconds, periods], [5, 60])
  assert.ok(end <= now && now - end < 5000 && end % 5000 === 0 && since <= now)
  const body: DashboardBody = JSON.parse((await get('/dashboard/body.json')).body)
  assert.equal(widgets.length, body.widgets.length)
  const [list] = body.widgets.flatMap((widget) => (widget.type === 'alarm' ? [widget.properties.alarms] : []))
  assert.deepEqual(
    alarms.map(({ id }) => id),
    list,
  )
})

describe('a query', () => {
  const good: [query: string, periodSeconds: number, periods: number][] = [
    ['', 15, 60],
    ['minutes=1', 5, 12],
    ['minutes=6', 15, 24],
    ['minutes=15', 15, 60],
    ['minutes=16', 60, 16],
    ['minutes=60', 60, 60],
  ]
  for (const [query, ...expected] of good) {
    test(`?${query}`, async () => {
      const { periodSeconds, periods } = await ask(query)
      assert.deepEqual([periodSeconds, periods], expected)
    })
  }
  const range = 'minutes must be one whole number from 1 to 60\n'
  for (const [query, message] of [
    ['minutes=0', range],
    ['minutes=61', range],
    ['minutes=1e1', range],
    ['minutes=', range],
    ['minutes=5&minutes=5', range],
    ['minutes=-5', range],
    ['hours=1', 'there is no parameter "hours", only minutes\n'],
  ] as const) {
    test(`?${query} is refused`, async () => {
      const { status, body } = await get(`/dashboard/data.json?${query}`)
      assert.deepEqual([status, body], [400, message])
    })
  }
})

describe('the pages', () => {
  const types: [path: string, type: string, content: RegExp][] = [
    ['/dashboard', 'text/html; charset=utf-8', /^<!doctype html>/],
    ['/dashboard/style.css', 'text/css; charset=utf-8', /prefers-color-scheme: dark/],
    ['/dashboard/page.js', 'text/javascript; charset=utf-8', /data\.json\?minutes=/],
    ['/dashboard/icon.svg', 'image/svg+xml', /^<svg /],
    ['/dashboard/body.json', 'application/json', /^\{"start":/],
    ['/dashboard/data.json', 'application/json', /^\{"version":/],
  ]
  for (const [path, type, content] of types) {
    test(path, async () => {
      const { status, headers, body } = await get(path)
      assert.deepEqual([status, headers['content-type']], [200, type])
      assert.match(body, content)
      assert.match(
        String(headers['content-security-policy']),
        /^default-src 'none'; script-src 'self'; style-src 'self'; /,
      )
      const rest = ['x-content-type-options', 'x-frame-options', 'referrer-policy', 'cache-control']
      assert.deepEqual(
        rest.map((name) => headers[name]),
        ['nosniff', 'DENY', 'no-referrer', 'no-store'],
      )
      assert.deepEqual((await get(path, { method: 'HEAD' })).headers['content-type'], type)
    })
  }

  test('nothing in them is inline, and nothing comes from elsewhere', async () => {
    const html = (await get('/dashboard')).body
    assert.doesNotMatch(html, /style=|<style| on\w+=|<script(?![^>]* src=)/)
    for (const path of ['/dashboard', '/dashboard/style.css', '/dashboard/page.js', '/dashboard/icon.svg']) {
      const links = (await get(path)).body.match(/(https?:)?\/\/[\w-]+\.[\w.-]+[^\s"']*/g) ?? []
      assert.deepEqual(
        links.filter((link) => !link.startsWith('http://www.w3.org/2000/svg')),
        [],
        path,
      )
    }
  })

  test('/ leads there, and everything else is what it was', async () => {
    const { status, headers } = await get('/')
    assert.deepEqual([status, headers.location], [302, '/dashboard'])
    assert.equal((await get('/health')).body, 'OK\n')
    for (const path of ['/dashboards', '/dashboard/', '/dashboard/../health', '/dashboard/main.ts', '//', '/nothing']) {
      assert.equal((await get(path)).status, 404, path)
    }
  })

  test('they are read only', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await get('/dashboard/data.json', { method })
      assert.deepEqual([status, headers.allow], [405, 'GET, HEAD'])
    }
  })

  test('other sites, and names that were made to point here, are refused', async () => {
    for (const headers of [{ host: 'evil.example' }, { origin: 'https://evil.example' }, { origin: 'null' }]) {
      for (const path of ['/dashboard', '/dashboard/data.json', '/']) {
        const { status, body } = await get(path, { headers })
        assert.equal(status, 403)
        assert.ok(!body.includes('{'))
      }
    }
    assert.equal((await get('/dashboard', { headers: { host: `localhost:${port}` } })).status, 200)
    assert.equal((await get('/ready', { headers: { host: 'load-balancer.example' } })).status, 200)
  })
})

// ---------------------------------------------------------------------------

async function startParts() {
  const folder = mkdtempSync(join(tmpdir(), 'namestream-dashboard-'))
  const file = join(folder, 'zone')
  writeFileSync(file, '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nwww 300 A 192.0.2.1\n')
  const responder = await startResponder({
    source: zoneFiles([{ origin: parseName('example.org'), file }]),
    dns: [ANY],
    control: ANY,
    further: dashboard,
    reports: { intervalMs: REPORT_MS, write: (line) => figures.report(line) },
  })
  after(async () => {
    await responder.stop()
    rmSync(folder, { recursive: true })
  })
  const front = await startHttpFront({
    endpoint: ANY,
    fn: figures.measured({
      name: 'dynapi',
      handler: async ({ rawPath }: { rawPath: string }) => ({ statusCode: Number(rawPath.slice(1)) }),
      timeoutMs: 1000,
    }),
    log: (line) => told.push(line),
    answered: figures.answered,
  })
  after(() => front.close())
  const [dns = ANY] = await responder.ready
  return { dns, port: responder.control?.port ?? 0, api: `http://127.0.0.1:${front.endpoint.port}` }
}

interface Got {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A request as it is, with whatever path and headers: `fetch` would mend both. */
async function get(path: string, options: Pick<RequestOptions, 'method' | 'headers'> = {}): Promise<Got> {
  const sent = request({ host: '127.0.0.1', port, path, ...options }).end()
  const [response]: IncomingMessage[] = await once(sent, 'response')
  assert.ok(response)
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }
}

async function ask(query: string): Promise<DashboardData> {
  const { status, body } = await get(`/dashboard/data.json?${query}`)
  assert.equal(status, 200, body)
  return JSON.parse(body)
}
