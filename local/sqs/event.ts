import { createHash } from 'node:crypto'
import type { SQSEvent } from 'aws-lambda'
import type { Message } from './delay-queue.ts'

/** The event by which Lambda hands messages to a function (Lambda Developer Guide, "Using Lambda with Amazon SQS"). */
export function sqsEvent(queue: string, messages: readonly Message[]): SQSEvent {
  const now = Date.now()
  return {
    Records: messages.map(({ id, body, sentAt, receives }) => ({
      messageId: id,
      receiptHandle: id,
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(sentAt),
        SenderId: 'local',
        ApproximateFirstReceiveTimestamp: String(now),
      },
      messageAttributes: {},
      md5OfBody: md5(body),
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
      awsRegion: 'us-east-1',
    })),
  }
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}
