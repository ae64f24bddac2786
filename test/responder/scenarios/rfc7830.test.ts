/** RFC 7830: replies are padded if the requests are; RFC 8467: to which size. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LinkSettings } from '../../../responder/chain.ts'
import type { Transport } from '../../../responder/metrics/families.ts'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import { encodeQuery } from '../../../shared/dns/encode-query.ts'
import type { Edns, EdnsOption } from '../../../shared/dns/message.ts'
import { parseName } from '../../../shared/dns/name.ts'
import { answering, fromTransport } from '../scenario.ts'

const many = Array.from({ length: 40 }, (_, i) => `many 300 TXT "${i} of forty"`)
const zone = ['@ 300 SOA ns h 1 3600 600 86400 60', '@ 300 NS ns', 'ns 300 A 192.0.2.1', ...many].join('\n')

for (const [title, name, transport, padded, size, links] of [
  ['RFC 8467 4.1: a multiple of 468', 'ns', 'tls', true, 468, {}],
  ['a larger one', 'many', 'tls', true, 3 * 468, {}],
  ['over HTTPS', 'ns', 'https', true, 468, {}],
  ['what is refused', 'example.net.', 'tls', true, 468, {}],
  ['a block of another size', 'ns', 'tls', true, 128, { padding: { block: 128 } }],
  ['RFC 7830 4: a request without padding', 'ns', 'tls', false, 59, {}],
  ['RFC 7830 6: what is not encrypted is not padded', 'ns', 'tcp', true, 59, {}],
  ['nor over UDP', 'ns', 'udp', true, 59, {}],
  ['switched off', 'ns', 'tls', true, 59, { padding: false }],
] as const satisfies [string, string, Transport, boolean, number, LinkSettings][]) {
  test(title, () => {
    const reply = replyTo(name, transport, padded, links)
    assert.equal(reply.length, size)
    const options = decodeMessage(reply).edns?.options ?? []
    const padding = options.find(({ code }) => code === 12)
    assert.equal(padding !== undefined, size > 59)
    assert.ok(padding?.body.every((octet) => octet === 0) ?? true, 'RFC 7830 3: zeros')
  })
}

describe('RFC 7830 4: all replies are padded, whatever they say', () => {
  const PADDING = { code: 12, body: new Uint8Array(20) }
  const COOKIE = { code: 10, body: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }
  for (const [title, packet] of [
    ['a cookie that is malformed', query('ns', [{ code: 10, body: Uint8Array.of(1) }, PADDING])],
    ['a cookie alone', withoutQuestion(query('.', [COOKIE, PADDING]))],
    ['another version of EDNS', query('ns', [PADDING], { version: 1 })],
    ['another opcode', query('ns', [PADDING], {}, 2)],
    ['no question', withoutQuestion(query('.', [PADDING]))],
  ] as const) {
    test(title, () => {
      const answer = answering({ 'example.org.': zone })
      assert.equal(answer(packet, fromTransport('tls'))?.length, 468)
      assert.ok((answer(packet, fromTransport('tcp'))?.length ?? 468) < 100)
    })
  }
})

describe('other options stay', () => {
  test('NSID', () => {
    const { edns } = decodeMessage(replyTo('ns', 'tls', true, {}, [{ code: 3, body: new Uint8Array(0) }]))
    assert.deepEqual(
      edns?.options.map(({ code }) => code),
      [3, 12],
    )
  })
})

// ---------------------------------------------------------------------------

function query(name: string, options: readonly EdnsOption[], edns: Partial<Edns> = {}, opcode = 0): Uint8Array {
  return encodeQuery({
    id: 1,
    name: parseName(name, parseName('example.org.')),
    type: name === 'many' ? 16 : 1,
    opcode,
    edns: { version: 0, udpSize: 1232, dnssecOk: false, options, ...edns },
  })
}

/** Without the question for the root that stands behind the header. */
function withoutQuestion(packet: Uint8Array): Uint8Array {
  const [header, rest] = [packet.slice(0, 12), packet.subarray(12 + 5)]
  header[5] = 0 // QDCOUNT
  return Uint8Array.of(...header, ...rest)
}

function replyTo(
  name: string,
  transport: Transport,
  padded: boolean,
  links: LinkSettings,
  more: readonly EdnsOption[] = [],
): Uint8Array {
  const packet = query(name, [...more, ...(padded ? [{ code: 12, body: new Uint8Array(20) }] : [])])
  return answering({ 'example.org.': zone }, links)(packet, fromTransport(transport)) ?? assert.fail()
}
