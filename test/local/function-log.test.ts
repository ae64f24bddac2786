import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { keepFunctionLog } from '../../local/function-log.ts'
import { samplesOf } from '../../local/metrics/emf.ts'
import { eventually } from '../eventually.ts'

const folder = mkdtempSync(join(tmpdir(), 'namestream-log-'))
after(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'new', 'functions.log')
const taken: string[] = []
keepFunctionLog(file, (line) => samplesOf(line) !== undefined && taken.push(line) > 0)
const { Logger } = await import('@aws-lambda-powertools/logger')
const { Metrics } = await import('@aws-lambda-powertools/metrics')

test('warnings and what is printed go into the file, metrics do not', async () => {
  const metrics = new Metrics({ namespace: 'Namestream', serviceName: 'dynapi' })
  metrics.addMetric('Registered', 'Count', 1)
  metrics.publishStoredMetrics()
  const log = new Logger({ serviceName: 'dynapi' })
  log.info('of no matter')
  log.warn('a warning', { about: { _aws: 1 } })
  log.error('an error')
  await eventually(() => assert.match(readFileSync(file, 'utf8'), /"a warning"[\s\S]*"an error"/))
  const text = readFileSync(file, 'utf8')
  assert.doesNotMatch(text, /Registered|of no matter/)
  assert.equal(taken.length, 1)
  assert.deepEqual(
    samplesOf(taken[0] ?? '')?.map(({ metric, value }) => [metric.name, metric.dimensions, value]),
    [['Registered', { service: 'dynapi' }, 1]],
  )
})
