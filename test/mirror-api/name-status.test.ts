import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Inflight, MirrorRow } from '../../shared/mirror/model.ts'
import type { RRsets } from '../../shared/records/model.ts'
import {
  address,
  at,
  change,
  HOSTED_ZONE,
  insync,
  mirrorApi,
  NOW,
  type Options,
  pathOf,
  pending,
  refusal,
  text,
} from './api.ts'

const OLD = address('192.0.2.1')
const NEW = address('192.0.2.2')
/** Of a type that Route 53 has no place for. */
const DNAME: RRsets = { DNAME: { ttl: 60, rdata: ['example.net.'] } }
const WORDS = 'Invalid Resource Record: FATAL problem'

interface Case {
  readonly title: string
  /** The version that is registered, and its RRsets. */
  readonly registered?: readonly [number, RRsets]
  readonly row?: Partial<MirrorRow>
  readonly aws?: Options['aws']
  /** A version that is being sent. */
  readonly sending?: number
  /** What is told: status, that of the change, mirrored types, quarantined types with their codes. */
  readonly told: readonly [status: string, change: string | undefined, mirrored: string, quarantined: string]
  /** How often AWS is asked; 0 if not told. */
  readonly questions?: number
}

const cases: readonly Case[] = [
  {
    title: 'registered, and the mirror knows nothing of it yet',
    registered: [1, OLD],
    told: ['PENDING', undefined, '', ''],
  },
  {
    title: 'registered anew, and the mirror has an earlier version: AWS is not asked about its change',
    registered: [2, NEW],
    row: { applied: OLD, version: 1, ...change('C1', 1_000) },
    aws: insync,
    told: ['PENDING', 'PENDING', 'A', ''],
  },
  {
    title: 'accepted, and not on all name servers',
    registered: [1, OLD],
    row: { applied: OLD, version: 1, ...change('C1', 1_000) },
    told: ['PENDING', 'PENDING', 'A', ''],
    questions: 1,
  },
  {
    title: 'on all name servers',
    registered: [1, OLD],
    row: { applied: OLD, version: 1, ...change('C1', 1_000) },
    aws: insync,
    told: ['INSYNC', 'INSYNC', 'A', ''],
    questions: 1,
  },
  {
    title: 'AWS has no answer for it',
    registered: [1, OLD],
    row: { applied: OLD, version: 1, ...change('C1', 1_000) },
    aws: () => ({ kind: 'throttled' }),
    told: ['PENDING', 'PENDING', 'A', ''],
    questions: 1,
  },
  {
    title: 'AWS does not answer in time',
    registered: [1, OLD],
    row: { applied: OLD, version: 1, ...change('C1', 1_000) },
    aws: () => new Promise<never>(() => {}),
    told: ['PENDING', 'PENDING', 'A', ''],
    questions: 1,
  },
  {
    title: 'accepted a day ago: without asking',
    registered: [1, OLD],
    row: { applied: OLD, version: 1, ...change('C1', 24 * 3_600_000) },
    told: ['INSYNC', 'INSYNC', 'A', ''],
  },
  {
    title: 'found done after its answer was lost, just now',
    registered: [1, OLD],
    row: { applied: OLD, version: 1, ...change(undefined, 59_999) },
    told: ['PENDING', 'PENDING', 'A', ''],
  },
  {
    title: 'found done after its answer was lost, a minute ago',
    registered: [1, OLD],
    row: { applied: OLD, version: 1, ...change(undefined, 60_000) },
    told: ['INSYNC', 'INSYNC', 'A', ''],
  },
  {
    title: 'adopted, and never changed',
    registered: [1, OLD],
    row: { applied: OLD },
    told: ['INSYNC', undefined, 'A', ''],
  },
  {
    title: 'registered anew with what is there already',
    registered: [7, OLD],
    row: { applied: OLD, version: 1, ...change('C1', 1_000) },
    aws: insync,
    told: ['INSYNC', 'INSYNC', 'A', ''],
    questions: 1,
  },
  {
    title: 'the same while a batch with what it was in between is being sent',
    registered: [7, OLD],
    row: { applied: OLD, version: 1, ...change('C1', 1_000) },
    aws: insync,
    sending: 6,
    told: ['PENDING', 'PENDING', 'A', ''],
  },
  {
    title: 'a batch that is noted already does not count as being sent',
    registered: [7, OLD],
    row: { applied: OLD, version: 7, ...change('C1', 1_000) },
    aws: insync,
    sending: 7,
    told: ['INSYNC', 'INSYNC', 'A', ''],
    questions: 1,
  },
  {
    title: 'drift: Route 53 was found to hold other data than the version stands for',
    registered: [1, OLD],
    row: { applied: {}, version: 1, ...change('C1', 1_000) },
    told: ['PENDING', 'PENDING', '', ''],
  },
  {
    title: 'refused',
    registered: [1, { ...OLD, ...text('"x"') }],
    row: { applied: OLD, refused: { TXT: refusal('invalid', WORDS) }, version: 1, ...change('C1', 1_000) },
    told: ['QUARANTINED', 'PENDING', 'A', 'TXT invalid'],
    questions: 1,
  },
  {
    title: 'refused, but registered anew since then',
    registered: [2, text('"y"')],
    row: { refused: { TXT: refusal('foreign', WORDS) }, version: 1 },
    told: ['PENDING', undefined, '', ''],
  },
  {
    title: 'refused, and no longer registered',
    registered: [2, OLD],
    row: { applied: OLD, refused: { TXT: refusal('foreign', WORDS) }, version: 1, ...change('C1', 1_000) },
    aws: insync,
    told: ['INSYNC', 'INSYNC', 'A', ''],
    questions: 1,
  },
  {
    title: 'of a kind that Route 53 never takes, before the mirror has looked at it',
    registered: [1, DNAME],
    told: ['QUARANTINED', undefined, '', 'DNAME unsupported'],
  },
  {
    title: 'the same beside what it takes: that comes first',
    registered: [1, { ...OLD, ...DNAME }],
    told: ['PENDING', undefined, '', 'DNAME unsupported'],
  },
  {
    title: 'deleted, and still there',
    registered: [2, {}],
    row: { applied: OLD, version: 1, ...change('C1', 1_000) },
    told: ['PENDING', 'PENDING', 'A', ''],
  },
  {
    title: 'deleted, and the deletion is not on all name servers',
    registered: [2, {}],
    row: { version: 2, ...change('C2', 1_000) },
    told: ['PENDING', 'PENDING', '', ''],
    questions: 1,
  },
  {
    title: 'deleted everywhere',
    registered: [2, {}],
    row: { version: 2, ...change('C2', 1_000) },
    aws: insync,
    told: ['INSYNC', 'INSYNC', '', ''],
    questions: 1,
  },
  {
    title: 'deleted, and the tombstone is gone',
    row: { version: 2, ...change('C2', 3_600_000 * 73) },
    told: ['INSYNC', 'INSYNC', '', ''],
  },
]

describe('the status of a name', () => {
  for (const { title, registered, row, aws = pending, sending, told, questions = 0 } of cases) {
    test(title, async () => {
      const api = await mirrorApi({ aws })
      if (registered) await api.register('h', ...registered)
      if (row) await api.putRow('h', row)
      if (sending) await api.store.setInflight(HOSTED_ZONE, inflight(sending))
      const { status, json } = await api.send('GET', pathOf('h'))
      assert.equal(status, 200)
      const quarantined = json.quarantined.map(({ type, code }: Record<string, string>) => `${type} ${code}`)
      const mirrored = Object.keys(json.mirrored).join(' ')
      assert.deepEqual([json.status, json.change?.status, mirrored, quarantined.join(' ')], told)
      assert.equal(api.questions.length, questions)
    })
  }

  function inflight(version: number): Inflight {
    return { changes: [], names: [{ name: at('h'), version, at: NOW }], sentAt: NOW }
  }
})
