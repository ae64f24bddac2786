/** The points of test/responder/scenarios/checklist.test.ts as the clients of BIND, Knot DNS and ldns see them. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after } from 'node:test'
import { canonicalRdata, typeNumber } from '../../shared/dns/rdata.ts'
import { CHECKLIST_ZONE } from '../responder/checklist-zone.ts'
import { output, testWith } from './tools.ts'

const port = await startResponder({ nsid: { id: 'node-1' }, chaos: { id: 'node-1' } })

const WWW = 'www.example.org. 300 IN A 192.0.2.10'
const BOTH = [WWW, 'www.example.org. 300 IN AAAA 2001:db8::10']
const SOA = 'IN SOA ns1.example.org. hostmaster.example.org. 2024 3600 600 86400 60'
const NEGATIVE = `example.org. 60 ${SOA}`
const NXDOMAIN = ['status: NXDOMAIN', 'flags: qr aa;', NEGATIVE]
const NODATA = ['status: NOERROR', 'flags: qr aa; QUERY: 1, ANSWER: 0, AUTHORITY: 1', NEGATIVE]
const REFERRAL = [
  'status: NOERROR',
  'flags: qr; QUERY: 1, ANSWER: 0, AUTHORITY: 2',
  'sub.example.org. 300 IN NS ns.sub.example.org.',
  'ns.sub.example.org. 300 IN A 192.0.2.40',
]
const GOOD_COOKIE = /COOKIE: 0102030405060708010000[0-9a-f]{26} \(good\)/
const DNAME = 'dn.example.org. 300 IN DNAME tgt.example.org.'
const LONG = [63, 63, 63, 46].map((length) => 'x'.repeat(length)).join('.')

/** `D` is dig without what it adds of its own accord; behind the command what it must print, and what it must not. */
const points: readonly (readonly [point: number, command: string, shows: (string | RegExp)[], hides?: string])[] = [
  [1, 'D +noedns www.example.org A', ['status: NOERROR', WWW], 'OPT PSEUDOSECTION'],
  [2, 'D www.example.org A', ['EDNS: version: 0, flags:; udp: 1232', WWW]],
  [3, 'D +edns=1 +noednsneg www.example.org A', ['status: BADVERS', 'EDNS: version: 0', 'ANSWER: 0']],
  [4, 'D +ednsopt=100 www.example.org A', ['status: NOERROR', WWW], 'OPT=100'],
  [5, 'D +ednsflags=0x40 www.example.org A', ['EDNS: version: 0, flags:; udp', WWW]],
  [6, 'D +dnssec www.example.org A', ['EDNS: version: 0, flags: do; udp', WWW]],
  [7, 'D +bufsize=1 www.example.org A', [WWW]],
  [9, 'D +nsid www.example.org A', ['NSID: 6e 6f 64 65 2d 31 ("node-1")', WWW]],
  [9, 'D www.example.org A', [WWW], 'NSID'],
  [9, 'kdig +nsid www.example.org A', [/NSID: .*node-1/]],
  [10, 'D +cookie=0102030405060708 www.example.org A', [GOOD_COOKIE, WWW]],
  [10, 'kdig +cookie www.example.org A', [/COOKIE: [0-9A-F]{48}/i]],
  [11, 'D +cookie=010203 www.example.org A', ['status: FORMERR']],
  [12, 'D +header-only +cookie=0102030405060708', ['status: NOERROR', 'QUERY: 0', GOOD_COOKIE]],
  [
    12,
    'D +header-only +nobadcookie +cookie=01020304050607080102030405060708',
    ['status: BADCOOKIE', 'QUERY: 0', GOOD_COOKIE],
  ],
  [13, 'D +header-only', ['status: FORMERR']],
  [15, 'D +opcode=15 +header-only', ['status: NOTIMP', 'opcode: RESERVED15']],
  [17, 'D +recurse +adflag +cdflag +zflag www.example.org A', ['flags: qr aa rd; QUERY: 1']],
  [18, 'D www.example.org TYPE666', NODATA],
  [19, 'D t65400.example.org TYPE65400', ['t65400.example.org. 300 IN TYPE65400 \\# 3 010203']],
  [20, 'D -c CLASS7 -t A -q www.example.org', ['status: REFUSED']],
  [21, 'D www.example.net A', ['status: REFUSED', 'flags: qr;']],
  [22, 'D +notcp example.org ANY', [`example.org. 3600 ${SOA}`, 'ANSWER: 1,']],
  [22, 'D +tcp example.org ANY', [`example.org. 3600 ${SOA}`, 'ANSWER: 3,']],
  [23, 'D nx.example.org A', NXDOMAIN],
  [24, 'D www.example.org MX', NODATA],
  [25, 'D ent.example.org A', NODATA],
  [25, 'D y.w.example.org A', NODATA],
  [26, 'D z.w.example.org A', ['z.w.example.org. 300 IN A 192.0.2.20']],
  [26, 'D q.p.w.example.org A', ['q.p.w.example.org. 300 IN A 192.0.2.20']],
  [27, 'D z.w.example.org MX', NODATA],
  [28, 'D *.w.example.org A', ['*.w.example.org. 300 IN A 192.0.2.20']],
  [29, 'D q.y.w.example.org A', NXDOMAIN],
  [30, 'D x.y.w.example.org A', NODATA],
  [31, 'D z.cw.example.org A', ['z.cw.example.org. 300 IN CNAME www.example.org.', WWW]],
  [32, 'D alias.example.org A', ['alias.example.org. 300 IN CNAME www.example.org.', WWW]],
  [33, 'D alias.example.org CNAME', ['alias.example.org. 300 IN CNAME www.example.org.', 'ANSWER: 1,']],
  [34, 'D broken.example.org A', [...NXDOMAIN, 'broken.example.org. 300 IN CNAME nx.example.org.']],
  [35, 'D out.example.org A', ['status: NOERROR', 'out.example.org. 300 IN CNAME target.example.net.', 'ANSWER: 1,']],
  [36, 'D loop1.example.org A', ['status: NOERROR', 'ANSWER: 2,']],
  [37, 'D host.dn.example.org A', [DNAME, 'host.dn.example.org. 300 IN CNAME host.tgt.example.org.', 'ANSWER: 3,']],
  [38, 'D nx.dn.example.org A', [...NXDOMAIN, DNAME, 'nx.dn.example.org. 300 IN CNAME nx.tgt.example.org.']],
  [39, 'D dn.example.org A', NODATA],
  [40, `D ${LONG}.dn.example.org A`, ['status: YXDOMAIN', DNAME, 'ANSWER: 1,']],
  [41, 'D x.sub.example.org A', REFERRAL],
  [41, 'D sub.example.org NS', REFERRAL],
  [43, 'D sub.example.org DS', ['flags: qr aa;', 'sub.example.org. 300 IN DS 12345 13 2 ']],
  [44, 'D ns.sub.example.org A', REFERRAL],
  [45, 'D WwW.eXaMpLe.OrG A', [';WwW.eXaMpLe.OrG. IN A', 'WwW.eXaMpLe.OrG. 300 IN A 192.0.2.10']],
  [46, 'D +ignore big.example.org TXT', ['flags: qr aa tc;', 'ANSWER: 0,']],
  [46, 'D +ignore +bufsize=4096 big.example.org TXT', ['flags: qr aa tc;', 'ANSWER: 0,']],
  [47, 'D +tcp big.example.org TXT', ['flags: qr aa;', 'ANSWER: 60,']],
  [47, 'D big.example.org TXT', ['Truncated, retrying in TCP mode', 'ANSWER: 60,']],
  [48, 'kdig +tcp +keepopen www.example.org A www.example.org AAAA', BOTH],
  [49, 'D +tcp +keepalive www.example.org A', ['TCP KEEPALIVE: 10.0 secs']],
  [49, 'D +keepalive www.example.org A', [WWW], 'TCP KEEPALIVE'],
  [50, 'D -c CH -t TXT -q id.server', ['id.server. 0 CH TXT "node-1"', 'flags: qr aa;']],
  [50, 'D -c CH -t TXT -q version.bind', ['status: REFUSED']],
  [51, 'D svc.example.org HTTPS', ['svc.example.org. 300 IN HTTPS 1 www.example.org. alpn="h2"', ...BOTH]],
  [52, 'D _s._tcp.example.org SRV', ['_s._tcp.example.org. 300 IN SRV 10 100 443 www.example.org.', ...BOTH]],
  [58, 'D +expire example.org SOA', ['EXPIRE: 86400 (1 day)', `example.org. 3600 ${SOA}`]],
  [59, 'kdig example.org NOTIFY=2025', ['opcode: NOTIFY; status: NOERROR', 'Flags: qr aa;']],
  [59, 'kdig example.net NOTIFY=2025', ['opcode: NOTIFY; status: NOTAUTH']],
  [60, 'D www.example.net A', ['EDE: 20 (Not Authoritative)']],
  [60, 'D +tcp +ednsopt=100 +opcode=5 example.org SOA', ['opcode: UPDATE, status: REFUSED', 'EDE: 21 (Not Supported)']],
]

