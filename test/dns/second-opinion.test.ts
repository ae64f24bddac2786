/** What others make of the same messages and zone files: dns-packet, dig, kdig and named-checkzone. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { type Answer, decode, encode } from 'dns-packet'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { decodeQuery } from '../../shared/dns/decode-query.ts'
import { encodeQuery } from '../../shared/dns/encode-query.ts'
import { encodeReply } from '../../shared/dns/encode-reply.ts'
import type { Query } from '../../shared/dns/message.ts'
import { formatName, parseName } from '../../shared/dns/name.ts'
import { canonicalRdata, formatRdata, parseRdata, typeMnemonic, typeNumber } from '../../shared/dns/rdata.ts'
import type { RRset } from '../../shared/dns/rrset.ts'
import { parseZoneFile } from '../../shared/dns/zone-file.ts'

const ORIGIN = parseName('example.org')

/** A zone with every type, and with what is easily got wrong. */
const ZONE = `$TTL 1h
@ 1d SOA ns1 host\\.master 2024 1h 10m 1w 60
@ NS ns1
@ NS ns2.example.net.
@ MX 10 mail
@ MX 20 Mail.Example.NET.
@ CAA 0 issue "ca.example.net; policy=ev"
@ CAA 128 iodef "mailto:a@example.org"
ns1 5m A 192.0.2.1
ns1 5m A 192.0.2.2
ns1 5m A 192.0.2.1
ns1 AAAA 2001:DB8:0:0::1
mail AAAA ::ffff:192.0.2.1
mail A 192.0.2.3
alias CNAME ns1
dn DNAME target.example.net.
1.2.0.192.in-addr PTR ns1
host HINFO "RFC8482" ""
_sip._tcp SRV 0 5 5060 ns1
naptr NAPTR 100 50 "u" "E2U+sip" "!^.*$!sip:info\\\\@example.org!" .
sub NS ns1
sub DS 60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118
ssh SSHFP 2 1 123456789abcdef67890123456789abcdef67890
_443._tcp TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
svc HTTPS 1 . alpn="h2,h3" port=8443 ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1
svc2 SVCB 16 foo.example.org. mandatory=alpn,ipv4hint alpn="h2,h3-19" ipv4hint=192.0.2.1 key667="hello\\210qoo"
svc3 HTTPS 0 svc
text TXT "a;b (c) \\"q\\" \\\\ \\009\\255" plain ""
text TXT "${'x'.repeat(255)}"
spf SPF "v=spf1 -all"
loc LOC 42 21 43.952 N 71 5 6.344 W -24m 1m 200m
loc2 LOC 90 S 180 E 42849672.95m 90000000.00m 12m 1234.56m
loc3 LOC 0 0 0.001 N 0 0 0.999 W -100000m 0.5m 0.01m 0.99m
_ftp._tcp URI 10 1 "ftp://ftp1.example.com/public"
_http._tcp URI 0 65535 "a;\\"b\\" \\\\ \\255"
unknown TYPE65400 \\# 3 010203
unknown TYPE65401 \\# 0
* TXT "wild"
a\\.b\\032c\\@ A 192.0.2.9
$ORIGIN deep.sub2.example.org.
x.y A 192.0.2.10
`

const rrsets = parseZoneFile(ZONE, { origin: ORIGIN, file: 'zone' })

/** One line per RR in canonical form, in one order. */
function lines(sets: readonly RRset[]): string[] {
  return sets
    .flatMap(({ owner, ttl, type, rdata }) =>
      rdata.map((octets) => `${formatName(owner)} ${ttl} ${typeMnemonic(type)} ${formatRdata(type, octets)}`),
    )
    .sort()
}

/** The output of a tool, or nothing, the test then being skipped. */
async function run(t: TestContext, tool: string, ...parameters: string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(tool, parameters)).stdout
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    t.skip(`${tool} is not installed`)
    return undefined
  }
}

function allOf(packet: Uint8Array): Uint8Array {
  const decoded = decodeQuery(packet)
  assert.ok(decoded.kind === 'query')
  const edns = { version: 0, udpSize: 4096, dnssecOk: false, options: [] }
  const reply = { rcode: 0, aa: true, answer: rrsets, authority: [], additional: [], edns }
  return encodeReply(decoded.query, reply, 65535)
}

for (const tool of ['dig', 'kdig']) {
  test(`${tool} reads a compressed answer of every type as we do`, async (t) => {
    const socket = createSocket('udp4')
    socket.on('message', (packet, { port, address }) => socket.send(allOf(packet), port, address))
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    t.after(() => socket.close())
    const server = ['@127.0.0.1', '-p', String(socket.address().port)]
    const output = await run(t, tool, ...server, '+noall', '+answer', '+bufsize=4096', 'example.org', 'TYPE65300')
    if (output === undefined) return
    const records = output.split('\n').filter((line) => line !== '' && !line.startsWith(';'))
    const theirs = records.map((line) => {
      const [, owner = '', ttl, mnemonic = '', rdata = ''] = /^(\S+)\s+(\d+)\s+IN\s+(\S+)\s+(.*)$/.exec(line) ?? []
      return `${formatName(parseName(owner))} ${ttl} ${mnemonic} ${canonicalRdata(typeNumber(mnemonic) ?? 0, rdata)}`
    })
    assert.deepEqual(theirs.sort(), lines(rrsets))
  })
}

