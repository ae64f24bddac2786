import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import type { Log } from '../../shared/http/log.ts'
import type { Measure } from '../../shared/metrics/measure.ts'
import type { RegistrationKey } from '../../shared/registrations/model.ts'
import type { Registry } from '../../shared/registrations/registry.ts'
import type { SweepTask } from '../../shared/registrations/task.ts'

export interface LeasesParts {
  readonly registry: Pick<Registry, 'look' | 'sweep'>
  /** Throws for a body that is no message of a timer. */
  readonly keyOfMessage: (body: string) => RegistrationKey
  readonly log: Log
  readonly measure: Measure<'leases'>
}

/** Ends leases: each when its timer, a message of a queue, comes, and whatever the timers missed in a sweep. */
export function createLeases(parts: LeasesParts) {
  return async (event: SQSEvent | SweepTask): Promise<SQSBatchResponse | undefined> =>
    'Records' in event ? lookAtEach(parts, event.Records) : sweep(parts, event)
}

// ---------------------------------------------------------------------------

/** Looks at all of a batch at once. Those that failed come again, and no others. */
async function lookAtEach(parts: LeasesParts, records: readonly SQSRecord[]): Promise<SQSBatchResponse> {
  const failed = await Promise.all(records.map(async (record) => ((await isDone(parts, record)) ? [] : [record])))
  return { batchItemFailures: failed.flat().map(({ messageId }) => ({ itemIdentifier: messageId })) }
}

async function isDone(parts: LeasesParts, { body, messageId }: SQSRecord): Promise<boolean> {
  const { registry, log, measure } = parts
  const key = keyIn(parts, body, messageId)
  if (key === undefined) return true
  try {
    await registry.look(key)
    return true
  } catch (error) {
    measure('Faults', 1)
    log.error('lease not looked at', { name: key.name, id: key.id, error })
    return false
  }
}

/** Undefined for what can never be read: that is dropped, for it would only come again. */
function keyIn({ keyOfMessage, log, measure }: LeasesParts, body: string, messageId: string) {
  try {
    return keyOfMessage(body)
  } catch (error) {
    measure('MessagesUnreadable', 1)
    log.error('message dropped', { messageId, body: body.slice(0, MAX_SHOWN), error })
    return undefined
  }
}

async function sweep({ registry, log, measure }: LeasesParts, { task, arm = false }: SweepTask): Promise<undefined> {
  if (task !== 'sweep') throw new TypeError('the event is neither of a queue nor a sweep')
  try {
    const { registrations } = await registry.sweep({ arm })
    measure('Registrations', registrations)
  } catch (error) {
    measure('Faults', 1)
    log.error('sweep failed', { error })
    throw error
  }
}

const MAX_SHOWN = 200 // characters
