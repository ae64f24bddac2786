/**
 * Loads a server on 127.0.0.1 with DNS over HTTPS, as dnsperf of Debian 12 loses replies that come together:
 *
 *     node bench/doh-load.ts PORT QUERIES SECONDS
 *
 * One connection of HTTP/2 with 90 questions under way, by GET. Prints how many were answered.
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:http2'
import { encodeQuery } from '../shared/dns/encode-query.ts'
import { parseName } from '../shared/dns/name.ts'
import { typeNumber } from '../shared/dns/rdata.ts'

const AT_ONCE = 90 // servers take 100 streams, as a rule

const [port, queries = '', seconds] = process.argv.slice(2)
const paths = readFileSync(queries, 'utf8').trimEnd().split('\n').map(pathOf)
const session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false })
await once(session, 'connect')
const until = performance.now() + Number(seconds) * 1000
let asked = 0
let answered = 0
await Promise.all(Array.from({ length: AT_ONCE }, askOn))
session.close()
process.stdout.write(`${answered}\n`)

// ---------------------------------------------------------------------------

async function askOn(): Promise<void> {
  while (performance.now() < until) {
    const stream = session.request({ ':path': paths[asked++ % paths.length] })
    stream.resume()
    const [{ ':status': status }] = await once(stream, 'response')
    if (status !== 200) throw new Error(`status ${status}`)
    if (!stream.readableEnded) await once(stream, 'end')
    answered++
  }
}

function pathOf(line: string): string {
  const [name = '', type = ''] = line.split(' ')
  const query = encodeQuery({ id: 0, name: parseName(name), type: typeNumber(type) ?? 0 })
  return `/dns-query?dns=${Buffer.from(query).toString('base64url')}`
}
