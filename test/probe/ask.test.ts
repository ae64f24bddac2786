import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, test } from 'node:test'
import { AUTHORITATIVE_ANSWER, encode, TRUNCATED_RESPONSE } from 'dns-packet'
import { canonicalName, NameError } from '../../shared/dns/name.ts'
import { ask, askTcp, askUdp } from '../../shared/probe/ask.ts'
import { holdsAddress, describe as inWords } from '../../shared/probe/message.ts'
import { probeName } from '../../shared/probe/name.ts'
import { answer, type Behaviour, fromStranger, refusal, startDnsServer } from './dns-server.ts'

const ADDRESS = '198.18.0.1'
const name = probeName(canonicalName('example.org'))
const question = { name, type: 'A' } as const
const never = new AbortController().signal

/** What is taken for the answer, in words, and whether it is right. */
async function taken(behave: Behaviour, how = askUdp): Promise<readonly [string, boolean]> {
  const given = await how(await startDnsServer(behave), question, never)
  return [inWords(given), holdsAddress(given, ADDRESS)]
}

describe('an answer to the question', () => {
  const rows: readonly [title: string, behave: Behaviour, words: string, right: boolean][] = [
    ['right', (query) => [answer(query, ADDRESS)], ADDRESS, true],
    ['of an earlier run', (query) => [answer(query, '198.18.0.2')], '198.18.0.2', false],
    ['with one address more', (query) => [answer(query, ADDRESS, '198.18.0.2')], `${ADDRESS} 198.18.0.2`, false],
    ['NODATA', (query) => [answer(query)], 'no record', false],
    ['NXDOMAIN', (query) => [refusal(query, 3)], 'NXDOMAIN', false],
    ['REFUSED', (query) => [refusal(query, 5)], 'REFUSED', false],
    ['an rcode nobody knows', (query) => [refusal(query, 14)], 'rcode 14', false],
    ['of a cache', (query) => [{ ...answer(query, ADDRESS), flags: 0 }], `${ADDRESS}, not authoritative`, false],
    [
      'truncated',
      (query) => [{ ...answer(query, ADDRESS), flags: AUTHORITATIVE_ANSWER | TRUNCATED_RESPONSE }],
      'truncated',
      false,
    ],
    [
      'about another name',
      (query) => [{ ...answer(query), answers: [{ type: 'A', name: 'h.example.org', ttl: 1, data: ADDRESS }] }],
      'no record',
      false,
    ],
    [
      'of another type',
      (query) => [{ ...answer(query), answers: [{ type: 'AAAA', name, ttl: 1, data: '2001:db8::1' }] }],
      'no record',
      false,
    ],
    [
      'in another letter case',
      (query) => [{ ...answer(query, ADDRESS), questions: [{ type: 'A', name: name.toUpperCase() }] }],
      ADDRESS,
      true,
    ],
  ]
  for (const [title, behave, words, right] of rows) {
    test(title, async () => {
      assert.deepEqual(await taken(behave), [words, right])
      assert.deepEqual(await taken(behave, askTcp), [words, right])
    })
  }
})

describe('what is no answer is passed over, and the right one that comes after it is taken', {
  concurrency: true,
}, () => {
  const forged: readonly [title: string, sent: (query: Parameters<Behaviour>[0]) => ReturnType<Behaviour>][] = [
    ['another id', (query) => [{ ...answer(query, '192.0.2.1'), id: ((query.id ?? 0) + 1) & 0xffff }]],
    [
      'every id but its own',
      (query) =>
        Array.from({ length: 64 }, (_, i) => ({
          ...answer(query, '192.0.2.1'),
          id: ((query.id ?? 0) + 1 + i) & 0xffff,
        })),
    ],
    ['another name', (query) => [{ ...answer(query, '192.0.2.1'), questions: [{ type: 'A', name: 'h.example.org' }] }]],
    ['another type', (query) => [{ ...answer(query, '192.0.2.1'), questions: [{ type: 'SOA', name }] }]],
    ['another class', (query) => [{ ...answer(query, '192.0.2.1'), questions: [{ type: 'A', name, class: 'CH' }] }]],
    ['no question', (query) => [{ ...answer(query, '192.0.2.1'), questions: [] }]],
    ['the question itself', (query) => [query]],
    ['another opcode', (query) => [{ ...answer(query, '192.0.2.1'), flags: AUTHORITATIVE_ANSWER | (4 << 11) }]],
    ['garbage', () => [Buffer.from('garbage'), Buffer.alloc(0), Buffer.alloc(700, 0xff)]],
    ['a message that is cut off', (query) => [encode(answer(query, '192.0.2.1')).subarray(0, 40)]],
    ['another address to come from', (query) => [fromStranger(answer(query, '192.0.2.1'))]],
  ]
  for (const [title, sent] of forged) {
    test(title, async () => {
      assert.deepEqual(await taken((query) => [...sent(query), answer(query, ADDRESS)]), [ADDRESS, true])
    })

    test(`${title}, and nothing after it`, () => assert.rejects(taken(sent), { message: 'no answer' }))
  }
})

