import { randomBytes } from 'node:crypto'
import type { ALBEvent, Context } from 'aws-lambda'
import { createFindFunction } from '../../functions/gateway/functions.ts'
import { createGateway } from '../../functions/gateway/gateway.ts'
import type { FunctionEvent } from '../../functions/gateway/request.ts'
import { memoryAccessStore } from '../../shared/access/memory.ts'
import { createPermissions } from '../../shared/access/permissions.ts'
import { newToken } from '../../shared/access/tokens.ts'
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import type { Invoked, InvokeFunction } from '../../shared/gateway/ports.ts'
import { FUNCTION_ID, type NamedFunction, type Registration } from '../../shared/registrations/model.ts'

export const T0 = 1_700_000_000_000
export const ZONE = canonicalName('example.org')
export const arnOf = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`

/** The gateway over registrations, tokens and grants in memory, with a clock of its own and functions that are given. */
export function gatewayWorld(
  functions: Readonly<Record<string, (event: FunctionEvent) => Promise<Invoked> | Invoked>>,
) {
  const clock = { now: T0, left: 29_000 }
  const registered = new Map<Name, Registration>()
  const reads: Name[] = []
  const invocations: { readonly arn: string; readonly event: FunctionEvent }[] = []
  const lines: Record<string, unknown>[] = []
  const measured: string[] = []
  const store = memoryAccessStore()

  async function read(name: Name, id: string): Promise<Registration | undefined> {
    reads.push(name)
    return id === FUNCTION_ID ? registered.get(name) : undefined
  }

  const invoke: InvokeFunction = async (arn, event, signal) => {
    invocations.push({ arn, event: event as FunctionEvent })
    const fn = functions[arn.split(':')[6] ?? '']
    if (fn === undefined) throw new Error(`no function ${arn}`)
    const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    return Promise.race([fn(event as FunctionEvent), aborted])
  }

  const gateway = createGateway({
    find: createFindFunction({ read }, () => clock.now),
    tokens: store,
    permissionsOf: createPermissions({ store, admins: [], now: () => clock.now }),
    invoke,
    log: {
      info: (message, fields) => lines.push({ message, ...fields }),
      error: (message, fields) => lines.push({ message, ...fields }),
    },
    measure: (name) => void measured.push(name),
    now: () => clock.now,
    clock: () => clock.now,
  })

  return {
    ...{ clock, registered, reads, invocations, lines, measured, store },
    /** Publishes a function as `NAME.fn.example.org`. */
    publish(label: string, fn: Partial<NamedFunction> = {}): Name {
      const name = canonicalName(`${label}.fn.example.org`)
      const whole = { arn: `${arnOf(label)}:live`, auth: 'none' as const, ...fn }
      registered.set(name, { ...REGISTRATION, name, fn: whole })
      return name
    },
    async token(lifetime = 3_600_000) {
      const { token, text } = newToken('caller', lifetime, clock.now, randomBytes)
      await store.writeToken(token, 0)
      return { text, principal: `token:${token.id}` as const }
    },
    ask: (event: ALBEvent) => {
      const context: Partial<Context> = {
        awsRequestId: 'request-1',
        invokedFunctionArn: arnOf('gateway'),
        getRemainingTimeInMillis: () => clock.left,
      }
      return gateway(event, context as Context)
    },
  }
}

/** What a load balancer with multi-value headers makes of a request; headers as name and values. */
export function albEvent(host: string | undefined, more: Partial<ALBEvent> = {}): ALBEvent {
  const { multiValueHeaders, ...rest } = more
  return {
    requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/g/1' } },
    httpMethod: 'GET',
    path: '/',
    multiValueQueryStringParameters: {},
    multiValueHeaders: { ...(host !== undefined && { host: [host] }), ...multiValueHeaders },
    body: '',
    isBase64Encoded: false,
    ...rest,
  }
}

export const returned = (result: unknown): Invoked => ({ kind: 'returned', json: JSON.stringify(result) ?? 'null' })

// ---------------------------------------------------------------------------

const REGISTRATION = { zone: ZONE, id: FUNCTION_ID, rrsets: {}, nonce: 'n', principal: 'local' }
