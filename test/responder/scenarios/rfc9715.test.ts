/** RFC 9715: how much goes into a datagram. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LinkSettings } from '../../../responder/chain.ts'
import { answering, ask } from '../scenario.ts'

const texts = Array.from({ length: 60 }, (_, i) => `big 300 TXT "${String(i).padStart(50, 'x')}"`)
const zone = ['@ 300 SOA ns h 1 3600 600 86400 60', '@ 300 NS ns', 'ns 300 A 192.0.2.1', ...texts].join('\n')
const small = texts.slice(0, 18).map((text) => text.replace('big', 'small')) // 1,154 octets
const medium = texts.slice(0, 20).map((text) => text.replace('big', 'medium')) // 1,281 octets

for (const [question, links, offered, truncated] of [
  ['small TXT +bufsize=4096', {}, 1232, false],
  ['medium TXT +bufsize=4096', {}, 1232, true],
  ['medium TXT +bufsize=4096', { bufsize: 1400 }, 1400, false],
  ['medium TXT +bufsize=1232', { bufsize: 1400 }, 1400, true],
  ['small TXT +bufsize=4096', { bufsize: 512 }, 512, true],
  ['big TXT +bufsize=4096', { bufsize: 4096 }, 4096, false],
  ['big TXT +bufsize=4096 +tcp', { bufsize: 512 }, 512, false],
  ['small TXT', { bufsize: 4096 }, undefined, true], // without EDNS 512 (RFC 1035 4.2.1)
  ['nx A +bufsize=1', { bufsize: 1400 }, 1400, false],
  ['nx A +edns=1', { bufsize: 1400 }, 1400, false],
] as const satisfies [string, LinkSettings, number | undefined, boolean][]) {
  test(`${question} ${JSON.stringify(links)}`, () => {
    const answer = answering({ 'example.org.': [zone, ...small, ...medium].join('\n') }, links)
    const message = ask(answer, question.replace(' ', '.example.org. '))
    assert.equal(message.edns?.udpSize, offered)
    assert.equal(message.tc, truncated)
    assert.equal(message.answer.length > 0, !truncated && !question.startsWith('nx'))
  })
}
