import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { samplesOf } from '../../../local/metrics/emf.ts'

const line = (fields: object, directive: object = {}) =>
  JSON.stringify({
    _aws: {
      Timestamp: 1000,
      CloudWatchMetrics: [
        { Namespace: 'N', Dimensions: [['service']], Metrics: [{ Name: 'a', Unit: 'Count' }], ...directive },
      ],
    },
    service: 's',
    ...fields,
  })

test('a value, and several', () => {
  const metric = { namespace: 'N', name: 'a', dimensions: { service: 's' } }
  assert.deepEqual(samplesOf(line({ a: 1.5 })), [{ metric, value: 1.5, at: 1000 }])
  assert.deepEqual(
    samplesOf(line({ a: [1, 2, 2] }))?.map(({ value }) => value),
    [1, 2, 2],
  )
})

test('each set of dimensions is a metric of its own', () => {
  const samples = samplesOf(line({ a: 1, zone: 'z' }, { Dimensions: [['service', 'zone'], []] }))
  assert.deepEqual(
    samples?.map(({ metric }) => metric.dimensions),
    [{ service: 's', zone: 'z' }, {}],
  )
})

test('what is described and not there, or no number, is no value', () => {
  assert.deepEqual(samplesOf(line({})), [])
  assert.deepEqual(samplesOf(line({ a: 'text' })), [])
})

describe('another line', () => {
  for (const text of [
    '',
    'a warning about "_aws"',
    '{"message":"of \\"_aws\\""}',
    '{"_aws":1}',
    '{"_aws":{"Timestamp":"now","CloudWatchMetrics":[]}}',
    '{"_aws":{"Timestamp":1,"CloudWatchMetrics":[{"Namespace":"N","Dimensions":["service"],"Metrics":[]}]}}',
    `${line({ a: 1 })} and more`,
  ]) {
    test(JSON.stringify(text).slice(0, 60), () => assert.equal(samplesOf(text), undefined))
  }
})
