import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import type { FunctionRef } from '../../shared/functions/arn.ts'
import { follow } from './follow.ts'
import { functionsIn } from './hints.ts'
import type { Parts, ReconcileCounts } from './parts.ts'
import { type ReconcileOptions, reconcile } from './reconcile.ts'

export interface ReconcileTask {
  readonly task: 'reconcile'
}

/**
 * Takes a batch of events, of which each function is looked at once however many there are about it, or the task to look
 * at all. A batch gives the messages that are to come again.
 */
export async function functionNames(
  given: SQSEvent | ReconcileTask,
  parts: Parts,
  options: ReconcileOptions,
): Promise<SQSBatchResponse | ReconcileCounts> {
  if (!('Records' in given)) return reconcile(parts, options)
  const messages = given.Records.map(({ messageId, body }) => {
    const refs = functionsIn(body, options.own)
    if (refs === undefined) parts.report({ kind: 'unreadable', text: body })
    return { messageId, refs: refs ?? [] }
  })
  const once = new Map<string, FunctionRef>(messages.flatMap(({ refs }) => refs.map((ref) => [ref.arn, ref] as const)))
  const failed = await follow([...once.values()], parts)
  const again = messages.filter(({ refs }) => refs.some(({ arn }) => failed.has(arn)))
  return { batchItemFailures: again.map(({ messageId }) => ({ itemIdentifier: messageId })) }
}
