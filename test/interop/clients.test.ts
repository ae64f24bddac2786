import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { startStack } from '../e2e/stack.ts'
import { eventually } from '../eventually.ts'
import { addresses, askUdp } from '../responder/client.ts'
import { output, testWith } from './tools.ts'

const TALK = 'rpc.szbd-uc.uaebd.local'
const NAME = `com.alipay.userservice.interface1.${TALK}`

const stack = await startStack('--ephemeral', '--zone', `${TALK},example.org`)
const url = `${stack.http}/dynapi`
const at = ['@127.0.0.1', '-p', String(stack.dns.port)]

const folder = mkdtempSync(join(tmpdir(), 'namestream-interop-'))
after(() => rmSync(folder, { recursive: true, force: true }))

testWith(['curl', 'dig', 'nslookup'], 'the session of the talk', async () => {
  assert.equal(await output('dig', ['+short', ...at, NAME]), '')
  assert.match(await output('dig', [...at, NAME]), /status: NXDOMAIN/)
  assert.match(await nslookup(NAME, 1), /server can't find .*: NXDOMAIN/)

  const record = file('record.json', { zone: `${TALK}.`, name: 'com.alipay.userservice.interface1', ...HOST })
  assert.equal(await output('curl', ['-sS', '-X', 'PUT', '-d', `@${record}`, url]), 'OK')
  await eventually(async () => assert.equal(await output('dig', ['+short', ...at, NAME]), '192.168.88.5\n'))
  assert.match(await nslookup(NAME), new RegExp(`Name:\\t${NAME}\nAddress: 192.168.88.5\n`))
})

testWith(['curl', 'dig'], 'with no content type, with Expect: 100-continue, with a chunked body', async () => {
  const sent = [
    ['none', ['-H', 'Content-Type:']],
    ['expect', ['-H', 'Expect: 100-continue']],
    ['chunked', ['-H', 'Transfer-Encoding: chunked']],
    ['http10', ['--http1.0']],
  ] as const
  for (const [name, options] of sent) {
    const body = JSON.stringify({ zone: 'example.org.', name, type: 'A', address: '192.0.2.1' })
    assert.equal(await output('curl', ['-sS', '-X', 'PUT', ...options, '-d', body, url]), 'OK', name)
  }
  for (const [name] of sent) {
    await eventually(async () =>
      assert.equal(await output('dig', ['+short', ...at, `${name}.example.org`]), '192.0.2.1\n'),
    )
  }
})

testWith(['curl', 'dig'], 'the whole exchange of each verb', async () => {
  const body = JSON.stringify({ zone: 'example.org.', name: 'verbs', type: 'AAAA', address: '2001:db8::1', TTL: 60 })
  const say = (verb: string) => output('curl', ['-sS', '-o', '-', '-w', ' %{http_code}', '-X', verb, '-d', body, url])
  assert.equal(await say('PATCH'), 'Record does not exist 400')
  assert.equal(await say('POST'), 'OK 200')
  assert.equal(await say('POST'), 'Record already exists 400')
  assert.equal(await say('PATCH'), 'OK 200')
  await eventually(async () =>
    assert.equal(await dig('verbs.example.org', 'AAAA'), 'verbs.example.org. 60 IN AAAA 2001:db8::1\n'),
  )
  assert.equal(await say('DELETE'), 'OK 200')
  assert.equal(await say('DELETE'), 'Record does not exist 400')
  assert.equal(await say('GET'), ' 405')
  await eventually(async () => assert.match(await output('dig', [...at, 'verbs.example.org']), /status: NXDOMAIN/))
})

testWith(['curl'], 'more than a gateway takes is refused', async () => {
  const large = file('large', 'x'.repeat(11 * 1024 * 1024))
  const answer = await output('curl', [
    '-sS',
    '-o',
    '-',
    '-w',
    ' %{http_code}',
    '-X',
    'PUT',
    '--data-binary',
    `@${large}`,
    url,
  ])
  assert.equal(answer, '{"message":"Request Entity Too Large"} 413')
})

testWith(['dig'], 'over TCP, with EDNS and a cookie, SOA with the serial, REFUSED elsewhere', async () => {
  await registered('dig')
  for (const option of ['+tcp', '+noedns', '+bufsize=4096', '+nocookie', '+dnssec', '+subnet=192.0.2.0/24', '+qr']) {
    assert.match(
      await output('dig', [option, ...at, 'dig.example.org']),
      /status: NOERROR.*ANSWER SECTION:\ndig\.example\.org\.\s/s,
      option,
    )
  }
  assert.match(
    await dig('example.org', 'SOA'),
    /^example\.org\. 3600 IN SOA ns\.example\.org\. hostmaster\.example\.org\. [1-9]\d* /,
  )
  assert.match(await output('dig', [...at, 'elsewhere.example']), /status: REFUSED/)
  const keeps = await output('dig', [...at, 'DiG.eXample.oRG'])
  assert.match(keeps, /^DiG\.eXample\.oRG\.\s+\d+\s+IN\s+A\s+192\.0\.2\.1$/m)
})

testWith(['kdig'], 'over UDP and TCP', async () => {
  await registered('kdig')
  for (const option of ['+notcp', '+tcp', '+edns', '+cookie', '+padding=128']) {
    const answer = await output('kdig', [option, '@127.0.0.1', '-p', String(stack.dns.port), 'kdig.example.org', 'A'])
    assert.match(
      answer,
      /status: NOERROR.*ANSWER SECTION:\nkdig\.example\.org\.\s+3600\s+IN\s+A\s+192\.0\.2\.1\n/s,
      option,
    )
  }
  const nothing = await output('kdig', ['@127.0.0.1', '-p', String(stack.dns.port), 'kdig.example.org', 'TXT'])
  assert.match(nothing, /status: NOERROR.*AUTHORITY SECTION:\nexample\.org\.\s+1\s+IN\s+SOA/s)
})

testWith(['nslookup'], 'addresses of both kinds, and names that are not there', async () => {
  await registered('nslookup')
  assert.match(await nslookup('nslookup.example.org'), /Address: 192\.0\.2\.1\n/)
  assert.match(await nslookup('absent.example.org', 1), /NXDOMAIN/)
})

// ---------------------------------------------------------------------------

const HOST = { type: 'A', address: '192.168.88.5', TTL: 3600 }

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

function nslookup(name: string, code = 0): Promise<string> {
  return output('nslookup', [`-port=${stack.dns.port}`, name, '127.0.0.1'], code)
}

/** The answer section, blanks made single. */
async function dig(name: string, type: string): Promise<string> {
  return (await output('dig', ['+noall', '+answer', ...at, name, type])).replaceAll(/[ \t]+/g, ' ')
}

/** Registers a name in example.org with the address 192.0.2.1 and waits until it is served. */
async function registered(name: string): Promise<void> {
  const record = { zone: 'example.org.', name, type: 'A', address: '192.0.2.1' }
  const response = await fetch(url, { method: 'PUT', body: JSON.stringify(record) })
  assert.equal(response.status, 200)
  await eventually(async () =>
    assert.deepEqual(addresses(await askUdp(stack.dns, `${name}.example.org A`)), ['192.0.2.1']),
  )
}
