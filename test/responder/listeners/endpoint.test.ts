import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatEndpoint, parseEndpoint } from '../../../responder/listeners/endpoint.ts'

for (const [text, host, port] of [
  ['127.0.0.1:5300', '127.0.0.1', 5300],
  ['0.0.0.0:0', '0.0.0.0', 0],
  ['[::1]:5300', '::1', 5300],
  ['[2001:db8::1]:65535', '2001:db8::1', 65535],
] as const) {
  test(`${text} is read and written`, () => {
    assert.deepEqual(parseEndpoint(text), { host, port })
    assert.equal(formatEndpoint({ host, port }), text)
  })
}

test('localhost is 127.0.0.1', () => assert.deepEqual(parseEndpoint('localhost:53'), { host: '127.0.0.1', port: 53 }))

for (const [text, reason] of [
  ['', /not HOST:PORT/],
  ['5300', /not HOST:PORT/],
  ['127.0.0.1', /not HOST:PORT/],
  ['127.0.0.1:', /not HOST:PORT/],
  ['127.0.0.1:http', /not HOST:PORT/],
  ['127.0.0.1:65536', /ports end at 65535/],
  ['127.0.0.256:53', /not an IP address/],
  ['example.org:53', /not an IP address/],
  ['::1:53', /not HOST:PORT/],
  ['[127.0.0.1]:53', /not an IP address/],
  [':53', /not an IP address/],
] as const) {
  test(`${JSON.stringify(text)} is refused`, () => assert.throws(() => parseEndpoint(text), reason))
}