for (const [point, command, shows, hides] of points) {
  const [name = '', ...args] = command.split(' ')
  const tool = name === 'D' ? 'dig' : name
  testWith([tool], `${point}: ${command.slice(0, 80)}`, async () => {
    const plain = name === 'D' ? ['+norec', '+nocookie'] : []
    const printed = await asked(tool, [...plain, ...args])
    for (const shown of shows) {
      if (typeof shown === 'string') assert.ok(printed.includes(shown), `${shown} is missing in:\n${printed}`)
      else assert.match(printed, shown)
    }
    if (hides !== undefined) assert.ok(!printed.includes(hides), `${hides} is in:\n${printed}`)
  })
}

const QUESTIONS = [
  'www A',
  'www MX',
  'nx A',
  'alias A',
  'host.dn A',
  'x.sub A',
  'z.w A',
  'y.w A',
  'sub DS',
  '_s._tcp SRV',
]
QUESTIONS.push('broken A', 't65400 TYPE65400', 'loop1 A', 'x.y.w TXT')

testWith(['dig', 'kdig', 'drill'], 'all three read the same', async () => {
  for (const question of QUESTIONS) {
    const args = question.replace(' ', '.example.org. ').split(' ')
    const [dig, kdig, drill] = [await asked('dig', args), await asked('kdig', args), await asked('drill', args)]
    assert.deepEqual(gist(kdig), gist(dig), question)
    assert.deepEqual(gist(drill), gist(dig), question)
    assert.ok(gist(dig).length > 1, question)
  }
})

