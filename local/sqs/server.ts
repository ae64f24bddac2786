import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isCrossSite, readBody } from '../http/request.ts'
import { answer, refused, type SqsReply } from './answer.ts'
import type { DelayQueue } from './delay-queue.ts'

export interface SqsOptions {
  readonly queues: readonly DelayQueue[]
  /** What went wrong with a request, one line each. */
  readonly log: (line: string) => void
}

export interface Sqs {
  readonly url: string
  /** Takes and delivers nothing more. */
  stop(): Promise<void>
}

/**
 * An HTTP server on loopback that stands where SQS stands on AWS, as far as messages are sent (protocol AWS JSON 1.0).
 * Whoever may run programs on this machine may ask it.
 */
export async function startSqs({ queues, log }: SqsOptions): Promise<Sqs> {
  const server = createServer((request, response) => void serve(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await Promise.all([closed, ...queues.map((queue) => queue.stop())])
    },
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { status, headers = {}, body } = await replyTo(request)
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...headers })
      response.end(JSON.stringify(body))
    } catch (error) {
      if (!request.destroyed) log(`a message could not be taken: ${(error as Error).message}`)
      response.destroy() // else the client went away in the middle of its request
    }
  }

  async function replyTo(request: IncomingMessage): Promise<SqsReply> {
    if (isCrossSite(request)) return refused('AccessDeniedException', 'Requests from other web sites are refused')
    const body = await readBody(request, MAX_BODY)
    if (body === undefined) return refused('InvalidParameterValue', 'The message is too large')
    const [, operation = ''] = /^AmazonSQS\.(\w+)$/.exec(String(request.headers['x-amz-target'])) ?? []
    return answer(queues, operation, body.toString('utf8'))
  }
}

/** The URL of a queue at such a server. */
export function queueUrl(server: string, queue: string): string {
  return `${server}/000000000000/${queue}`
}

// ---------------------------------------------------------------------------

const MAX_BODY = 2 * 1024 * 1024 // a message has 1 MiB at most, and more octets as JSON
