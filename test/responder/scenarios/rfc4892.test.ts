/** RFC 4892: which node answers, and what else is asked of a server by TXT of class CH. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import project from '../../../package.json' with { type: 'json' }
import { answering, fromTransport, scenario } from '../scenario.ts'

const zones = { '.': '@ 300 SOA ns h 1 3600 600 86400 60\n@ 300 NS ns\nns 300 A 192.0.2.1\nid.server 300 TXT "in IN"' }
const REFUSED = { says: 'REFUSED' }
const CH = 'class=3'
const txt = (name: string, text: string) => ({ says: 'NOERROR aa', answer: [`${name} 0 CH TXT "${text}"`] })

scenario('RFC 4892: usually', zones, [
  { ask: `id.server. TXT ${CH}`, ...txt('id.server.', 'node-1') },
  { ask: `ID.Server. TXT ${CH} +tcp`, ...txt('id.server.', 'node-1') },
  { ask: `hostname.bind. TXT ${CH}`, ...txt('hostname.bind.', 'node-1') },
  { ask: `authors.bind. TXT ${CH}`, ...txt('authors.bind.', 'The authors of Namestream') },
  { ask: `version.bind. TXT ${CH}`, ...REFUSED },
  { ask: `version.server. TXT ${CH}`, ...REFUSED },
  { ask: `other.bind. TXT ${CH}`, ...REFUSED },
  { ask: `id.server. A ${CH}`, ...REFUSED },
  { ask: `id.server. ANY ${CH}`, ...REFUSED },
  { ask: `id.server. TXT class=4`, ...REFUSED },
  { ask: 'id.server. TXT', says: 'NOERROR aa', answer: ['id.server. 300 TXT "in IN"'] },
])

const VERSION = `Namestream ${project.version}`

scenario(
  'each as it is set',
  zones,
  [
    { ask: `version.bind. TXT ${CH}`, ...txt('version.bind.', VERSION) },
    { ask: `version.server. TXT ${CH}`, ...txt('version.server.', VERSION) },
    { ask: `id.server. TXT ${CH}`, ...txt('id.server.', 'gr\\195\\188n') },
    { ask: `hostname.bind. TXT ${CH}`, ...REFUSED },
    { ask: `authors.bind. TXT ${CH}`, ...REFUSED },
  ],
  { chaos: { version: true, id: 'grün', hostname: false, authors: false } },
)

scenario('none', zones, [{ ask: `id.server. TXT ${CH}`, ...REFUSED }], { chaos: false })

test('the owner is written as it was asked: it points at the question', () => {
  const question = '024964065365525665520000100003' // Id.SeRVeR. CH TXT
  const reply = answering(zones)(Buffer.from(`126700000001000000000000${question}`, 'hex'), fromTransport('udp'))
  const answer = 'c00c00100003000000000007066e6f64652d31' // the pointer, TTL 0, "node-1"
  assert.equal(Buffer.from(reply ?? []).toString('hex'), `126784000001000100000000${question}${answer}`)
})
