import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readConfiguration } from '../../functions/probe/configuration.ts'

const least = { PROBE_API: 'https://api.example.org/dynapi', PROBE_ZONE: 'Example.org' }
const responder = { PROBE_LOOKUP_FUNCTION: 'lookup', PROBE_SERVERS: '[{"host":"10.53.0.132","port":53}]' }
const read = { api: 'https://api.example.org/dynapi', zone: 'example.org.', name: 'namestream-probe.example.org.' }

describe('what is read', () => {
  test('API and zone', () => assert.deepEqual(readConfiguration(least), read))

  test('all', () => {
    assert.deepEqual(readConfiguration({ ...least, ...responder, PROBE_HOSTED_ZONE: 'Z1' }), {
      ...read,
      responder: { lookup: 'lookup', servers: [{ host: '10.53.0.132', port: 53 }] },
      hostedZone: 'Z1',
    })
  })

  test('empty is absent', () => {
    assert.deepEqual(readConfiguration({ ...least, PROBE_LOOKUP_FUNCTION: '', PROBE_HOSTED_ZONE: '' }), read)
  })
})

describe('what is wrong is an error that names the variable', () => {
  const bad: readonly [edit: Record<string, string | undefined>, variable: string][] = [
    [{ PROBE_API: undefined }, 'PROBE_API must be the URL'],
    [{ PROBE_API: 'dynapi' }, 'PROBE_API must'],
    [{ PROBE_ZONE: undefined }, 'PROBE_ZONE must name a zone'],
    [{ PROBE_ZONE: 'a..b' }, 'PROBE_ZONE must name a zone'],
    [{ PROBE_ZONE: 'a\\.b.example.org' }, 'PROBE_ZONE must name a zone that the probe can look up'],
    [{ ...responder, PROBE_SERVERS: undefined }, 'PROBE_SERVERS must be a JSON array'],
    [{ ...responder, PROBE_SERVERS: '10.53.0.132' }, 'PROBE_SERVERS must'],
    [{ ...responder, PROBE_SERVERS: '[]' }, 'PROBE_SERVERS must'],
    [{ ...responder, PROBE_SERVERS: '[{"host":"10.53.0.132"}]' }, 'PROBE_SERVERS must'],
  ]
  for (const [edit, variable] of bad) {
    test(JSON.stringify(edit), () => {
      const starts = `the environment variable ${variable}`
      assert.throws(
        () => readConfiguration({ ...least, ...edit }),
        (error: Error) => error.message.startsWith(starts) || assert.fail(error.message),
      )
    })
  }
})