test('ids and ports are other ones each time', async () => {
  const ids = new Set<number>()
  const server = await startDnsServer((query) => {
    ids.add(query.id ?? 0)
    return [answer(query, ADDRESS)]
  })
  for (let i = 0; i < 20; i++) await askUdp(server, question, never)
  assert.ok(ids.size > 15)
})

describe('without an answer it rejects', { concurrency: true }, () => {
  test('a server that is silent over UDP', () =>
    assert.rejects(
      taken(() => []),
      { message: 'no answer' },
    ))

  test('one that closes the connection', () =>
    assert.rejects(
      taken(() => [], askTcp),
      { message: 'the connection was closed' },
    ))

  test('one that answers something else over TCP', () =>
    assert.rejects(
      taken((query) => [{ ...answer(query, ADDRESS), id: 0, questions: [] }], askTcp),
      {
        message: 'an answer to something else',
      },
    ))

  test('one that is not there', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    server.close()
    await once(server, 'close')
    for (const how of [askUdp, askTcp]) {
      await assert.rejects(how({ host: '127.0.0.1', port }, question, never), /ECONNREFUSED/)
    }
  })

  test('one that takes connections and says nothing', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    await assert.rejects(askTcp({ host: '127.0.0.1', port }, question, never), { message: 'no answer' })
    server.close()
  })

  test('when the signal is aborted, before or meanwhile', async () => {
    const server = await startDnsServer(() => [])
    await assert.rejects(askUdp(server, question, AbortSignal.abort()), { message: 'no answer' })
    const ending = new AbortController()
    const asking = askUdp(server, question, ending.signal)
    ending.abort()
    await assert.rejects(asking, { message: 'no answer' })
  })
})

test('what does not fit a datagram is asked for over TCP', async () => {
  const behave: Behaviour = (query, _, via) =>
    via === 'tcp' ? [answer(query, ADDRESS)] : [{ ...answer(query), flags: AUTHORITATIVE_ANSWER | TRUNCATED_RESPONSE }]
  assert.deepEqual(await taken(behave, ask), [ADDRESS, true])
})

test('a message that comes in pieces over TCP', async () => {
  const server = createServer((socket) => {
    socket.on('data', async (chunk) => {
      const octets = encode(answer({ id: chunk.readUInt16BE(2), questions: [question] }, ADDRESS))
      for (const octet of [octets.length >> 8, octets.length & 0xff, ...octets]) {
        socket.write(Uint8Array.of(octet))
        await new Promise(setImmediate)
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  assert.ok(holdsAddress(await askTcp({ host: '127.0.0.1', port }, question, never), ADDRESS))
  server.close()
})

describe('the name of the probe', () => {
  test('is below the zone', () => assert.equal(name, 'namestream-probe.example.org.'))

  test('not in a zone that dns-packet cannot ask for', () =>
    assert.throws(() => probeName(canonicalName('a\\.b.example.org')), NameError))

  test('not where it would be too long', () =>
    assert.throws(() => probeName(canonicalName(`${'abcdefg.'.repeat(30)}org`)), NameError))
})
