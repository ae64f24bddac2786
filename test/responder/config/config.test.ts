import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { parseConfig } from '../../../responder/config/config.ts'
import { readConfig } from '../../../responder/config/file.ts'
import { closest } from '../../../responder/config/spelling.ts'
import { parseName } from '../../../shared/dns/name.ts'

const folder = mkdtempSync(join(tmpdir(), 'config-test-'))
after(() => rmSync(folder, { recursive: true }))

test('a file that says all there is', () => {
  const file = join(folder, 'full.json')
  writeFileSync(
    file,
    JSON.stringify({
      $schema: 'schema.json',
      zones: { 'example.org': 'example.org.zone', 'example.net.': '/zones/example.net' },
      dns: ['127.0.0.1:53', '[::1]:53'],
      tls: { certificate: 'cert.pem', key: 'keys/key.pem', listen: ['127.0.0.1:853'] },
      https: { listen: ['127.0.0.1:443'], path: '/resolve' },
      tcp: { connections: 10, perClient: 2, idle: 1.5 },
      health: '127.0.0.1:8080',
      workers: 2,
      lameduck: 20,
      interval: 0.5,
      reload: 60,
      links: { any: { over: 'all' } },
    }),
  )
  assert.deepEqual(readConfig(file), {
    zones: [
      { origin: parseName('example.org.'), file: join(folder, 'example.org.zone') },
      { origin: parseName('example.net.'), file: '/zones/example.net' },
    ],
    dns: [
      { host: '127.0.0.1', port: 53 },
      { host: '::1', port: 53 },
    ],
    tls: [{ host: '127.0.0.1', port: 853 }],
    certificate: join(folder, 'cert.pem'),
    key: join(folder, 'keys/key.pem'),
    https: [{ host: '127.0.0.1', port: 443 }],
    path: '/resolve',
    limits: { connections: 10, perClient: 2, idleMs: 1500 },
    control: { host: '127.0.0.1', port: 8080 },
    workers: 2,
    lameduckMs: 20_000,
    intervalMs: 500,
    reloadMs: 60_000,
    links: { any: { over: 'all' } },
  })
})

test('a file that says nothing', () => {
  const file = join(folder, 'empty.json')
  writeFileSync(file, '{}')
  assert.deepEqual(readConfig(file), { links: {} })
  writeFileSync(file, '{"reload": false}')
  assert.deepEqual(readConfig(file), { links: {}, reloadMs: 0 })
})

