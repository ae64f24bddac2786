/** The API of registrations over stores in memory, and a way to send it requests. */
import assert from 'node:assert/strict'
import type { Context } from 'aws-lambda'
import { createRegistrations } from '../../functions/registrations/registrations.ts'
import { memoryAccessStore } from '../../shared/access/memory.ts'
import type { Principal } from '../../shared/access/model.ts'
import { createPermissions } from '../../shared/access/permissions.ts'
import { NamingError } from '../../shared/records/faults.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import { newZone } from '../../shared/records/new-zone.ts'
import { memoryRegistrations } from '../../shared/registrations/memory.ts'
import type { RegistrationKey } from '../../shared/registrations/model.ts'
import { createRegistry, type Registry } from '../../shared/registrations/registry.ts'
import { apex } from '../contract/records.ts'
import { httpEvent } from '../dynapi/event.ts'

export const NOW = Date.UTC(2026, 0, 1)
/** Who sends the requests, where nothing else is said: an admin. */
const CALLER: Principal = 'token:0123456789abcdef'

export const pathOf = (name = 'h.example.org', id = 'web-1', zone = 'example.org') =>
  `/v1/zones/${zone}/names/${name}/registrations/${id}`

export const A = { type: 'A', rdata: ['192.0.2.1'] }

interface Sent {
  readonly path?: string
  readonly caller?: Principal
  readonly remaining?: number
}

export async function registrationsApi(replaced: Partial<Registry> = {}) {
  const { names, zones } = memoryStore()
  await zones.add(newZone(apex))
  const clock = { now: NOW }
  const now = () => clock.now
  const due: { key: RegistrationKey; at: number }[] = []
  const lines: Record<string, unknown>[] = []
  const measured: string[] = []
  const access = memoryAccessStore()
  const queue = { isAway: false }
  let nonces = 0
  const registry = createRegistry({
    names,
    zones,
    registrations: memoryRegistrations(),
    timers: {
      async set(key, at) {
        if (queue.isAway) throw new NamingError('unavailable')
        due.push({ key, at: at - NOW })
      },
    },
    now,
    pause: async () => {},
    newNonce: () => `n${nonces++}`,
  })
  const handler = createRegistrations({
    registry: { ...registry, ...replaced },
    permissionsOf: createPermissions({ store: access, admins: [CALLER], now }),
    log: {
      info: (message, fields) => lines.push({ level: 'info', message, ...fields }),
      error: (message, fields) => lines.push({ level: 'error', message, ...fields }),
    },
    measure: (name) => measured.push(name),
  })
  async function send(verb: string, body: unknown = '', sent: Sent = {}) {
    const { path = pathOf(), caller = CALLER, remaining = 10_000 } = sent
    const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    const event = httpEvent({ verb, path, headers: {}, body: text })
    const requestContext = { ...event.requestContext, authorizer: { lambda: { principal: caller } } }
    const lambda = { awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => remaining } as Context
    const { statusCode, headers = {}, body: answer } = await handler({ ...event, requestContext }, lambda)
    assert.equal(headers['Cache-Control'], 'no-store')
    return { status: statusCode, headers, json: answer === undefined ? undefined : JSON.parse(answer) }
  }
  return { send, names, zones, registry, queue, clock, due, lines, measured, access }
}