testWith(['drill'], 'DO, TCP on demand and where an answer is cut short, class CH', async () => {
  assert.match(await asked('drill', ['-D', 'www.example.org.']), /EDNS: version 0; flags: do ; udp: 1232/)
  assert.match(await asked('drill', ['-t', 'big.example.org.', 'TXT']), /ANSWER: 60,/)
  assert.match(await asked('drill', ['id.server.', 'TXT', 'CH']), /^id\.server\. 0 CH TXT "node-1"$/m)
  assert.match(await asked('drill', ['-a', 'big.example.org.', 'TXT']), /ANSWER: 60,/)
})

// ---------------------------------------------------------------------------

/** The responder as a user starts it, with these links; gives its port. */
async function startResponder(links: object): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'namestream-checklist-'))
  const [zone, config] = [join(folder, 'zone'), join(folder, 'config.json')]
  writeFileSync(zone, CHECKLIST_ZONE)
  writeFileSync(config, JSON.stringify({ links }))
  const main = join(import.meta.dirname, '../../responder/main.ts')
  const args = ['--zone', `example.org=${zone}`, '--dns', '127.0.0.1:0', '--config', config, '--workers', '2']
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  after(() => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  let found: string | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    found ??= /^DNS over UDP and TCP: .*:(\d+)$/.exec(line)?.[1]
    if (line === 'ready') return Number(found)
  }
  throw new Error('the responder ended before it was ready')
}

/** What a client prints, blanks made single, without the line in which it repeats the command. */
async function asked(tool: string, args: readonly string[]): Promise<string> {
  const printed = await output(tool, ['@127.0.0.1', '-p', String(port), ...args])
  const lines = printed.split('\n').map((line) => line.replaceAll(/[ \t]+/g, ' ').trimEnd())
  return lines.filter((line) => !line.startsWith('; <<>>')).join('\n')
}

/** The rcode and all records, in one order. */
function gist(printed: string): string[] {
  const rcode = /(?:status|rcode): (\w+)/.exec(printed)?.[1] ?? 'none'
  const records = Array.from(
    printed.matchAll(/^([^;\s]\S*) (\d+) IN (\S+) (.*)$/gm),
    ([, owner, ttl, type = '', rdata = '']) =>
      `${owner} ${ttl} ${type} ${canonicalRdata(typeNumber(type) ?? Number.NaN, rdata)}`,
  )
  return [rcode, ...records.sort()]
}
