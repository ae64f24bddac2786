import middy from '@middy/core'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { answerAndTell, TIMEOUT } from '../../shared/http/answer.ts'
import { callerOf } from '../../shared/http/caller.ts'
import { bodyOf, type HttpEvent } from '../../shared/http/event.ts'
import { readJsonBody } from '../../shared/http/json-body.ts'
import type { Log } from '../../shared/http/log.ts'
import { readName, readNameIn } from '../../shared/http/names.ts'
import { readQuery } from '../../shared/http/query.ts'
import { respond } from '../../shared/http/respond.ts'
import type { Measure } from '../../shared/metrics/measure.ts'
import { NamingError } from '../../shared/records/faults.ts'
import { adoptBody, emptyBody } from './body.ts'
import { statusOfName } from './name-status.ts'
import type { MirrorApiParts, Target } from './parts.ts'
import { readTimeout } from './query.ts'
import { methods, type Resource, type Route, routeOf } from './route.ts'
import { findTarget } from './target.ts'
import { awaitSettled, endOfWait } from './wait.ts'
import { beginAdoption, beginReconcile } from './walks.ts'
import { statusOfZone } from './zone-status.ts'

/** The API of the Route 53 mirror: tells how far zones and names have come, and begins reconciles and adoptions. */
export function createMirrorApi(parts: MirrorApiParts, log: Log, measure: Measure<'mirror-api'>) {
  return middy<HttpEvent, APIGatewayProxyStructuredResultV2>(TIMEOUT)
    .use(answerAndTell({ log, measure, message: 'mirror request', told: ['POST'], methodsAt }))
    .handler(async (event, context) => {
      const route = routeOf(event)
      if (event.requestContext.http.method !== methods[route.resource]) throw new NamingError('method_not_allowed')
      return operations[route.resource](parts, route, event, context.getRemainingTimeInMillis())
    })
}

// ---------------------------------------------------------------------------

type Operation = (
  parts: MirrorApiParts,
  route: Route,
  event: HttpEvent,
  remainingMs: number,
) => Promise<APIGatewayProxyStructuredResultV2>

const operations: Readonly<Record<Resource, Operation>> = {
  async zone(parts, route, { rawQueryString }) {
    const { after } = readQuery(rawQueryString, ['after'])
    const from = after === undefined ? undefined : readName(after)
    return respond(200, await statusOfZone(parts, await findTarget(parts, route.zone), from))
  },

  async name(parts, route, { rawQueryString }, remainingMs) {
    const timeout = readTimeout(readQuery(rawQueryString, ['wait', 'timeout']))
    const target = await findTarget(parts, route.zone)
    const name = readNameIn(target.zone, route.name)
    const look = () => statusOfName(parts, target, name)
    if (timeout === undefined) return respond(200, await look())
    const found = await awaitSettled(parts, look, endOfWait(parts.now(), timeout * 1000, remainingMs))
    return respond(found.status === 'PENDING' ? 202 : 200, found)
  },

  async reconcile(parts, route, event) {
    const target = await findActed(parts, route, event)
    readQuery(event.rawQueryString, [])
    readJsonBody(bodyOf(event), emptyBody)
    await beginReconcile(parts, target)
    return respond(202, await statusOfZone(parts, target, undefined))
  },

  async adopt(parts, route, event) {
    const target = await findActed(parts, route, event)
    readQuery(event.rawQueryString, [])
    const { overwrite } = readJsonBody(bodyOf(event), adoptBody)
    await beginAdoption(parts, target, overwrite)
    return respond(202, await statusOfZone(parts, target, undefined))
  },
}

/** The zone whose mirror is to act; throws NamingError `update_denied` where the caller may not have it act. */
async function findActed(parts: MirrorApiParts, { zone }: Route, event: HttpEvent): Promise<Target> {
  const permissions = await parts.permissionsOf(callerOf(event))
  const target = await findTarget(parts, zone)
  if (permissions.mayMirror(target.zone)) return target
  throw new NamingError('update_denied', `not allowed to reconcile or adopt ${target.zone}`)
}

function methodsAt(event: HttpEvent): readonly string[] {
  return [methods[routeOf(event).resource]]
}
