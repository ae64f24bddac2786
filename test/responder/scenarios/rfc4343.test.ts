/** RFC 4343 and RFC 2181 11: labels of any octets, letters alike in either case, escapes in master files (RFC 1035 5.1). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeMessage } from '../../../shared/dns/decode-message.ts'
import { octets } from '../../dns/octets.ts'
import { answering, fromTransport, scenario, show } from '../scenario.ts'

const zone = `
$TTL 300
@            SOA   NS HostMaster 1 3600 600 86400 60
@            NS    NS
NS           A     192.0.2.1
MiXed        A     192.0.2.2
mixed        AAAA  2001:db8::2
a\\.b         A     192.0.2.3
a.b          TXT   "two labels"
x\\032y       A     192.0.2.4
\\000\\255     A     192.0.2.5
\\042.w       A     192.0.2.6
\\*.v         A     192.0.2.7
*x           A     192.0.2.8
\\"\\(\\)\\;\\@\\$ A   192.0.2.9
\\\\           A     192.0.2.10
\\200         A     192.0.2.11
\\232         TXT   "not the same letter"
alias        CNAME A\\.B
`
const SOA = ['example.org. 60 SOA ns.example.org. hostmaster.example.org. 1 3600 600 86400 60']

scenario('RFC 4343 3: letters in either case are the same', { 'example.org.': zone }, [
  { ask: 'mixed.example.org. A', says: 'NOERROR aa', answer: ['mixed.example.org. 300 A 192.0.2.2'] },
  { ask: 'MIXED.EXAMPLE.ORG. AAAA', says: 'NOERROR aa', answer: ['mixed.example.org. 300 AAAA 2001:db8::2'] },
  { ask: '\\200.example.org. A', says: 'NOERROR aa', answer: ['\\200.example.org. 300 A 192.0.2.11'] },
  { ask: '\\232.example.org. A', says: 'NOERROR aa', authority: SOA },
])

scenario('RFC 2181 11: octets of any kind', { 'example.org.': zone }, [
  { ask: 'a\\.b.example.org. A', says: 'NOERROR aa', answer: ['a\\.b.example.org. 300 A 192.0.2.3'] },
  { ask: 'a.b.example.org. A', says: 'NOERROR aa', authority: SOA },
  { ask: 'b.example.org. A', says: 'NOERROR aa', authority: SOA }, // there because of a.b, not of a\.b
  { ask: 'x\\032y.example.org. A', says: 'NOERROR aa', answer: ['x\\032y.example.org. 300 A 192.0.2.4'] },
  { ask: '\\000\\255.example.org. A', says: 'NOERROR aa', answer: ['\\000\\255.example.org. 300 A 192.0.2.5'] },
  {
    ask: '\\"\\(\\)\\;\\@\\$.example.org. A',
    says: 'NOERROR aa',
    answer: ['\\"\\(\\)\\;\\@\\$.example.org. 300 A 192.0.2.9'],
  },
  { ask: '\\\\.example.org. A', says: 'NOERROR aa', answer: ['\\\\.example.org. 300 A 192.0.2.10'] },
  {
    ask: 'alias.example.org. A',
    says: 'NOERROR aa',
    answer: ['alias.example.org. 300 CNAME a\\.b.example.org.', 'a\\.b.example.org. 300 A 192.0.2.3'],
  },
])

scenario(
  'RFC 4592 2.1.1: an asterisk alone is a wildcard however it is written, and no other is',
  { 'example.org.': zone },
  [
    { ask: 'any.w.example.org. A', says: 'NOERROR aa', answer: ['any.w.example.org. 300 A 192.0.2.6'] },
    {
      ask: '\\001\\.\\255.v.example.org. A',
      says: 'NOERROR aa',
      answer: ['\\001\\.\\255.v.example.org. 300 A 192.0.2.7'],
    },
    { ask: 'yx.example.org. A', says: 'NXDOMAIN aa', authority: SOA },
  ],
)

test('RFC 4343 4.1: the question keeps its letters, and the owner is a pointer to it', () => {
  const answer = answering({ 'example.org.': zone })
  const question = octets("05'mIxEd' 07'ExAmPlE' 03'oRg' 00 0001 0001")
  const reply = answer(Buffer.concat([octets('1267 0000 0001 0000 0000 0000'), question]), fromTransport('udp'))
  assert.ok(reply !== undefined)
  assert.deepEqual(Buffer.from(reply.subarray(12, 12 + question.length)), Buffer.from(question))
  assert.deepEqual([...reply.subarray(12 + question.length, 14 + question.length)], [0xc0, 12])
  assert.deepEqual(show(decodeMessage(reply)).answer, ['mixed.example.org. 300 A 192.0.2.2'])
})
