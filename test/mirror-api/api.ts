import assert from 'node:assert/strict'
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { createMirrorApi } from '../../functions/mirror-api/mirror-api.ts'
import type { MirrorApiParts } from '../../functions/mirror-api/parts.ts'
import { memoryAccessStore } from '../../shared/access/memory.ts'
import type { Principal } from '../../shared/access/model.ts'
import { createPermissions } from '../../shared/access/permissions.ts'
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import type { HttpEvent } from '../../shared/http/event.ts'
import { memoryMirrorStore, memoryPaceStore } from '../../shared/mirror/memory.ts'
import type { AcceptedChange, MirrorRow, Refusal } from '../../shared/mirror/model.ts'
import { createPace } from '../../shared/mirror/pace.ts'
import { emptyRow } from '../../shared/mirror/plan.ts'
import type { StatusOutcome } from '../../shared/mirror/ports.ts'
import type { MirrorTask } from '../../shared/mirror/task.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import type { RRsets } from '../../shared/records/model.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { httpEvent } from '../dynapi/event.ts'
import { newClock } from './clock.ts'

export const ZONE = canonicalName('example.org')
/** Served, and not mirrored. */
const PLAIN_ZONE = canonicalName('plain.example')
export const HOSTED_ZONE = 'Z1'
/** Who sends the requests, where nothing else is said: an admin. */
export const CALLER: Principal = 'token:0123456789abcdef'
export const NOW = Date.UTC(2026, 0, 1)

export interface Options {
  /** What AWS says of a change. */
  readonly aws?: (id: string, now: number) => StatusOutcome | Promise<StatusOutcome>
  readonly parts?: Partial<MirrorApiParts>
  /** Differences of the request context. */
  readonly context?: Partial<HttpEvent['requestContext']>
  /** Milliseconds that Lambda leaves the function. */
  readonly remaining?: number
}

/** The whole handler over stores in memory, a clock of its own, and a way to send it requests. */
export async function mirrorApi({ aws = pending, parts, context, remaining = 30_000 }: Options = {}) {
  const clock = newClock(NOW)
  const { now, pause } = clock
  const { names, zones } = memoryStore()
  await zones.add({ ...newZone(ZONE), hostedZone: HOSTED_ZONE })
  await zones.add(newZone(PLAIN_ZONE))
  const store = memoryMirrorStore()
  const pace = createPace(memoryPaceStore(), 2, now, pause)
  const questions: { id: string; at: number }[] = []
  const tasks: MirrorTask[] = []
  const lines: Record<string, unknown>[] = []
  const measured: [name: string, value: number][] = []
  const access = memoryAccessStore()
  const handler = createMirrorApi(
    {
      names,
      zones,
      store,
      pace,
      now,
      pause,
      route53: {
        async changeStatus(id) {
          questions.push({ id, at: now() - NOW })
          return aws(id, now() - NOW)
        },
      },
      ask: async (task) => void tasks.push(task),
      permissionsOf: createPermissions({ store: access, admins: [CALLER], now }),
      ...parts,
    },
    {
      info: (message, fields) => lines.push({ level: 'info', message, ...fields }),
      error: (message, fields) => lines.push({ level: 'error', message, ...fields }),
    },
    (name, value) => measured.push([name, value]),
  )
  return {
    clock,
    names,
    store,
    pace,
    /** What AWS was asked, and when: milliseconds since NOW. */
    questions,
    tasks,
    lines,
    measured,
    access,
    send: (verb: string, path: string, body: string | Uint8Array = '') =>
      clock.run(request(handler, { verb, path, body, remaining, ...(context && { context }) })),
    /** Registers the RRsets of a label. */
    async register(label: string, version: number, rrsets: RRsets, zone: Name = ZONE) {
      const name = at(label)
      const before = await names.read(name)
      const written = await names.write({ name, zone, version, rrsets }, before?.version ?? 0)
      assert.ok(written.written)
    },
    putRow: (label: string, row: Partial<MirrorRow>) =>
      store.putRows(HOSTED_ZONE, [{ ...emptyRow(at(label)), ...row }]),
  }
}

/** Sends a request to the handler of the API. */
export async function request(
  handler: ReturnType<typeof createMirrorApi>,
  { verb, path, body = '', remaining = 30_000, context }: Request,
) {
  const event = httpEvent({ verb, path, headers: {}, body })
  const lambda = { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => remaining } as Context
  const requestContext = { ...event.requestContext, authorizer: { lambda: { principal: CALLER } }, ...context }
  return received(await handler({ ...event, requestContext }, lambda))
}

interface Request extends Pick<Options, 'remaining' | 'context'> {
  readonly verb: string
  readonly path: string
  readonly body?: string | Uint8Array
}

export type MirrorApi = Awaited<ReturnType<typeof mirrorApi>>

export const at = (label: string): Name => canonicalName(`${label}.${ZONE}`)
export const pathOf = (label: string, query = '') => `/v1/zones/example.org/mirror/names/${label}.example.org${query}`
export const ZONE_PATH = '/v1/zones/example.org/mirror'

export const address = (rdata: string): RRsets => ({ A: { ttl: 60, rdata: [rdata] } })
export const text = (rdata: string): RRsets => ({ TXT: { ttl: 60, rdata: [rdata] } })
/** A change that was accepted so many milliseconds before NOW. */
export const change = (id: string | undefined, age: number): { change: AcceptedChange } => ({
  change: { ...(id && { id }), at: NOW - age, lagMs: 812 },
})
export const refusal = (code: Refusal['code'], message: string): Refusal => ({ code, message, at: NOW - 5_000 })

export const pending = (): StatusOutcome => ({ kind: 'status', status: 'PENDING' })
export const insync = (): StatusOutcome => ({ kind: 'status', status: 'INSYNC' })

// ---------------------------------------------------------------------------

/** Status, particular headers and the JSON of a response; what all responses have is looked at here. */
function received({ statusCode, headers = {}, body = '' }: APIGatewayProxyStructuredResultV2) {
  const { 'Content-Type': type, 'Cache-Control': cache, 'Content-Length': length, ...others } = headers
  assert.deepEqual([type, cache, length], ['application/json', 'no-store', String(Buffer.byteLength(body))])
  assert.ok(body.endsWith('}\n'))
  return { status: statusCode, headers: others, json: JSON.parse(body) }
}
