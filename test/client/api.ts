/** A registration API in memory, as its contract says, which can be told to fail. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { setTimeout as later } from 'node:timers/promises'
import type { RecordSet } from '../../client/client.ts'

export interface Api {
  readonly url: string
  readonly requests: readonly Seen[]
  /** The most requests that there were at once. */
  readonly most: number
  /** How it answers; undefined: well. */
  fault: Fault | undefined
  /** What is registered now: by id, at a name. */
  registered(name: string): Readonly<Record<string, readonly RecordSet[]>>
  /** As if so many milliseconds had gone by. */
  age(ms: number): void
}

/** A status; no answer; half an answer; a lost connection; an answer that comes late, or of somebody else. */
export type Fault = number | 'hang' | 'stall' | 'reset' | 'slow' | 'html' | 'garbage'

export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Ends with the test. */
export async function startApi(tls?: { readonly cert: string; readonly key: string }): Promise<Api> {
  const requests: Seen[] = []
  const kept = new Map<string, Kept>()
  let now = 0
  let active = 0
  const api = {
    requests,
    most: 0,
    fault: undefined as Fault | undefined,
    registered: (name: string) =>
      Object.fromEntries(
        [...kept.values()]
          .filter((one) => one.name === name && one.until > Date.now() + now)
          .map(({ id, records }) => [id, records]),
      ),
    age(ms: number) {
      now += ms
    },
  }
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    api.most = Math.max(api.most, ++active)
    response.on('close', () => active--)
    const { method = '', url = '', headers } = request
    const body = Buffer.concat(await request.toArray()).toString()
    requests.push({ method, url, headers, body, at: Date.now() })
    await answer({ method, url, body }, response)
  }
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return Object.assign(api, { url: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}` })

  async function answer({ method, url, body }: Pick<Seen, 'method' | 'url' | 'body'>, response: ServerResponse) {
    switch (api.fault) {
      case 'hang':
        return
      case 'stall':
        return void response.writeHead(200).write('{"id":')
      case 'reset':
        return void response.socket?.destroy()
      case 'html':
        return void response.writeHead(200).end('<html>It works!</html>')
      case 'garbage':
        return void response.socket?.end('garbage\r\n\r\n')
      case 'slow':
        await later(300)
        break
      case undefined:
        break
      default:
        return void response
          .writeHead(api.fault)
          .end(JSON.stringify({ code: 'code_of_fault', error: 'text of the fault' }))
    }
    const { zone, name, id } = PATH.exec(url)?.groups ?? {}
    if (!zone || !name || !id) return void response.writeHead(404).end('{"message":"Not Found"}')
    const key = `${name} ${id}`
    if (method === 'DELETE') {
      if (kept.delete(key)) return void response.writeHead(204).end()
      return void response
        .writeHead(404)
        .end('{"code":"registration_not_found","error":"there is no such registration"}')
    }
    assert.equal(method, 'PUT')
    const { records, lease } = JSON.parse(body) as { records: RecordSet[]; lease?: number }
    const until = lease === undefined ? Number.POSITIVE_INFINITY : Date.now() + now + lease * 1000
    kept.set(key, { name: decodeURIComponent(name), id: decodeURIComponent(id), records, until })
    const leased = lease !== undefined && { lease, until: new Date(until).toISOString(), renewAfter: lease / 3 }
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ zone, name, id, records, ...leased }))
  }
}

// ---------------------------------------------------------------------------

interface Kept {
  readonly name: string
  readonly id: string
  readonly records: readonly RecordSet[]
  /** Milliseconds since the epoch. */
  readonly until: number
}

const PATH = /^\/v1\/zones\/(?<zone>[^/]+)\/names\/(?<name>[^/]+)\/registrations\/(?<id>[^/]+)$/
