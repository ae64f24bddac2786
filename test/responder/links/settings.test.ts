/** What may be said of the links about EDNS options and identity, and what is told of the rest. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseConfig } from '../../../responder/config/config.ts'

const SECRET = 'e5e973e5a6b2a43f48e7dc849e37bfcf'
const SECRETS = 'must be one or two secrets of 32 hexadecimal digits'

describe('is taken', () => {
  for (const links of [
    { bufsize: 512, cookies: true, padding: true, keepalive: true, extendedErrors: true, nsid: true, expire: true },
    { bufsize: 4096, cookies: false, padding: false, keepalive: false, extendedErrors: false, nsid: false },
    { bufsize: false, cookies: { secrets: [SECRET, SECRET.toUpperCase()], required: true }, padding: { block: 128 } },
    { nsid: { id: 'node' }, chaos: { version: 'x', id: false, hostname: true, authors: 'ü'.repeat(127) } },
    { nsid: {}, chaos: true, expire: false, minimal: true },
    { chaos: false, minimal: false },
  ]) {
    test(JSON.stringify(links), () => assert.doesNotThrow(() => read(links)))
  }
})

describe('is refused', () => {
  for (const [links, message] of [
    [{ bufsize: 511 }, 'links.bufsize: Invalid value: Expected >=512 but received 511'],
    [{ bufsize: 4097 }, 'links.bufsize: Invalid value: Expected <=4096 but received 4097'],
    [{ bufsize: 1232.5 }, 'links.bufsize: Invalid integer: Received 1232.5'],
    [{ cookies: { secrets: [] } }, `links.cookies.secrets: ${SECRETS}`],
    [{ cookies: { secrets: [SECRET, SECRET, SECRET] } }, `links.cookies.secrets: ${SECRETS}`],
    [{ cookies: { secrets: SECRET } }, `links.cookies.secrets: ${SECRETS}`],
    [{ cookies: { secrets: [`${SECRET}0`] } }, `links.cookies.secrets.0: ${SECRETS}`],
    [{ cookies: { secrets: [SECRET, 7] } }, `links.cookies.secrets.1: ${SECRETS}`],
    [{ cookies: { secret: SECRET } }, 'links.cookies: "secret" is not known here; did you mean "secrets"?'],
    [{ padding: { block: 1 } }, 'links.padding.block: Invalid value: Expected >=2 but received 1'],
    [{ nsid: { id: '' } }, 'links.nsid.id: the text is empty'],
    [{ nsid: { id: 'ü'.repeat(128) } }, 'links.nsid.id: the text takes more than 255 octets'],
    [{ chaos: { server: true } }, 'links.chaos: "server" is not known here'],
  ] as const) {
    test(JSON.stringify(links).slice(0, 80), () => {
      assert.throws(
        () => read(links),
        ({ message: told }: Error) => {
          assert.equal(told, `file: ${message}`)
          assert.ok(!told.includes(SECRET), 'no secret is told')
          return true
        },
      )
    })
  }
})

// ---------------------------------------------------------------------------

function read(links: object) {
  return parseConfig(JSON.stringify({ links }), 'file')
}