describe('is refused, in one line that says where it is wrong', () => {
  for (const [text, complaint] of [
    ['{', /^c: Expected property name/],
    ['[]', 'c: a configuration is an object, not a list'],
    ['1', /^c: Invalid type: Expected Object/],
    ['{"wrokers": 2}', 'c: "wrokers" is not known here; did you mean "workers"?'],
    ['{"banana": 2}', 'c: "banana" is not known here'],
    ['{"tls": {"certificat": "a", "key": "b"}}', 'c: tls: "certificat" is not known here; did you mean "certificate"?'],
    ['{"tls": {"certificate": "a"}}', 'c: tls: "key" is missing'],
    ['{"links": {"anny": true}}', 'c: links: "anny" is not known here; did you mean "any"?'],
    ['{"links": {"any": {"ovr": "udp"}}}', 'c: links.any: "ovr" is not known here; did you mean "over"?'],
    ['{"links": {"any": {"over": "tcp"}}}', /^c: links\.any\.over: Invalid type: Expected \("udp" \| "all"\)/],
    ['{"links": {"any": 1}}', /^c: links\.any: Invalid type/],
    ['{"dns": []}', /^c: dns: Invalid length/],
    ['{"dns": ["127.0.0.1:53", "localhost"]}', 'c: dns.1: "localhost" is not HOST:PORT'],
    ['{"health": "127.0.0.1"}', 'c: health: "127.0.0.1" is not HOST:PORT'],
    ['{"workers": 0}', /^c: workers: Invalid value: Expected >=1/],
    ['{"workers": 1.5}', /^c: workers: Invalid integer/],
    ['{"reload": 0}', /^c: reload: /],
    ['{"reload": true}', /^c: reload: /],
    ['{"zones": {"a..b": "file"}}', /^c: zones\.a\.\.b: /],
    ['{"zones": {"example.org": ""}}', /^c: zones\.example\.org: /],
    ['{"https": {"listen": ["127.0.0.1:1"], "path": "dns"}}', /^c: https\.path: a path begins with \//],
    ['{"tcp": {"idle": 0}}', /^c: tcp\.idle: /],
    // JSON.parse takes the last of them, and what the first says would be lost.
    ['{"workers": 1, "workers": 2}', 'c: "workers" is there twice'],
    [
      '{"links": {"acl": [{"action": "block"}], "any": true, "\\u0061cl": [{"action": "allow"}]}}',
      'c: links: "acl" is there twice',
    ],
    [
      '{"links": {"acl": [{"action": "drop"}, {"from": ["::"], "action": "drop", "from": []}]}}',
      'c: links.acl.1: "from" is there twice',
    ],
    // As names of zones or weights they would be passed over.
    ['{"zones": {"constructor": "a"}}', 'c: zones: "constructor" cannot be a key'],
    ['{"zones": {"__proto__": "a"}}', 'c: zones: "__proto__" cannot be a key'],
    [
      '{"links": {"loadbalance": {"policy": "weighted", "weights": {"prototype": {"192.0.2.1": 1}}}}}',
      'c: links.loadbalance.weights: "prototype" cannot be a key',
    ],
  ] as const) {
    test(text, () => {
      assert.throws(() => parseConfig(text, 'c'), { message: complaint })
    })
  }

  test('the same key in two places is none that is there twice, nor is one in a text', () => {
    const text =
      '{"$schema": "{\\"workers\\": 1, \\"workers\\": [", "zones": {"a": "a", "a.": "a"}, "links": {"nsid": {}, "any": {"over": "all"}}}'
    assert.doesNotThrow(() => parseConfig(text, 'c'))
  })

  const SECRET = 'e5e973e5a6b2a43f48e7dc849e37bfcf'
  for (const cookies of [
    `"${SECRET}"`,
    SECRET,
    `{"secrets": [${SECRET}]}`,
    `{"secrets": ["${SECRET}" "${SECRET}"]}`,
    `{"secrets": [ "${SECRET}"${SECRET}]}`,
    `{"${SECRET}": true}`,
    `{"required": "${SECRET}"}`,
    `{"required": "${SECRET.toUpperCase()}"}`,
    `{"secrets": {"${SECRET}": "${SECRET}"}}`,
    `{"${SECRET}": 1, "${SECRET}": 2}`,
  ]) {
    test(`without a secret: ${cookies}`, () => {
      assert.throws(
        () => parseConfig(`{"links": {"cookies": ${cookies}}}`, 'c'),
        ({ message }: Error) => !/[\da-f]{8}/i.test(message),
      )
    })
  }

  test('a file that is not there', () => {
    assert.throws(() => readConfig('/no/such/file'), { message: '/no/such/file: there is no such file' })
  })
})

describe('the word that was meant', () => {
  const known = ['zones', 'dns', 'tls', 'https', 'tcp', 'workers', 'lameduck', 'reload', 'certificate']
  for (const [word, meant] of [
    ['zone', 'zones'],
    ['Workers', 'workers'],
    ['worekrs', 'workers'],
    ['lame-duck', 'lameduck'],
    ['http', 'https'],
    ['tsl', 'tls'],
    ['certificates', 'certificate'],
    ['links', undefined],
    ['x', undefined],
    ['', undefined],
  ] as const) {
    test(`${JSON.stringify(word)}: ${meant ?? 'none'}`, () => assert.equal(closest(word, known), meant))
  }
})