test('named-checkzone reads the zone file as we do', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'zone-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'zone')
  writeFileSync(file, ZONE)
  const output = await run(t, 'named-checkzone', '-q', '-D', '-i', 'none', '-k', 'ignore', 'example.org', file)
  if (output === undefined) return
  assert.deepEqual(lines(parseZoneFile(output, { origin: ORIGIN, file: 'output of named-checkzone' })), lines(rrsets))
})

describe('dns-packet, for the types and names it handles', () => {
  const owner = 'www.example.org'
  const rows: [answer: Answer, rdata: string][] = [
    [{ name: owner, type: 'A', data: '192.0.2.1' }, '192.0.2.1'],
    [{ name: owner, type: 'AAAA', data: '2001:db8::1' }, '2001:db8::1'],
    [{ name: owner, type: 'NS', data: 'ns1.example.org' }, 'ns1.example.org.'],
    [{ name: owner, type: 'CNAME', data: 'a.www.example.org' }, 'a.www.example.org.'],
    [{ name: owner, type: 'PTR', data: 'example.net' }, 'example.net.'],
    [{ name: owner, type: 'DNAME', data: 'example.org' }, 'example.org.'],
    [
      {
        name: owner,
        type: 'SOA',
        data: {
          mname: 'ns1.example.org',
          rname: 'host.example.org',
          serial: 1,
          refresh: 2,
          retry: 3,
          expire: 4,
          minimum: 5,
        },
      },
      'ns1.example.org. host.example.org. 1 2 3 4 5',
    ],
    [{ name: owner, type: 'MX', data: { preference: 10, exchange: 'mail.example.org' } }, '10 mail.example.org.'],
    [
      { name: owner, type: 'SRV', data: { priority: 1, weight: 2, port: 3, target: 'sip.example.org' } },
      '1 2 3 sip.example.org.',
    ],
    [{ name: owner, type: 'TXT', data: [Buffer.from('a b'), Buffer.from([0, 255])] }, '"a b" "\\000\\255"'],
    [{ name: owner, type: 'HINFO', data: { cpu: 'a', os: 'b' } }, '"a" "b"'],
    [
      {
        name: owner,
        type: 'NAPTR',
        data: { order: 1, preference: 2, flags: 'u', services: 'E2U', regexp: '!x!y!', replacement: 'example.org' },
      },
      '1 2 "u" "E2U" "!x!y!" example.org.',
    ],
    [
      { name: owner, type: 'DS', data: { keyTag: 1, algorithm: 2, digestType: 3, digest: Buffer.from('abcd', 'hex') } },
      '1 2 3 ABCD',
    ],
    [
      {
        name: owner,
        type: 'SSHFP',
        data: { algorithm: 1, hash: 1, fingerprint: '0123456789012345678901234567890123456789' },
      },
      '1 1 0123456789012345678901234567890123456789',
    ],
    [
      {
        name: owner,
        type: 'TLSA',
        data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from('ab', 'hex') },
      },
      '3 1 1 AB',
    ],
  ]
  for (const [answer, rdata] of rows) {
    test(answer.type, () => {
      const type = typeNumber(answer.type) ?? 0
      const packet = encode({ type: 'response', id: 7, answers: [{ ...answer, ttl: 300, class: 'IN' } as Answer] })
      const [record] = decodeMessage(packet).answer
      assert.ok(record)
      assert.deepEqual([formatName(record.owner), record.type, record.ttl], ['www.example.org.', type, 300])
      assert.equal(formatRdata(type, record.rdata), rdata)

      const set = { owner: parseName(owner), type, ttl: 300, rdata: [parseRdata(type, rdata)] }
      const reply = { rcode: 0, aa: true, answer: [set], authority: [], additional: [] }
      const theirs = decode(Buffer.from(encodeReply(asked(), reply, 512)))
      assert.equal(theirs.flag_aa, true)
      const [seen] = theirs.answers ?? []
      assert.ok(seen && 'data' in seen && 'data' in answer)
      assert.deepEqual([seen.name, seen.type, seen.data], [owner, answer.type, answer.data])
    })
  }

  test('a request with EDNS, both ways', () => {
    const packet = encodeQuery({
      id: 7,
      name: parseName(owner),
      type: 28,
      rd: true,
      edns: { version: 0, udpSize: 1232, dnssecOk: true, options: [] },
    })
    const theirs = decode(Buffer.from(packet))
    assert.deepEqual(theirs.questions, [{ name: owner, type: 'AAAA', class: 'IN' }])
    const [opt] = theirs.additionals ?? []
    assert.ok(opt?.type === 'OPT')
    assert.deepEqual([opt.udpPayloadSize, opt.flag_do, opt.ednsVersion], [1232, true, 0])
    assert.equal(Buffer.from(encode({ ...theirs, flags: 0x100 })).toString('hex'), Buffer.from(packet).toString('hex'))
  })

  function asked(): Query {
    const decoded = decodeQuery(encode({ type: 'query', id: 7, questions: [{ name: owner, type: 'A' }] }))
    assert.ok(decoded.kind === 'query')
    return decoded.query
  }
})
