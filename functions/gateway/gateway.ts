import middy from '@middy/core'
import type { ALBEvent, Context } from 'aws-lambda'
import type { InvokeFunction } from '../../shared/gateway/ports.ts'
import type { Log } from '../../shared/http/log.ts'
import type { Measure } from '../../shared/metrics/measure.ts'
import { NamingError } from '../../shared/records/faults.ts'
import { answer, type Outcome } from './answer.ts'
import { call, isSameFunction } from './call.ts'
import { type CallerParts, callerOf } from './caller.ts'
import type { FindFunction } from './functions.ts'
import { nameOfHost } from './host.ts'
import { functionEvent, headersOf } from './request.ts'
import { type Response, responseOf } from './response.ts'

export interface GatewayParts extends CallerParts {
  readonly find: FindFunction
  readonly invoke: InvokeFunction
  readonly log: Log
  readonly measure: Measure<'gateway'>
  /** Milliseconds of a clock that is never set. */
  readonly clock: () => number
}

/** Passes a request on to the function whose name is in the Host header, and its result back, as a function URL does. */
export function createGateway(parts: GatewayParts) {
  const carryOut = middy<ALBEvent, Response>({
    timeoutEarlyInMillis: 1_000,
    timeoutEarlyResponse: () => {
      throw new NamingError('function_timeout')
    },
  }).handler((event, context, { signal }) => pass(parts, event, context, signal))

  return async (event: ALBEvent, context: Context): Promise<Response> => {
    const began = parts.clock()
    const outcome = await carryOut(event, context).then(
      (response): Outcome => ({ response }),
      (error: unknown): Outcome => ({ error }),
    )
    return answer(parts, event, context, outcome, parts.clock() - began)
  }
}

// ---------------------------------------------------------------------------

async function pass(parts: GatewayParts, event: ALBEvent, context: Context, signal: AbortSignal): Promise<Response> {
  const headers = headersOf(event)
  const name = nameOfHost(headers.get('host') ?? [])
  const fn = await parts.find(name)
  if (fn === undefined) throw new NamingError('function_not_found')
  if (isSameFunction(fn.arn, context.invokedFunctionArn)) throw new NamingError('function_loop')
  const principal = await callerOf(parts, fn, headers.get('authorization') ?? [])
  const passed = functionEvent(event, {
    domainName: name.slice(0, -1),
    requestId: context.awsRequestId,
    at: parts.now(),
    principal,
  })
  return responseOf(await call(parts.invoke, fn.arn, passed, signal))
}
