import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What becomes of a call: carried out and answered, carried out and its answer lost, or refused with an error of DynamoDB. */
export type Fate = 'answered' | 'answer lost' | { readonly status: number; readonly error: string }

export interface FaultyProxy {
  readonly endpoint: string
  /** Decides on the next calls by their operation (`PutItem`). */
  decide: (operation: string) => Fate
  close(): void
}

/** A DynamoDB endpoint that passes calls on to a real one, but for what `decide` says. */
export async function faultyProxy(endpoint: string): Promise<FaultyProxy> {
  const server = createServer((incoming, reply) => {
    pass(incoming, reply).catch(() => incoming.socket.destroy()) // either side may hang up
  })
  const pass = async (incoming: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const body = await text(incoming)
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? ''
    const fate = proxy.decide(operation)
    if (typeof fate === 'object') {
      reply.writeHead(fate.status, { 'Content-Type': 'application/x-amz-json-1.0' })
      reply.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${fate.error}`, message: 'by the test' }))
      return
    }
    const call = request(endpoint, { method: 'POST', headers: incoming.headers })
    call.end(body)
    const [answer] = await once(call, 'response')
    const answered = await text(answer)
    if (fate === 'answer lost') {
      incoming.socket.destroy()
      return
    }
    reply.writeHead(answer.statusCode, answer.headers)
    reply.end(answered)
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy: FaultyProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    decide: () => 'answered',
    close: () => server.close().closeAllConnections(),
  }
  return proxy
}

/** Gives the fates in turn to calls of one operation, then answers all. */
export function inTurn(operation: string, ...fates: Fate[]): FaultyProxy['decide'] {
  const left = [...fates]
  return (called) => (called === operation ? (left.shift() ?? 'answered') : 'answered')
}
