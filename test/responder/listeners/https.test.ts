/** RFC 8484: DNS over HTTPS, by HTTP/2 and HTTP/1.1, on real sockets. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { constants } from 'node:http2'
import { afterEach, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Answer } from '../../../responder/answer.ts'
import { newTicketKeys } from '../../../responder/listeners/certificate.ts'
import { LIMITS } from '../../../responder/listeners/connections.ts'
import { listenHttps } from '../../../responder/listeners/https.ts'
import type { SecureListener } from '../../../responder/listeners/listener.ts'
import { Counters, createCounterMemory, sumCounters } from '../../../responder/metrics/counters.ts'
import { tcpConnections } from '../../../responder/metrics/families.ts'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import { eventually } from '../../eventually.ts'
import { answering } from '../scenario.ts'
import {
  type Asked,
  askHttp1,
  askHttp2,
  asking,
  cert,
  closeClients,
  closed,
  connected,
  DATA,
  dripHttp1,
  dripHttp2,
  END_HEADERS,
  END_STREAM,
  frame,
  HEAD_OF_POST,
  HEADERS,
  halfHttp1,
  halfHttp2,
  headersOf,
  key,
  MEDIA_TYPE,
  manyHttp1,
  manyHttp2,
  openHttp2,
  POST_HEADERS,
  PREFACE,
  query,
  RST_STREAM,
  secured,
} from './doh-clients.ts'

const zone = `
@ 3600 SOA ns h 1 3600 600 86400 60
@ 300 NS ns
ns 300 A 192.0.2.1
two 120 A 192.0.2.2
alias 500 CNAME two
broken 500 CNAME absent
sub 300 NS ns.sub
ns.sub 300 A 192.0.2.3
${Array.from({ length: 60 }, (_, i) => `big 300 TXT "${String(i).padStart(60, '0')}"`).join('\n')}
${Array.from({ length: 240 }, (_, i) => `huge 300 TXT "${String(i).padStart(250, '0')}"`).join('\n')}
`
const answer = answering({ 'example.org.': zone })
const memory = createCounterMemory(1)
const counters = new Counters(memory, 0)

let listener: SecureListener | undefined
afterEach(async () => {
  closeClients()
  await listener?.close()
  await eventually(() => assert.equal(sumCounters(memory)[tcpConnections.at], 0))
})

for (const version of ['HTTP/2', 'HTTP/1.1'] as const) {
  describe(version, () => {
    const ask = (port: number, asked: Asked) => (version === 'HTTP/2' ? askHttp2 : askHttp1)(port, asked)

    describe('answers', () => {
      for (const [question, rcode, records, maxAge] of [
        ['ns.example.org. A', 0, 1, 300],
        ['alias.example.org. A', 0, 2, 120], // the smaller of two
        ['absent.example.org. A', 3, 0, 60], // MINIMUM, which is less than the TTL of the SOA
        ['ns.example.org. MX', 0, 0, 60],
        ['broken.example.org. A', 3, 1, 60], // the SOA bounds what the CNAME leads to
        ['www.sub.example.org. A', 0, 0, 0], // a referral
        ['www.example.net. A', 5, 0, 0],
        ['big.example.org. TXT', 0, 60, 300],
      ] as const) {
        for (const method of ['GET', 'POST'] as const) {
          test(`${method} ${question}`, async () => {
            const { port } = await listen()
            const { status, headers, body } = await ask(port, asking(method, query(question)))
            assert.equal(status, 200)
            const { length } = body
            assert.deepEqual(
              { ...headers },
              {
                ...headers,
                'content-type': MEDIA_TYPE,
                'content-length': `${length}`,
                'cache-control': `max-age=${maxAge}`,
              },
            )
            const message = decodeMessage(body)
            assert.deepEqual([message.id, message.rcode, message.answer.length], [0, rcode, records])
          })
        }
      }

      test('with the id that was sent', async () => {
        const { port } = await listen()
        const { body } = await ask(port, asking('GET', query('ns.example.org. A', 4711)))
        assert.equal(decodeMessage(body).id, 4711)
      })

      test('HEAD as GET, without the message', async () => {
        const { port } = await listen()
        const { status, headers, body } = await ask(port, {
          ...asking('GET', query('ns.example.org. A')),
          method: 'HEAD',
        })
        assert.deepEqual([status, headers['cache-control'], body.length], [200, 'max-age=300', 0])
      })

      test('200 for FORMERR and SERVFAIL, which may not be kept', async () => {
        const failing: Answer = (packet) =>
          Buffer.from([...packet.subarray(0, 2), 0x80, 2, ...Array<number>(8).fill(0)])
        const { port } = await listen(LIMITS, failing)
        const { status, headers } = await ask(port, asking('POST', query('ns.example.org. A')))
        assert.deepEqual([status, headers['cache-control']], [200, 'max-age=0'])
      })

      test('a path of its own, with more in its query, and parameters of the media type', async () => {
        const { port } = await listen(LIMITS, answer, '/resolve')
        const { path, headers } = asking('GET', query('ns.example.org. A'))
        const get = { method: 'GET', path: `${path}&ct=${MEDIA_TYPE}`.replace('/dns-query', '/resolve'), headers }
        assert.equal((await ask(port, get)).status, 200)
        const post = { ...asking('POST', query('ns.example.org. A')), path: '/resolve' }
        post.headers = { 'content-type': 'Application/DNS-Message; charset=utf-8' }
        assert.equal((await ask(port, post)).status, 200)
      })

      test('as one who came over HTTPS, from the address of the peer', async () => {
        const froms: unknown[] = []
        const { port } = await listen(LIMITS, (packet, from) => {
          froms.push({ ...from, port: from.port > 0 })
          return answer(packet, from)
        })
        const asked = asking('GET', query('ns.example.org. A'))
        await ask(port, { ...asked, headers: { 'x-forwarded-for': '192.0.2.99' } })
        assert.deepEqual(froms, [{ transport: 'https', address: '127.0.0.1', port: true }])
      })
    })

    describe('refuses', () => {
      const whole = Buffer.from(query('ns.example.org. A')).toString('base64url')
      const response = Buffer.from(query('ns.example.org. A'))
      response[2] = 0x80
      const body = (length: number) => ({
        method: 'POST',
        path: '/dns-query',
        headers: POST_HEADERS,
        body: Buffer.alloc(length),
      })
      const get = (path: string, method = 'GET') => ({ method, path, headers: {} })
      for (const [title, asked, status] of [
        ['another path', get('/'), 404],
        ['a longer path', get(`/dns-query/?dns=${whole}`), 404],
        ['no dns', get('/dns-query'), 400],
        ['another parameter', get(`/dns-query?DNS=${whole}`), 400],
        ['an empty dns', get('/dns-query?dns='), 400],
        ['two of dns', get(`/dns-query?dns=${whole}&dns=${whole}`), 400],
        ['padding', get('/dns-query?dns=AAA%3D'), 400],
        ['base64 that is not of URLs', get('/dns-query?dns=AA%2B%2FAA'), 400],
        ['less than a header', get('/dns-query?dns=AAAB'), 400],
        ['a response', asking('POST', response), 400],
        ['an empty body', body(0), 400],
        ['no media type', { ...asking('POST', query('ns.example.org. A')), headers: {} }, 415],
        ['another media type', { ...body(20), headers: { 'content-type': 'application/dns-json' } }, 415],
        ['a body too long', body(65_536), 413],
        ['a body too long, which does not tell its length', { ...body(80_000), chunked: true }, 413],
        ['PUT', { ...asking('POST', query('ns.example.org. A')), method: 'PUT' }, 405],
        ['OPTIONS', get('/dns-query', 'OPTIONS'), 405],
      ] as const) {
        test(`${title} with ${status}`, async () => {
          const { port } = await listen()
          const { status: got, headers, body: text } = await ask(port, asked as Asked)
          assert.equal(got, status)
          assert.equal(headers.allow, status === 405 ? 'GET, HEAD, POST' : undefined)
          assert.match(String(headers['content-type']), /^text\/plain/)
          assert.match(text.toString(), /^.+\n$/)
        })
      }

      test('the longest body by its content alone', async () => {
        const { port } = await listen()
        const longest = Buffer.alloc(65_535)
        longest.set(query('ns.example.org. A'))
        const { status, body: reply } = await ask(port, asking('POST', longest))
        assert.deepEqual([status, decodeMessage(reply).rcode], [200, 1])
      })

      for (const [title, headers] of [
        ['is too long', { 'x-long': 'x'.repeat(20_000) }],
        ['has too many fields', Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, '1']))],
      ] as const) {
        test(`a head that ${title}`, async () => {
          const { port } = await listen()
          const asked = { ...asking('GET', query('ns.example.org. A')), headers }
          const status = await ask(port, asked).then(
            (response) => response.status,
            () => 'reset',
          )
          assert.equal(status, version === 'HTTP/2' ? 'reset' : 431)
        })
      }

      test('with silence who is to get no answer', async () => {
        const { port } = await listen(LIMITS, () => undefined)
        await assert.rejects(ask(port, asking('GET', query('ns.example.org. A'))))
      })
    })

    test('many requests at once on one connection', async () => {
      const { port } = await listen()
      const replies = version === 'HTTP/2' ? await manyHttp2(port, 300) : await manyHttp1(port, 300)
      assert.deepEqual(
        replies,
        Array.from({ length: 300 }, (_, i) => i),
      )
    })

    describe('cuts', () => {
      const bounds = { ...LIMITS, idleMs: 150 }
      const alpn = version === 'HTTP/2' ? 'h2' : 'http/1.1'

      test('who says nothing', async () => {
        const { port } = await listen(bounds)
        await closed(await secured(port, alpn))
      })

      test('who stalls within the head of a request', async () => {
        const { port } = await listen(bounds)
        const client = await secured(port, alpn)
        client.write(version === 'HTTP/2' ? `${PREFACE.slice(0, 12)}` : 'GET /dns-query?dns=AAAA HTTP/1.1\r\nhost: l')
        await closed(client)
      })

      test('who does not take replies', async () => {
        const { port } = await listen(bounds)
        const client = (await secured(port, alpn)).pause()
        const path = asking('GET', query('huge.example.org. TXT')).path
        const request = version === 'HTTP/2' ? headersOf(path) : `GET ${path} HTTP/1.1\r\nhost: l\r\n\r\n`
        const requests = Array.from({ length: 100 }, () => request)
        client.write(typeof request === 'string' ? requests.join('') : openHttp2(...(requests as Buffer[])))
        await eventually(() => assert.equal(sumCounters(memory)[tcpConnections.at], 1))
        await eventually(() => assert.equal(sumCounters(memory)[tcpConnections.at], 0))
      })

      test('who keeps a body going', async () => {
        const { port } = await listen(bounds)
        const drip = version === 'HTTP/2' ? await dripHttp2(port) : await dripHttp1(port)
        await drip
      })

      test('who sends what is no HTTP', async () => {
        const { port } = await listen()
        const client = await secured(port, alpn)
        client.write(Buffer.alloc(100, 0xff))
        await closed(client)
      })
    })

    test('who has gone takes up nothing', async () => {
      const { port } = await listen({ ...LIMITS, idleMs: 3_600_000 })
      for (const leave of ['end', 'destroy'] as const) {
        const client = await secured(port, version === 'HTTP/2' ? 'h2' : 'http/1.1')
        const asked = asking('GET', query('ns.example.org. A')).path
        client.write(version === 'HTTP/2' ? openHttp2(headersOf(asked)) : `GET ${asked} HTTP/1.1\r\nhost: l\r\n\r\n`)
        await once(client, 'data')
        client.resume()[leave]()
        await eventually(() => assert.equal(sumCounters(memory)[tcpConnections.at], 0))
      }
    })

    test('a listener that closes answers what is under way', async () => {
      const { port } = await listen()
      const asked = asking('POST', query('ns.example.org. A'))
      const { finish, reply } = version === 'HTTP/2' ? await halfHttp2(port, asked) : await halfHttp1(port, asked)
      const gone = listener?.close()
      finish()
      assert.equal(await reply, 200)
      await gone
    })
  })
}

describe('HTTP/2', () => {
  test('streams of a connection are bounded', async () => {
    const { port } = await listen()
    const session = await connected(port)
    assert.equal(session.remoteSettings.maxConcurrentStreams, 100)
  })

  test('bodies that come octet by octet take up little more than their octets', async () => {
    const { port } = await listen()
    const client = await secured(port, 'h2')
    const ids = Array.from({ length: 90 }, (_, i) => 1 + 2 * i)
    client.write(Buffer.concat([openHttp2(), ...ids.map((id) => frame(HEADERS, END_HEADERS, id, HEAD_OF_POST))]))
    const before = heapUsed()
    for (const id of ids) client.write(frame(DATA, 0, id, Buffer.alloc(1)).toString('latin1').repeat(2000), 'latin1')
    await sleep(500)
    const taken = heapUsed() - before
    assert.ok(taken < 5_000_000, `${taken} octets of heap for ${ids.length * 2000}`)
  })

  test('who resets streams again and again is cut (CVE-2023-44487)', async () => {
    let answered = 0
    const { port } = await listen(LIMITS, (packet, from) => {
      answered++
      return answer(packet, from)
    })
    const client = await secured(port, 'h2')
    const gone = closed(client)
    client.write(openHttp2())
    const head = headersOf(asking('GET', query('ns.example.org. A')).path)
    const code = Buffer.from([0, 0, 0, constants.NGHTTP2_CANCEL])
    for (let id = 1; id < 10_000 && !client.destroyed; id += 2) {
      client.write(Buffer.concat([frame(HEADERS, END_HEADERS | END_STREAM, id, head), frame(RST_STREAM, 0, id, code)]))
      if (id % 100 === 1) await new Promise((later) => setTimeout(later, 1))
    }
    await gone
    assert.ok(answered < 1000, `${answered} answers were made`)
  })
})

test('HTTP/1.1 may name the whole of what is asked (RFC 9112 3.2.2)', async () => {
  const { port } = await listen()
  const { path, ...asked } = asking('GET', query('ns.example.org. A'))
  for (const origin of ['https://localhost', 'HTTPS://localhost:8443'])
    assert.equal((await askHttp1(port, { ...asked, path: `${origin}${path}` })).status, 200)
  assert.equal((await askHttp1(port, { ...asked, path: `https://localhost/other${path}` })).status, 404)
})

describe('HTTP/1.1, pipelined', () => {
  const get = (question: string) => `GET ${asking('GET', query(question)).path} HTTP/1.1\r\nhost: l\r\n\r\n`

  test('who sends 3000 requests ahead is cut', async () => {
    let answered = 0
    const { port } = await listen(LIMITS, (packet, from) => {
      answered++
      return answer(packet, from)
    })
    const client = (await secured(port, 'http/1.1')).pause()
    client.write(get('huge.example.org. TXT').repeat(3000))
    await closed(client)
    assert.ok(answered < 300, `${answered} answers were made`)
  })

  test('a body may come later than the requests before it', async () => {
    const { port } = await listen()
    const client = await secured(port, 'http/1.1')
    const packet = query('ns.example.org. A')
    const head = `POST /dns-query HTTP/1.1\r\nhost: l\r\ncontent-type: ${MEDIA_TYPE}\r\ncontent-length: ${packet.length}`
    client.write(`${get('ns.example.org. A').repeat(3)}${head}\r\n\r\n`)
    let text = ''
    client.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    await eventually(() => assert.equal(text.match(/200 OK/g)?.length, 3))
    client.write(packet)
    await eventually(() => assert.equal(text.match(/200 OK/g)?.length, 4))
  })

  test('who does not take replies stops being answered, and gets all once it does', async () => {
    let answered = 0
    const { port } = await listen(LIMITS, (packet, from) => {
      answered++
      return answer(packet, from)
    })
    const client = (await secured(port, 'http/1.1')).pause()
    client.write(get('huge.example.org. TXT').repeat(170)) // as many as come in one piece
    for (let before = -1; before !== answered || answered === 0; ) {
      before = answered
      await sleep(100)
    }
    assert.ok(answered < 170, `${answered} answers were made`)
    let size = 0
    client.on('data', (chunk) => {
      size += chunk.length
    })
    client.resume()
    await eventually(() => assert.ok(size > 170 * 60_000))
  })
})

test('an idle connection of HTTP/2 is told to come again on another', async () => {
  const { port } = await listen({ ...LIMITS, idleMs: 100 })
  const session = await connected(port)
  const [code] = await once(session, 'goaway')
  assert.equal(code, constants.NGHTTP2_NO_ERROR)
})

// ---------------------------------------------------------------------------

/** What is in use after garbage was collected. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
  return process.memoryUsage().heapUsed
}

async function listen(limits = LIMITS, answers: Answer = answer, path = '/dns-query'): Promise<SecureListener> {
  const parts = { answer: answers, counters, reusePort: false }
  const certificate = { chain: cert, key, ticketKeys: newTicketKeys() }
  listener = await listenHttps({ host: '127.0.0.1', port: 0 }, parts, limits, { certificate, path })
  return listener
}
