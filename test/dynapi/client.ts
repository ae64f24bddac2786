import { request } from 'node:http'
import type { HttpRequest, HttpResponse } from './expect.ts'

/** Sends a request over HTTP as it is, with no header of its own accord but Host and Content-Length. */
export function send(base: string, { verb, path, headers, body }: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const octets = Buffer.from(body)
    const length = octets.length > 0 ? { 'Content-Length': octets.length } : {}
    const outgoing = request(new URL(path, base), { method: verb, headers: { ...headers, ...length } }, (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const names = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(names),
          body: Buffer.concat(chunks).toString(),
        })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(octets)
  })
}
