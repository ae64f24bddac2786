/** RFC 2181 9: what does not fit is left out as a whole RRset, and TC says so unless it was only additional. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answering, ask } from '../scenario.ts'

const hosts = Array.from({ length: 10 }, (_, i) => `mail-exchange-${i}`)
const zone = `
$TTL 300
@   SOA ns hostmaster 1 3600 600 86400 60
@   NS  ns
ns  A   192.0.2.1
${Array.from({ length: 60 }, (_, i) => `big TXT "${String(i).padStart(60, '0')}"`).join('\n')}
${hosts.map((host, i) => `mx MX ${i} ${host}\n${host} AAAA 2001:db8::${i}`).join('\n')}
`
const answer = answering({ 'example.org.': zone })

for (const [options, limit] of [
  ['', 512],
  [' +edns +bufsize=100', 512],
  [' +edns +bufsize=800', 800],
  [' +edns +bufsize=1232', 1232],
  [' +edns +bufsize=4096', 1232],
] as const) {
  test(`an answer that is too large for UDP${options}`, () => {
    const message = ask(answer, `big.example.org. TXT${options}`)
    assert.equal(message.tc, true)
    assert.equal(message.answer.length, 0)
    assert.equal(message.edns !== undefined, options !== '')
  })

  test(`as many addresses as there is room for, without TC${options}`, () => {
    const message = ask(answer, `mx.example.org. MX${options}`)
    assert.equal(message.tc, false)
    assert.equal(message.answer.length, hosts.length)
    const size = HEADER + QUESTION + hosts.length * MX_RR + (options === '' ? 0 : OPT)
    const fitting = Math.min(hosts.length, Math.floor((limit - size) / ADDRESS_RR))
    assert.equal(message.additional.length, fitting)
  })
}

test('the whole answer over TCP', () => {
  const message = ask(answer, 'big.example.org. TXT +tcp')
  assert.equal(message.tc, false)
  assert.equal(message.answer.length, 60)
})

const types = Array.from({ length: 300 }, (_, i) => 1000 + i)
const crowded = answering({
  'example.org.': `$TTL 300\n@ SOA ns h 1 3600 600 86400 60\n@ NS ns\nns A 192.0.2.1\n${types
    .map((type) => `many TYPE${type} \\# 2 ${type.toString(16).padStart(4, '0')}`)
    .join('\n')}`,
})

test('a name with many RRsets: each by its type, all of them to ANY over TCP', () => {
  for (const type of types) {
    const { answer: records } = ask(crowded, `many.example.org. TYPE${type}`)
    assert.deepEqual(
      records.map((record) => [record.type, Buffer.from(record.rdata).readUInt16BE()]),
      [[type, type]],
    )
  }
  assert.equal(ask(crowded, 'many.example.org. TYPE999').answer.length, 0)
  const all = ask(crowded, 'many.example.org. ANY +tcp')
  assert.deepEqual(
    all.answer.map(({ type }) => type),
    types,
  )
})

// ---------------------------------------------------------------------------

const HEADER = 12
const QUESTION = 'mx.example.org.'.length + 1 + 4
const MX_RR = 2 + 10 + 2 + 'mail-exchange-0'.length + 1 + 2 // owner and zone are pointers
const ADDRESS_RR = 2 + 10 + 16
const OPT = 11
