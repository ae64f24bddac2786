import { randomUUID } from 'node:crypto'
import { abortableSleep } from '../sleep.ts'
import type { Admission } from './admission.ts'
import { ApiError, errorXml } from './api-error.ts'
import { checkAuthorization } from './authorization.ts'
import type { Counting } from './counts.ts'
import { type FaultEffect, type FaultRequest, type Faults, faultError, readNameSoftly } from './faults.ts'
import type { Batch } from './model.ts'
import type { Answer, ApiRequest, Context, Operation } from './operations/operation.ts'
import { type Received, route } from './route.ts'
import { writeXml } from './xml.ts'

/** What goes back; undefined in its place means that the connection is broken without an answer. */
export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface ApiParts {
  readonly context: Context
  readonly admission: Admission
  readonly faults: Faults
  readonly counts: Counting
  /** Whether a refused batch is told in the documented form, see `errorXml`. */
  readonly listedErrors: boolean
  /** Aborted when the emulator stops: nothing is carried out any more. */
  readonly stopping: AbortSignal
  readonly log: (line: string) => void
}

/** Answers a request from its admission to its XML. */
export async function answer(received: Received, parts: ApiParts): Promise<Reply | undefined> {
  const requestId = randomUUID()
  try {
    const done = await carryOut(received, parts)
    return done && replyWith(done.status ?? 200, writeXml(done.root), requestId, done.location)
  } catch (error) {
    const told = error instanceof ApiError ? error : new ApiError('InternalFailure', 'An internal error occurred')
    if (told !== error) parts.log(`Route 53: a request failed: ${(error as Error).message}`)
    parts.counts.violate(told.violations)
    return errorReply(told, parts.listedErrors, requestId)
  }
}

export function errorReply(error: ApiError, listed = false, requestId: string = randomUUID()): Reply {
  return replyWith(error.status, errorXml(error, requestId, listed), requestId)
}

// ---------------------------------------------------------------------------

async function carryOut(received: Received, parts: ApiParts): Promise<Answer | undefined> {
  checkAuthorization(received.authorization)
  const { operation, request } = route(received)
  parts.counts.request(operation?.name ?? 'unknown')
  parts.admission.takeToken()
  if (operation === undefined) {
    throw new ApiError('NotImplemented', `This emulator of Route 53 has no ${received.method} ${received.target}`)
  }
  try {
    return await admitted(operation, request, parts)
  } catch (error) {
    if (isBatch(operation) && error instanceof ApiError) parts.counts.refuse(error.code)
    throw error
  }
}

/** In the order of the real service as far as it is known: the busy zone is told before what is wrong with a batch. */
async function admitted(operation: Operation, request: ApiRequest, parts: ApiParts): Promise<Answer | undefined> {
  const { admission, counts, faults, stopping, context } = parts
  const zone = operation.changesZone ? (request.parts[0] ?? '') : undefined
  const leave = zone === undefined ? undefined : admission.enter(zone)
  try {
    const seen = faultRequest(operation, request)
    const effects = faults.strike(seen)
    if (effects.length > 0) counts.injected++
    if (!(await survives(effects, seen, stopping))) return undefined
    const done = operation.run(request, context)
    if (zone !== undefined) admission.accepted(zone)
    if (isBatch(operation)) counts.accepted++
    return effects.some(({ kind }) => kind === 'dropAfter') ? undefined : done
  } finally {
    leave?.()
  }
}

/** Lets the effects work; false if the request is to be dropped. Throws the ApiError that an effect answers with. */
async function survives(effects: readonly FaultEffect[], seen: FaultRequest, stopping: AbortSignal): Promise<boolean> {
  for (const effect of effects) {
    if (effect.kind === 'dropBefore') return false
    if (effect.kind === 'hang') await abortableSleep(effect.ms, stopping)
    const error = faultError(effect, seen)
    if (error !== undefined) throw error
  }
  return !stopping.aborted
}

function faultRequest(operation: Operation, { parts, batch }: ApiRequest): FaultRequest {
  return {
    operation: operation.name,
    hostedZoneId: operation.ofZone ? parts[0] : undefined,
    changes: isBatch(operation) ? changesSoftly(batch) : [],
  }
}

function changesSoftly(batch: () => Batch): FaultRequest['changes'] {
  try {
    return batch().changes.map(({ action, set }) => ({ action, set: { ...set, name: readNameSoftly(set.name) } }))
  } catch (error) {
    if (error instanceof ApiError) return [] // it is told when the batch is carried out
    throw error
  }
}

function isBatch({ name }: Operation): boolean {
  return name === 'ChangeResourceRecordSets'
}

function replyWith(status: number, body: string, requestId: string, location?: string): Reply {
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId, ...(location && { location }) }
  return { status, headers, body }
}
