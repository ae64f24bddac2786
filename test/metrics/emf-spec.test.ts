/** The check of lines is one that can fail. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faultsOf, strangersIn } from './emf-spec.ts'

const metric = { Name: 'Changes', Unit: 'Count' }
const directive = { Namespace: 'Namestream', Dimensions: [['service']], Metrics: [metric] }
const aws = { Timestamp: 1_700_000_000_000, CloudWatchMetrics: [directive] }
const good = { _aws: aws, service: 'sequencer', Changes: 3 }
const directed = (change: object) => ({ ...good, _aws: { ...aws, CloudWatchMetrics: [{ ...directive, ...change }] } })

test('good lines', () => {
  const zoned = {
    ...directed({ Dimensions: [['zone', 'service']], Metrics: [{ Name: 'MirrorLag', Unit: 'Milliseconds' }] }),
  }
  const { Changes: _, ...mirror } = { ...zoned, service: 'mirror', zone: 'example.org.', MirrorLag: [1, 2.5] }
  for (const line of [good, { ...good, Changes: [1, 0] }, mirror]) {
    assert.deepEqual([faultsOf(line), strangersIn(line)], [[], []])
  }
})

describe('lines that CloudWatch would not take', () => {
  const bad: Readonly<Record<string, Record<string, unknown>>> = {
    'no metadata': { service: 'sequencer', Changes: 3 },
    'no directive': { ...good, _aws: { ...aws, CloudWatchMetrics: [] } },
    'a time in seconds': { ...good, _aws: { ...aws, Timestamp: 1_700_000_000 } },
    'a time in text': { ...good, _aws: { ...aws, Timestamp: '2026-01-01' } },
    'no namespace': directed({ Namespace: '' }),
    'the namespace of AWS': directed({ Namespace: 'AWS/Lambda' }),
    'no set of dimensions': directed({ Dimensions: [] }),
    'dimensions that are no sets': directed({ Dimensions: ['service'] }),
    'too many dimensions': directed({ Dimensions: [Array.from({ length: 31 }, () => 'service')] }),
    'a dimension without value': directed({ Dimensions: [['service', 'zone']] }),
    'a dimension that is a number': { ...good, service: 7 },
    'an empty dimension': { ...good, service: '' },
    'a dimension beyond ASCII': { ...good, service: 'zürich' },
    'a member that is not in the format': directed({ Comment: 'x' }),
    'no metric': directed({ Metrics: [] }),
    'too many metrics': directed({ Metrics: Array.from({ length: 101 }, () => metric) }),
    'a unit that there is not': directed({ Metrics: [{ Name: 'Changes', Unit: 'Changes' }] }),
    'no unit': directed({ Metrics: [{ Name: 'Changes' }] }),
    'a resolution that there is not': directed({ Metrics: [{ ...metric, StorageResolution: 10 }] }),
    'a metric twice': directed({ Metrics: [metric, metric] }),
    'a metric that is a dimension': { ...directed({ Metrics: [{ Name: 'service', Unit: 'Count' }] }), service: '7' },
    'no value': { _aws: aws, service: 'sequencer' },
    'a value in text': { ...good, Changes: '3' },
    'a value that is none': { ...good, Changes: null },
    'values one of which is none': { ...good, Changes: [1, null] },
    'no values': { ...good, Changes: [] },
    'too many values': { ...good, Changes: Array.from({ length: 101 }, () => 1) },
  }
  for (const [what, line] of Object.entries(bad)) test(what, () => assert.notDeepEqual(faultsOf(line), []))
})

describe('lines that are not ours', () => {
  const strange: Readonly<Record<string, Record<string, unknown>>> = {
    'another namespace': directed({ Namespace: 'Other' }),
    'a zone that is none of the mirror': { ...directed({ Dimensions: [['service', 'zone']] }), zone: 'example.org.' },
    'no zone of the mirror': {
      ...directed({ Metrics: [{ Name: 'MirrorLag', Unit: 'Milliseconds' }] }),
      service: 'mirror',
    },
    'another dimension': { ...directed({ Dimensions: [['service', 'task']] }), task: '1' },
    'two sets': directed({ Dimensions: [['service'], []] }),
    'another service': { ...good, service: 'resolver' },
    'a metric of another service': { ...good, service: 'dynapi' },
    'another unit': directed({ Metrics: [{ Name: 'Changes', Unit: 'Bytes' }] }),
    'a member that is no metric': { ...good, note: 'x' },
  }
  for (const [what, line] of Object.entries(strange)) test(what, () => assert.notDeepEqual(strangersIn(line), []))
})
