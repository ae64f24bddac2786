/** The alarms are ones that CloudWatch takes, on metrics that somebody writes; docs/alarms.md has them all. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Alarm, alarmsOf } from '../../shared/metrics/alarms.ts'
import { NAMESPACE } from '../../shared/metrics/catalogue.ts'
import { nxDomainShare } from '../../shared/metrics/nxdomain-share.ts'
import { everything, largest, least, local } from './deployed.ts'
import { isKnown } from './known.ts'

const alarms = alarmsOf(everything)

test('an alarm is on a metric that somebody writes', () => {
  for (const { id, metric } of alarms) assert.ok(isKnown(metric), `${id}: ${metric.namespace} ${metric.name}`)
  for (const { of } of Object.values(nxDomainShare.parts)) {
    for (const { metric } of of(everything)) assert.ok(isKnown(metric), metric.name)
  }
})

test('ids are unique, run-books within 1,024 characters, and periods such as CloudWatch has them', () => {
  const all = [...alarmsOf(largest), nxDomainShare]
  assert.equal(new Set(all.map(({ id }) => id)).size, all.length)
  for (const { id, runbook, periodSeconds, periods, of } of all) {
    assert.ok(runbook.length >= 100 && runbook.length <= 1024, `${id}: ${runbook.length}`)
    assert.ok(periodSeconds % 60 === 0 && periods >= 1 && periods <= of && periodSeconds * of <= 86_400, id)
  }
})

test('where a part is absent nothing waits for its metrics', () => {
  const without = alarmsOf(least).filter(({ missing }) => missing === 'breaching')
  assert.deepEqual(without, [])
  const onAws = alarmsOf(local).filter(({ metric }) => metric.namespace === 'AWS/NetworkELB')
  assert.deepEqual(onAws, [])
})

test('docs/alarms.md has each alarm: when it is raised, and what to do', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/alarms.md'), 'utf8')
  const rules = new Map(alarms.toReversed().map((alarm) => [rule(alarm.id), alarm]))
  const expected = [...rules.values()].toReversed().map((alarm) => row(rule(alarm.id), when(alarm), alarm.runbook))
  const { id, periodSeconds, periods, runbook, band } = nxDomainShare
  const share = `share of \`NxDomain\` in \`Queries\` of \`responder\`, each ${periodSeconds} s: more than ${band} standard deviations above what is usual, ${periods} times`
  expected.push(row(id, share, runbook))
  const found = page.split('\n').filter((line) => line.startsWith('| `'))
  assert.deepEqual(found, expected, `the table must be:\n${expected.join('\n')}`)
})

// ---------------------------------------------------------------------------

/** An id without the zone, function or queue. */
function rule(id: string): string {
  return id.replace(/ .*$/, '')
}

function row(id: string, raised: string, runbook: string): string {
  return `| \`${id}\` | ${raised} | ${runbook} |`
}

function when({ metric, statistic, comparison, threshold, periodSeconds, periods, of, missing }: Alarm): string {
  const whose = metric.namespace === NAMESPACE ? metric.dimensions.service : metric.namespace
  const times = of === 1 ? 'once' : periods === of ? `${periods} times` : `${periods} of ${of} times`
  const silence = missing === 'breaching' ? ', or nothing is told' : ''
  return `\`${metric.name}\` of \`${whose}\`, ${statistic.toLowerCase()} of ${periodSeconds} s ${comparison} ${threshold}, ${times}${silence}`
}
