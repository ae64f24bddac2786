/** Resolvers that forward a zone to the responder, as those of a company do, over IPv4 and IPv6. */
import assert from 'node:assert/strict'
import { after } from 'node:test'
import { listen } from '../../responder/listeners/listen.ts'
import { Counters, createCounterMemory } from '../../responder/metrics/counters.ts'
import { OptionCode } from '../../shared/dns/codes.ts'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { decodeQuery } from '../../shared/dns/decode-query.ts'
import type { Edns, Query } from '../../shared/dns/message.ts'
import { formatName } from '../../shared/dns/name.ts'
import { eventually } from '../eventually.ts'
import { type ForwardedZone, type Resolver, startNamed, startUnbound } from '../peers/resolvers.ts'
import { answering } from '../responder/scenario.ts'
import { output, testWith } from './tools.ts'

/** One zone with what resolvers have to get right. */
const zone = (minimum: number) => `
$TTL 300
@       SOA   ns hostmaster 1 3600 600 86400 ${minimum}
@       NS    ns
ns      A     127.0.0.1
www     A     192.0.2.10
www     AAAA  2001:db8::10
alias   CNAME www
*.w     A     192.0.2.20
dn      DNAME w
svc     HTTPS 1 www alpn=h2
_s._tcp SRV   10 100 443 www
x       TYPE65400 \\# 3 010203
${Array.from({ length: 60 }, (_, i) => `big TXT "${String(i).padStart(60, '0')}"`).join('\n')}
`
const ZONES = { 'four.example.': zone(300), 'six.example.': zone(300), 'brief.example.': zone(1) }

/** What was asked of the responder, and the server cookies that it gave. */
const asked: { readonly query: Query; readonly transport: string; readonly address: string }[] = []
const given = new Set<string>()
const answer = answering(ZONES)
const parts = {
  answer: (packet: Uint8Array, from: Parameters<typeof answer>[1]) => {
    const decoded = decodeQuery(Uint8Array.from(packet))
    if (decoded.kind === 'query') asked.push({ query: decoded.query, ...from })
    const reply = answer(packet, from)
    const cookie = reply && cookieIn(decodeMessage(reply).edns)
    if (cookie !== undefined) given.add(cookie)
    return reply
  },
  counters: new Counters(createCounterMemory(1), 0),
  reusePort: false,
}
const limits = { connections: 10, perClient: 10, idleMs: 10_000 }
const four = await listen({ host: '127.0.0.1', port: 0 }, parts, limits)
const six = await listen({ host: '::1', port: 0 }, parts, limits)
after(() => Promise.all([four.close(), six.close()]))

const forwarded: readonly ForwardedZone[] = [
  { origin: 'four.example', host: '127.0.0.1', port: four.port },
  { origin: 'brief.example', host: '127.0.0.1', port: four.port },
  { origin: 'six.example', host: '::1', port: six.port },
]

testWith(['named', 'dig'], 'BIND that forwards asks over IPv4 and IPv6, with cookies', async () => {
  const resolver = await startNamed(forwarded)
  await answersRight(resolver, 'four.example')
  await answersRight(resolver, 'six.example')
  await keepsNegativeAnswers(resolver)
  const cookies = asked.map(({ query }) => cookieIn(query.edns))
  assert.ok(cookies.length > 0 && cookies.every((cookie) => cookie !== undefined), 'a cookie with every question')
  const returned = cookies.filter((cookie) => given.has(cookie ?? ''))
  assert.ok(given.size === 0 || returned.length > 0, 'the cookie that the responder gave comes back')
})

testWith(['unbound', 'dig'], 'Unbound with a stub zone, which asks in random letter case', async () => {
  const resolver = await startUnbound(forwarded)
  await answersRight(resolver, 'four.example')
  await answersRight(resolver, 'six.example')
  await keepsNegativeAnswers(resolver)
  const letters = asked.map(({ query }) => Buffer.from(query.question?.wire ?? []).toString('latin1'))
  assert.ok(letters.some((name) => /[A-Z]/.test(name)))
})

// ---------------------------------------------------------------------------

async function answersRight(resolver: Resolver, origin: string): Promise<void> {
  asked.length = 0
  const short = async (name: string, type: string) =>
    (await output('dig', ['+short', ...resolver, `${name}.${origin}`, type])).trim().split('\n')
  assert.deepEqual(await short('www', 'A'), ['192.0.2.10'])
  assert.deepEqual(await short('www', 'AAAA'), ['2001:db8::10'])
  assert.deepEqual(await short('alias', 'A'), [`www.${origin}.`, '192.0.2.10'])
  assert.deepEqual(await short('a.b.w', 'A'), ['192.0.2.20'])
  assert.deepEqual(await short('a.dn', 'A'), [`w.${origin}.`, `a.w.${origin}.`, '192.0.2.20'])
  assert.deepEqual(await short('svc', 'HTTPS'), [`1 www.${origin}. alpn="h2"`])
  assert.deepEqual(await short('_s._tcp', 'SRV'), [`10 100 443 www.${origin}.`])
  assert.deepEqual(await short('x', 'TYPE65400'), ['\\# 3 010203'])
  assert.equal((await short('big', 'TXT')).length, 60)
  assert.ok(
    asked.some(({ transport }) => transport === 'tcp'),
    'what is too large comes over TCP',
  )
  assert.match(await output('dig', [...resolver, `www.${origin}`, 'MX']), /status: NOERROR.*AUTHORITY: 1/s)
  assert.match(await output('dig', [...resolver, `a.nx.${origin}`, 'A']), /status: NXDOMAIN/)
  const address = origin === 'six.example' ? '::1' : '127.0.0.1'
  assert.deepEqual([...new Set(asked.map((one) => one.address))], [address])
}

/** RFC 2308 5: for as long as the SOA says, and no longer. */
async function keepsNegativeAnswers(resolver: Resolver): Promise<void> {
  const ask = async (name: string) => {
    const said = await output('dig', ['+noall', '+comments', '+authority', ...resolver, name, 'A'])
    const ttl = /\sIN\s+SOA\s/.test(said) ? Number(/^\S+\s+(\d+)\s+IN\s+SOA/m.exec(said)?.[1]) : Number.NaN
    return { nxdomain: said.includes('status: NXDOMAIN'), ttl }
  }
  const timesAsked = (name: string) => asked.filter(({ query }) => nameOf(query) === `${name}.`).length
  const kept = 'kept.four.example'
  for (let i = 0; i < 3; i++) {
    const { nxdomain, ttl } = await ask(kept)
    assert.ok(nxdomain && ttl > 200 && ttl <= 300, `${ttl} s`)
  }
  assert.equal(timesAsked(kept), 1)

  const brief = 'nx.brief.example'
  await eventually(async () => {
    const { nxdomain, ttl } = await ask(brief)
    assert.ok(nxdomain && ttl <= 1, `${ttl} s`)
    assert.ok(timesAsked(brief) > 1, 'asked again when the time is over')
  })
}

/** In hexadecimal. */
function cookieIn(edns: Edns | undefined): string | undefined {
  const cookie = edns?.options.find(({ code }) => code === OptionCode.COOKIE)
  return cookie && Buffer.from(cookie.body).toString('hex')
}

function nameOf(query: Query): string {
  return query.question === undefined ? '' : formatName(query.question.name)
}
