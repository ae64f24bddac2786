import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import * as v from 'valibot'
import type { Now } from '../records/ports.ts'
import type { RegistrationKey } from '../registrations/model.ts'
import type { Timers } from '../registrations/ports.ts'
import { reached } from './client.ts'
import * as parts from './item-parts.ts'

/** Environment variable with the URL of the queue whose messages are the timers. */
export const LEASES_QUEUE_URL = 'LEASES_QUEUE_URL'

/** The URL of that queue from the environment; throws an Error if it is not there. */
export function leasesQueueUrl(environment: NodeJS.ProcessEnv = process.env): string {
  const url = environment[LEASES_QUEUE_URL]
  if (!url) throw new Error(`the environment variable ${LEASES_QUEUE_URL} must have the URL of the queue of leases`)
  return url
}

/** A client that takes region, credentials and endpoint from the environment, and gives up before its callers do. */
export function sqsClient(): SQSClient {
  return new SQSClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  })
}

/**
 * Timers that are messages of an SQS queue, kept back until their time comes. SQS keeps one back for MAX_DELAY_S at most:
 * a time beyond comes in hops, since whoever looks before the time sets the timer anew.
 */
export function sqsTimers(client: SQSClient, queueUrl: string, now: Now): Timers {
  return {
    async set({ name, id, nonce }, at) {
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ name, id, nonce }),
        DelaySeconds: Math.min(MAX_DELAY_S, Math.max(0, Math.ceil((at - now()) / 1000))),
      })
      await reached(client.send(command))
    },
  }
}

/** The registration that a message is about. Throws an Error if the body is no such message. */
export function keyOfMessage(body: string): RegistrationKey {
  return v.parse(message, JSON.parse(body))
}

// ---------------------------------------------------------------------------

const message = v.object({ name: parts.name, id: parts.text, nonce: parts.text })

/** Of SQS (API reference, "SendMessage"). */
const MAX_DELAY_S = 900
