/** The responder over UDP, TCP, TLS and HTTPS, asked by programs that others wrote. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before } from 'node:test'
import { parseEndpoint } from '../../responder/listeners/endpoint.ts'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import { parseName } from '../../shared/dns/name.ts'
import { output, testWith } from './tools.ts'

const folder = mkdtempSync(join(tmpdir(), 'namestream-transports-'))
const file = (name: string) => join(folder, name)
const ports = { dns: '', tls: '', https: '' }
let child: ChildProcess | undefined

before(async () => {
  if (spawnSync('openssl', ['version']).error !== undefined) return // every test says so itself
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const files = ['-keyout', file('key.pem'), '-out', file('cert.pem')]
  await output('openssl', ['req', '-x509', ...made, ...subject, ...files])
  const records = ['@ SOA ns h 1 3600 600 86400 60', '@ NS ns', 'ns A 192.0.2.1', 'www A 127.0.0.1']
  const big = Array.from({ length: 60 }, (_, i) => `big TXT "${String(i).padStart(60, '0')}"`)
  const names = Array.from({ length: 20 }, (_, i) => `n${i} A 198.18.0.${i}`)
  writeFileSync(file('zone'), `$TTL 300\n${[...records, ...big, ...names].join('\n')}\n`)
  writeFileSync(file('queries'), names.map((_, i) => `n${i}.example.org A\n`).join(''))
  child = spawn(process.execPath, [
    join(import.meta.dirname, '../../responder/main.ts'),
    ...['--zone', `example.org=${file('zone')}`, '--workers', '2'],
    ...['--certificate', file('cert.pem'), '--key', file('key.pem')],
    ...['--dns', '127.0.0.1:0', '--tls', '127.0.0.1:0', '--https', '127.0.0.1:0'],
  ])
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    if (line === 'ready') return
    const [, what = '', where = ''] = /^DNS over (\S+).*: (?:https:\/\/)?([^/]*)/.exec(line) ?? []
    const of = { UDP: 'dns', TLS: 'tls', HTTPS: 'https' }[what] as keyof typeof ports
    ports[of] = String(parseEndpoint(where).port)
  }
  throw new Error('the responder ended before it was ready')
})
after(async () => {
  const exit = child && once(child, 'exit')
  child?.kill('SIGKILL')
  await exit
  rmSync(folder, { recursive: true, force: true })
})

const ANSWER = /status: NOERROR.*ANSWER SECTION:\nwww\.example\.org\.\s+300\s+IN\s+A\s+127\.0\.0\.1\n/s
const at = (port: string) => ['@127.0.0.1', '-p', port]
const trust = () => [`+tls-ca=${file('cert.pem')}`, '+tls-hostname=localhost']

testWith(['openssl', 'kdig'], 'over TLS, with the certificate checked', async () => {
  assert.match(await output('kdig', ['+tls', ...trust(), ...at(ports.tls), 'www.example.org']), ANSWER)
  const shown = await output('kdig', ['-d', '+tls', ...trust(), ...at(ports.tls), 'www.example.org'])
  assert.match(shown, /The certificate is trusted/)
  const both = ['+keepopen', '+tls', ...at(ports.tls), 'www.example.org', 'big.example.org', 'TXT']
  const answers = await output('kdig', both)
  assert.equal(answers.match(/IN\s+TXT/g)?.length, 61, 'the question and 60 records')
})

testWith(['openssl', 'kdig'], 'over HTTPS, by POST and GET', async () => {
  for (const method of ['+https', '+https-get']) {
    const said = await output('kdig', [method, ...trust(), ...at(ports.https), 'www.example.org'])
    assert.match(said, ANSWER, method)
    assert.match(said, /HTTP session \(HTTP\/2-(POST|GET)\)-.*\(status: 200\)/)
    assert.match(said, /; id: 0\n/)
  }
  const whole = await output('kdig', ['+https', ...at(ports.https), 'big.example.org', 'TXT'])
  assert.match(whole, /ANSWER: 60;/)
})

testWith(['openssl', 'dig'], 'over TLS and HTTPS', async () => {
  for (const [option, port] of [
    ['+tls', ports.tls],
    ['+https', ports.https],
    ['+https-get', ports.https],
  ] as const) {
    assert.match(await output('dig', [option, ...at(port), 'www.example.org']), ANSWER, option)
  }
})

testWith(['openssl', 'curl'], 'GET and POST by HTTP/2 and HTTP/1.1', async () => {
  const query = encodeQuery({ id: 0, name: parseName('www.example.org.'), type: 1 })
  writeFileSync(file('query'), query)
  const url = `https://localhost:${ports.https}/dns-query`
  const dns = Buffer.from(query).toString('base64url')
  const post = ['-H', 'content-type: application/dns-message', '--data-binary', `@${file('query')}`]
  for (const version of ['--http2', '--http1.1']) {
    for (const asked of [[`${url}?dns=${dns}`], [...post, url]]) {
      const said = '%{http_version} %{http_code} %{content_type} %header{cache-control}'
      const fixed = ['-sS', '--cacert', file('cert.pem'), '--resolve', `localhost:${ports.https}:127.0.0.1`, version]
      const line = await output('curl', [...fixed, '-o', file('reply'), '-w', said, ...asked])
      assert.equal(line, `${version === '--http2' ? '2' : '1.1'} 200 application/dns-message max-age=300`)
      assert.equal(decodeMessage(readFileSync(file('reply'))).answer.length, 1)
    }
  }
})

testWith(['openssl', 'curl'], 'finds a host by DNS over HTTPS', async () => {
  const web = createServer((_, response) => response.end('found')).listen(0, '127.0.0.1')
  await once(web, 'listening')
  const { port } = web.address() as AddressInfo
  const doh = ['--doh-insecure', '--doh-url', `https://localhost:${ports.https}/dns-query`]
  const found = await output('curl', ['-sS', '--noproxy', '*', ...doh, `http://www.example.org:${port}/`])
  web.close()
  assert.equal(found, 'found')
})

testWith(['openssl'], 'speaks dot and h2 by ALPN, and nothing older than TLS 1.2', async () => {
  const connect = (port: string) => ['s_client', '-connect', `127.0.0.1:${port}`, '-CAfile', file('cert.pem')]
  assert.match(await output('openssl', [...connect(ports.tls), '-alpn', 'dot']), /ALPN protocol: dot\n/)
  const h2 = await output('openssl', [...connect(ports.https), '-alpn', 'h2,http/1.1'])
  assert.match(h2, /ALPN protocol: h2\n/)
  assert.match(h2, /Verify return code: 0 \(ok\)/)
  assert.match(await output('openssl', [...connect(ports.tls), '-tls1_2']), /Cipher is ECDHE-ECDSA-AES128-GCM-SHA256/)
  await output('openssl', [...connect(ports.tls), '-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'], 1)
  await output('openssl', [...connect(ports.tls), '-alpn', 'h2'], 1)
})

for (const [mode, of, load] of [
  ['udp', 'dns', ['-c', '4', '-n', '50']],
  ['tcp', 'dns', ['-c', '4', '-n', '50']],
  ['dot', 'tls', ['-c', '4', '-n', '50']],
  // It loses replies itself where several come at once (TODO in its net_doh.c), so it asks one after another.
  ['doh', 'https', ['-c', '1', '-q', '1', '-n', '1']],
] as const) {
  testWith(['openssl', 'dnsperf'], `all questions are answered over ${mode}`, async () => {
    const said = await output('dnsperf', [
      '-m',
      mode,
      '-s',
      '127.0.0.1',
      '-p',
      ports[of],
      '-d',
      file('queries'),
      ...load,
    ])
    assert.match(said, /Queries lost:\s+0 /)
    assert.match(said, /Response codes:\s+NOERROR \d+ \(100\.00%\)/)
  })
}
