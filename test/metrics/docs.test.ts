/** docs/metrics.md has every metric as the catalogue has it, and tells truly how many series there are. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { startResponder } from '../../responder/responder.ts'
import { dynamoDbChangeLog } from '../../responder/sources/dynamodb.ts'
import { catalogue } from '../../shared/metrics/catalogue.ts'
import { apex } from '../contract/records.ts'
import { eventually } from '../eventually.ts'
import { deployFunctions } from './deployment.ts'
import { type Line, printed } from './printed.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/metrics.md'), 'utf8')

describe('the table of', () => {
  for (const [service, metrics] of Object.entries(catalogue)) {
    test(service, () => {
      const expected = Object.entries(metrics).map(([name, { unit, tells }]) => [`\`${name}\``, unit, tells])
      assert.deepEqual(rowsBelow(`### ${service}\n`), expected)
    })
  }

  test('no other service', () => {
    const headings = Array.from(page.matchAll(/^### (.*)$/gm), ([, heading]) => heading)
    assert.deepEqual(headings, Object.keys(catalogue))
  })
})

describe('series', async () => {
  const deployed = await deployFunctions(apex)
  const costs = new Map(rowsBelow('## Cost\n').map(([what = '', ...numbers]) => [what, numbers]))
  const { mirror, responder, ...others } = catalogue
  let idle = 0

  test('of an idle mirror with one zone, and leases', async () => {
    const { zones, hostedZone, responseUrl, context } = deployed
    const ResourceProperties = { zones: [{ zone: apex, hostedZone }] }
    await printed(() => zones({ RequestType: 'Create', ResponseURL: responseUrl, ResourceProperties } as never))
    const hour = async () => {
      for (const task of ['reconcile', 'drain'] as const) await deployed.mirror({ task }, context)
      await deployed.leases({ task: 'sweep' })
    }
    await printed(hour) // the first one sets the SOA minimum
    const { lines } = await printed(hour)
    idle = metricsIn(lines).size
    told('mirror and leases, idle', idle)
  })

  test('with an idle responder', async () => {
    const lines: Line[] = []
    const reports = { intervalMs: 20, write: (line: string) => void lines.push(JSON.parse(line)) }
    const source = dynamoDbChangeLog({ tell: assert.fail, intervalMs: 10 })
    const running = await startResponder({ source, dns: [{ host: '127.0.0.1', port: 0 }], reports })
    try {
      await running.ready
      await eventually(() => assert.ok(lines.some(({ Workers }) => Workers === 1)))
    } finally {
      await running.stop()
    }
    idle += metricsIn(lines).size
    told('with the responder, idle', idle)
  })

  test('of all there is', () => {
    const all = [mirror, responder, ...Object.values(others)].flatMap((metrics) => Object.keys(metrics))
    told('all there is', all.length)
    told('each further zone, all', Object.keys(mirror).length)
  })

  function told(what: string, series: number): void {
    assert.deepEqual(costs.get(what), [String(series), (series * 0.3).toFixed(2)], what)
  }
})

// ---------------------------------------------------------------------------

function metricsIn(lines: readonly Line[]): Set<string> {
  return new Set(lines.flatMap((line) => Object.keys(line).filter((name) => /^[A-Z]/.test(name))))
}

/** The cells of the table that follows a heading, row by row. */
function rowsBelow(heading: string): string[][] {
  assert.ok(page.includes(`\n${heading}`), heading)
  const [section = ''] = page.slice(page.indexOf(`\n${heading}`) + heading.length).split(/^#/m)
  const lines = section.split('\n').filter((line) => line.startsWith('| '))
  return lines.slice(1).map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))
}
