import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { createDynapi } from '../../functions/dynapi/dynapi.ts'
import { memoryAccessStore } from '../../shared/access/memory.ts'
import type { Principal } from '../../shared/access/model.ts'
import { createPermissions } from '../../shared/access/permissions.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import type { HttpEvent } from '../../shared/http/event.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import type { NameRecord, RRsets } from '../../shared/records/model.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { createWritable, type Writable } from '../../shared/records/writable.ts'
import { httpEvent } from './event.ts'
import type { HttpRequest, HttpResponse } from './expect.ts'
import { ZONE } from './rows/row.ts'

interface Options {
  /** Instead of the operations on the memory store. */
  readonly writable?: Writable
  /** Differences of the request context. */
  readonly context?: Partial<HttpEvent['requestContext']>
  /** Milliseconds that Lambda leaves the function. */
  readonly remaining?: number
}

/** Who sends the requests, where nothing else is said: an admin. */
export const CALLER: Principal = 'token:0123456789abcdef'

/** The whole handler over a store in memory that serves one zone, a way to send it requests, and its log lines. */
export function naming({ writable, context, remaining = 10_000 }: Options = {}) {
  const { names, zones } = memoryStore()
  const zone = newZone(canonicalName(ZONE))
  const served = { ...zones, list: async () => [zone] }
  const pause = (ms: number) => new Promise<void>((resume) => setTimeout(resume, ms))
  const lines: Record<string, unknown>[] = []
  const access = memoryAccessStore()
  const permissionsOf = createPermissions({ store: access, admins: [CALLER], now: Date.now })
  const operations = writable ?? createWritable({ names, zones: served, now: Date.now, pause })
  const measured: [name: string, value: number][] = []
  let ms = 0
  const handler = createDynapi({
    writable: operations,
    permissionsOf,
    log: {
      info: (message, fields) => lines.push({ level: 'info', message, ...fields }),
      error: (message, fields) => lines.push({ level: 'error', message, ...fields }),
    },
    measure: (name, value) => void measured.push([name, value]),
    now: () => (ms += 5),
  })

  async function records(): Promise<NameRecord[]> {
    const pages = []
    for await (const page of names.scan()) pages.push(page)
    return pages.flat()
  }
  return {
    lines,
    /** What was measured: a request takes 5 ms. */
    measured,
    access,
    async send(request: HttpRequest): Promise<HttpResponse> {
      const event = httpEvent(request)
      const requestContext = { ...event.requestContext, authorizer: { lambda: { principal: CALLER } }, ...context }
      return received(await handler({ ...event, requestContext }, lambdaContext(remaining)))
    },
    /** Stores RRsets for an owner, past the handler. */
    async hold(owner: string, rrsets: RRsets): Promise<void> {
      if (Object.keys(rrsets).length === 0) return
      await names.write({ name: canonicalName(owner), zone: zone.zone, version: 1, rrsets }, 0)
    },
    /** All RRsets in the store, by owner. */
    async held(): Promise<Record<string, RRsets>> {
      const live = (await records()).filter(({ rrsets }) => Object.keys(rrsets).length > 0)
      return Object.fromEntries(live.map(({ name, rrsets }) => [name, rrsets]))
    },
    /** The version of every name, tombstones included: it moves with each write. */
    async versions(): Promise<Record<string, number>> {
      return Object.fromEntries((await records()).map(({ name, version }) => [name, version]))
    },
  }
}

/** Operations on a store where each one ends so, or never does. */
export function failing(end: Error | Promise<never>): Writable {
  const fail = () => (end instanceof Error ? Promise.reject(end) : end)
  return {
    getZones: async () => [canonicalName(ZONE)],
    create: fail,
    upsert: fail,
    update: fail,
    delete: fail,
    exists: fail,
    existsByName: fail,
  }
}

// ---------------------------------------------------------------------------

function received({ statusCode = 0, headers = {}, body = '' }: APIGatewayProxyStructuredResultV2): HttpResponse {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])
  return { status: statusCode, headers: Object.fromEntries(named), body }
}

function lambdaContext(remaining: number): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'dynapi',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:000000000000:function:dynapi',
    memoryLimitInMB: '512',
    awsRequestId: 'invocation-1',
    logGroupName: '/aws/lambda/dynapi',
    logStreamName: 'test',
    getRemainingTimeInMillis: () => remaining,
    done() {},
    fail() {},
    succeed() {},
  }
}
