import middy from '@middy/core'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { PermissionsOf } from '../../shared/access/permissions.ts'
import { answerAndTell, TIMEOUT } from '../../shared/http/answer.ts'
import { callerOf } from '../../shared/http/caller.ts'
import { bodyOf, type HttpEvent } from '../../shared/http/event.ts'
import { readJsonBody } from '../../shared/http/json-body.ts'
import type { Log } from '../../shared/http/log.ts'
import { readQuery } from '../../shared/http/query.ts'
import { respond } from '../../shared/http/respond.ts'
import type { Measure } from '../../shared/metrics/measure.ts'
import { NamingError } from '../../shared/records/faults.ts'
import { FUNCTION_ID } from '../../shared/registrations/model.ts'
import type { Registry } from '../../shared/registrations/registry.ts'
import { registrationBody } from './body.ts'
import { formOf } from './form.ts'
import { readRecords } from './records.ts'
import { METHODS, type Method, methodOf, type Target, targetOf } from './route.ts'

export interface RegistrationsParts {
  readonly registry: Pick<Registry, 'register' | 'withdraw' | 'read'>
  /** Who may register what; every caller may look. */
  readonly permissionsOf: PermissionsOf
  readonly log: Log
  readonly measure: Measure<'registrations'>
}

/** The API of registrations: each is put at a name under an id of its own, renewed by putting it again, and withdrawn. */
export function createRegistrations({ log, measure, ...parts }: RegistrationsParts) {
  return middy<HttpEvent, APIGatewayProxyStructuredResultV2>(TIMEOUT)
    .use(answerAndTell({ log, measure, message: 'registration', told: ['DELETE'], methodsAt: () => METHODS }))
    .handler(async (event) => {
      const method = methodOf(event)
      readQuery(event.rawQueryString, [])
      return operations[method](parts, targetOf(event), event)
    })
}

// ---------------------------------------------------------------------------

type Operation = (
  parts: Omit<RegistrationsParts, 'log' | 'measure'>,
  target: Target,
  event: HttpEvent,
) => Promise<APIGatewayProxyStructuredResultV2>

const operations: Readonly<Record<Method, Operation>> = {
  async GET({ registry }, target) {
    return respond(200, formOf(await registry.read(target)))
  },

  async PUT({ registry, permissionsOf }, target, event) {
    const writer = await permissionsOf(callerOf(event))
    const body = readJsonBody(bodyOf(event), registrationBody)
    if (target.id === FUNCTION_ID) {
      throw new NamingError('update_denied', `the id "${FUNCTION_ID}" is for functions that are published`)
    }
    const { zone, name } = target
    const rrsets = readRecords(body, zone, name)
    const lease = body.lease === undefined ? {} : { leaseSeconds: body.lease }
    return respond(200, formOf(await registry.register({ ...target, rrsets, ...lease }, writer)))
  },

  async DELETE({ registry, permissionsOf }, target, event) {
    const writer = await permissionsOf(callerOf(event))
    await registry.withdraw(target, writer)
    return { statusCode: 204, headers: { 'Cache-Control': 'no-store' } }
  },
}
