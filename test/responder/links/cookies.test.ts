/** What RFC 7873 does not say: threads that share a port have one secret, and links above learn of good cookies. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createChain } from '../../../responder/chain.ts'
import { cookies } from '../../../responder/links/cookies.ts'
import { Counters, createCounterMemory } from '../../../responder/metrics/counters.ts'
import { startResponder } from '../../../responder/responder.ts'
import { zoneFiles } from '../../../responder/sources/zone-files.ts'
import { OptionCode, Rcode } from '../../../shared/dns/codes.ts'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import { encodeQuery } from '../../../shared/dns/encode-query.ts'
import type { Message } from '../../../shared/dns/message.ts'
import { parseName } from '../../../shared/dns/name.ts'
import { fromTransport } from '../scenario.ts'
import { Served } from '../served.ts'

const CLIENT = Buffer.from('0102030405060708', 'hex')

test('a cookie of one worker is good for all', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'cookies-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'zone')
  writeFileSync(file, '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1\n')
  const responder = await startResponder({
    source: zoneFiles([{ origin: parseName('example.org.'), file }]),
    dns: [{ host: '127.0.0.1', port: 0 }],
    workers: 3,
    links: { cookies: { required: true } },
  })
  t.after(() => responder.stop())
  const [dns] = await responder.ready
  const port = dns?.port ?? 0
  const first = await ask(port, CLIENT)
  assert.equal(first.rcode, Rcode.BADCOOKIE)
  const cookie = cookieOf(first)
  // The kernel shares out requests by the port that they come from: so many do not all reach one worker.
  for (let i = 0; i < 32; i++) {
    const message = await ask(port, cookie)
    assert.equal(message.rcode, Rcode.NOERROR)
    assert.deepEqual(cookieOf(message), cookie)
  }
})

test('a reply to who sent a good cookie says so', () => {
  const parts = {
    zones: new Served().zones,
    counters: new Counters(createCounterMemory(1), 0),
    report: (error: unknown) => assert.fail(String(error)),
  }
  const handle = createChain(parts, {}, [cookies])
  const replyTo = (body: Uint8Array) => {
    const edns = { version: 0, udpSize: 1232, dnssecOk: false, options: [{ code: OptionCode.COOKIE, body }] }
    const query = { id: 1, opcode: 0, rd: false, cd: false, questions: 1, edns }
    return handle({ query, wellFormed: true, from: fromTransport('udp'), size: 12 })
  }
  const learnt = replyTo(CLIENT)
  assert.equal(learnt.proven, undefined)
  const cookie = learnt.edns?.options[0]?.body ?? assert.fail()
  assert.equal(replyTo(cookie).proven, true)
  assert.equal(replyTo(cookie.with(23, (cookie[23] as number) ^ 1)).proven, undefined)
})

// ---------------------------------------------------------------------------

/** Asks over UDP from a port of its own, again until there is an answer. */
async function ask(port: number, cookie: Uint8Array): Promise<Message> {
  const client = createSocket('udp4')
  client.connect(port, '127.0.0.1')
  await once(client, 'connect')
  const options = [{ code: OptionCode.COOKIE, body: cookie }]
  const edns = { version: 0, udpSize: 1232, dnssecOk: false, options }
  const send = () => client.send(encodeQuery({ id: 1, name: parseName('ns.example.org.'), type: 1, edns }))
  send()
  const again = setInterval(send, 1000)
  try {
    const [packet] = await once(client, 'message')
    return decodeMessage(packet)
  } finally {
    clearInterval(again)
    client.close()
  }
}

function cookieOf(message: Message): Buffer {
  return Buffer.from(message.edns?.options[0]?.body ?? assert.fail('no cookie'))
}
