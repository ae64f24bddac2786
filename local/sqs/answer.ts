import type { DelayQueue } from './delay-queue.ts'
import { md5 } from './event.ts'

export interface SqsReply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: object
}

/** Carries out one request (SQS API reference): of its operations there is SendMessage, to a queue that waits for messages. */
export function answer(queues: readonly DelayQueue[], operation: string, json: string): SqsReply {
  if (operation !== 'SendMessage') return refused('UnsupportedOperation', 'Only SendMessage is here')
  const input = parsed(json)
  if (input === undefined) return refused('SerializationException', 'The body is no JSON object')
  const { QueueUrl: url, MessageBody: body, DelaySeconds: delay = 0 } = input
  const queue = queues.find(({ name }) => typeof url === 'string' && url.endsWith(`/${name}`))
  if (queue === undefined) return refused('QueueDoesNotExist', 'The specified queue does not exist.')
  if (typeof body !== 'string' || body === '') {
    return refused('MissingParameter', 'The request must contain the parameter MessageBody.')
  }
  if (!Number.isInteger(delay) || Number(delay) < 0 || Number(delay) > MAX_DELAY_S) {
    const message = `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= ${MAX_DELAY_S}.`
    return refused('InvalidParameterValue', message)
  }
  const MessageId = queue.send(body, Number(delay) * 1000)
  return { status: 200, body: { MessageId, MD5OfMessageBody: md5(body) } }
}

/** A refusal in the form of AWS: the SDK takes the name of the error from `__type`. */
export function refused(code: string, message: string): SqsReply {
  return { status: 400, body: { __type: `com.amazonaws.sqs#${code}`, message } }
}

// ---------------------------------------------------------------------------

const MAX_DELAY_S = 900

function parsed(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
