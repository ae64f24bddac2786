import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { NO_COUNTS } from '../../shared/mirror/no-counts.ts'
import type { StatePatch } from '../../shared/mirror/ports.ts'
import {
  at,
  HOSTED_ZONE,
  insync,
  type MirrorApi,
  mirrorApi,
  NOW,
  type Options,
  pending,
  refusal,
  ZONE_PATH,
} from './api.ts'

const IDLE = {
  zone: 'example.org.',
  hostedZone: 'Z1',
  status: 'INSYNC',
  lag: 0,
  names: { pending: 0, quarantined: 0 },
  quarantined: [],
  reconcile: { running: false },
  adoption: { running: false },
}
const BATCH = { id: 'C1', at: NOW - 2_000, names: 3, values: 6, characters: 90, lagMs: 1_234 }
const TOLD_BATCH = { id: 'C1', acceptedAt: '2025-12-31T23:59:58.000Z', names: 3, values: 6, characters: 90, lag: 1.234 }
const FAULT = { code: 'NoSuchHostedZone', message: 'No hosted zone found', since: NOW - 60_000, retryAt: NOW + 60_000 }
const WALK = { startedAt: NOW - 4_000, overwrite: true, counts: { ...NO_COUNTS, sets: 9, owned: 4, foreign: 3 } }
const COUNTED = { sets: 9, owned: 4, foreign: 3 }
const STARTED = '2025-12-31T23:59:56.000Z'
const ENDED = '2025-12-31T23:59:59.000Z'

const wait = (label: string, ms: number) => (api: MirrorApi) =>
  api.store.mark(HOSTED_ZONE, [{ name: at(label), at: NOW - ms }])
const refuse = (label: string) => (api: MirrorApi) =>
  api.putRow(label, { refused: { TXT: refusal('invalid', `no ${label}`) }, version: 1 })
const note = (patch: StatePatch) => (api: MirrorApi) => api.store.note(HOSTED_ZONE, patch)
const quarantined = (label: string) => ({
  name: `${label}.example.org.`,
  type: 'TXT',
  code: 'invalid',
  message: `no ${label}`,
  since: '2025-12-31T23:59:55.000Z',
})

type Case = readonly [title: string, steps: readonly ((api: MirrorApi) => Promise<void>)[], told: object, Options?]

const cases: readonly Case[] = [
  ['nothing was ever done', [], {}],
  [
    'names wait: the oldest one tells the lag',
    [wait('a', 500), wait('b', 2_750), wait('c', 0)],
    { status: 'PENDING', lag: 2.75, names: { pending: 3, quarantined: 0 } },
  ],
  [
    'the last batch is not on all name servers',
    [note({ lastBatch: BATCH })],
    { status: 'PENDING', lastBatch: { ...TOLD_BATCH, status: 'PENDING' } },
  ],
  [
    'the last batch is on all name servers',
    [note({ lastBatch: BATCH })],
    { lastBatch: { ...TOLD_BATCH, status: 'INSYNC' } },
    { aws: insync },
  ],
  [
    'names are quarantined, and others wait',
    [wait('a', 500), refuse('x'), refuse('b')],
    {
      status: 'QUARANTINED',
      lag: 0.5,
      names: { pending: 1, quarantined: 2 },
      quarantined: [quarantined('b'), quarantined('x')],
    },
  ],
  [
    'the hosted zone takes nothing',
    [wait('a', 500), refuse('x'), note({ fault: FAULT })],
    {
      status: 'FAULT',
      lag: 0.5,
      names: { pending: 1, quarantined: 1 },
      fault: { ...FAULT, since: '2025-12-31T23:59:00.000Z', retryAt: '2026-01-01T00:01:00.000Z' },
      quarantined: [quarantined('x')],
    },
  ],
  [
    'a reconcile is under way',
    [note({ walk: { kind: 'reconcile', ...WALK } })],
    { reconcile: { running: true, startedAt: STARTED, ...COUNTED, missing: 0, changed: 0, unmirrored: 0 } },
  ],
  [
    'a reconcile has ended',
    [note({ reconciled: { ...WALK.counts, changed: 2, startedAt: WALK.startedAt, endedAt: NOW - 1_000 } })],
    {
      reconcile: {
        running: false,
        startedAt: STARTED,
        endedAt: ENDED,
        ...COUNTED,
        missing: 0,
        changed: 2,
        unmirrored: 0,
      },
    },
  ],
  [
    'an adoption is under way after another one',
    [
      note({ adopted: { ...NO_COUNTS, startedAt: 0, endedAt: 1 } }),
      note({ walk: { kind: 'adopt', ...WALK, counts: { ...WALK.counts, remarks: ['h.example.org. A: why'] } } }),
    ],
    {
      adoption: {
        running: true,
        startedAt: STARTED,
        overwrite: true,
        ...COUNTED,
        imported: 0,
        conflicts: 0,
        skipped: 0,
        remarks: ['h.example.org. A: why'],
      },
    },
  ],
  [
    'an adoption has ended',
    [note({ adopted: { ...WALK.counts, imported: 3, startedAt: WALK.startedAt, endedAt: NOW - 1_000 } })],
    {
      adoption: {
        running: false,
        startedAt: STARTED,
        endedAt: ENDED,
        ...COUNTED,
        imported: 3,
        conflicts: 0,
        skipped: 0,
        remarks: [],
      },
    },
  ],
]

describe('the status of a zone', () => {
  for (const [title, steps, told, options = { aws: pending }] of cases) {
    test(title, async () => {
      const api = await mirrorApi(options)
      for (const step of steps) await step(api)
      assert.deepEqual(await api.send('GET', ZONE_PATH), { status: 200, headers: {}, json: { ...IDLE, ...told } })
    })
  }

  test('pages of quarantined names', async () => {
    const api = await mirrorApi()
    const labels = Array.from({ length: 201 }, (_, i) => `h${String(i).padStart(3, '0')}`)
    for (const label of labels) await refuse(label)(api)
    const pages: string[][] = []
    for (let query = ''; ; ) {
      const { json } = await api.send('GET', `${ZONE_PATH}${query}`)
      assert.equal(json.names.quarantined, 201)
      pages.push(json.quarantined.map(({ name }: { name: string }) => name))
      if (json.next === undefined) break
      query = `?after=${json.next.toUpperCase()}`
    }
    assert.deepEqual(
      pages.map(({ length }) => length),
      [100, 100, 1],
    )
    assert.deepEqual(pages.flat(), labels.map(at))
  })
})
