/** What probe-lookup tells, asked through its handler, over real sockets. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { handler } from '../../functions/probe-lookup/handler.ts'
import { lookUp } from '../../functions/probe-lookup/lookup.ts'
import { startResponder } from '../../responder/responder.ts'
import { changeLog } from '../../responder/sources/change-log.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import type { Server } from '../../shared/probe/ask.ts'
import { PROBE_LABEL } from '../../shared/probe/name.ts'
import { eventually } from '../eventually.ts'
import { addresses, askUdp } from '../responder/client.ts'
import { Registry } from '../responder/sources/registry.ts'
import { answer, type Behaviour, refusal, startDnsServer } from './dns-server.ts'

const [ADDRESS, OTHER] = ['198.18.0.1', '198.18.0.2']
const NAME = `${PROBE_LABEL}.example.org.`

const find = (servers: readonly Server[], withinMs = 20_000) => {
  const named = servers.map(({ host, port }) => ({ host, port }))
  return handler({ task: 'find', servers: named, name: NAME, address: ADDRESS, withinMs })
}
const warm = (servers: readonly Server[], withinMs = 20_000) => {
  const named = servers.map(({ host, port }) => ({ host, port }))
  return handler({ task: 'warm', servers: named, name: 'example.org.', withinMs })
}
const right: Behaviour = (query) => [answer(query, ADDRESS)]
const silent: Behaviour = () => []

test('only the first invocation is cold, whatever it finds', async () => {
  const server = await startDnsServer(right)
  const told = [await warm([server], 1), await find([server]), await find([server])]
  assert.deepEqual(
    told.map(({ cold }) => cold),
    [true, false, false],
  )
})

describe('the responder', async () => {
  const registry = new Registry()
  await registry.serve()
  await registry.writeAndLog('h', ['192.0.2.1'])
  const source = changeLog({ ...registry.ports, tell: assert.fail, intervalMs: 10 })
  const dns = ['127.0.0.1', '127.0.0.2'].map((host) => ({ host, port: 0 }))
  const responder = await startResponder({ source, dns })
  const servers = await responder.ready
  after(() => responder.stop())

  test('tells the serial of its zone', async () => {
    const { serials, failure } = await warm(servers)
    assert.deepEqual([serials, failure], [[2, 2], undefined])
  })

  test('answers after a while, by both protocols', async () => {
    await registry.writeAndLog(PROBE_LABEL, [OTHER])
    const finding = find(servers)
    await registry.writeAndLog(PROBE_LABEL, [ADDRESS])
    const { tookMs, sinceMs = Number.NaN, failure } = await finding
    assert.equal(failure, undefined)
    assert.ok(sinceMs >= 0 && sinceMs <= tookMs, `${sinceMs} of ${tookMs}`)
  })

  test('that has another address to the end is told so', async () => {
    await registry.writeAndLog(PROBE_LABEL, [OTHER])
    for (const one of servers) {
      await eventually(async () => assert.deepEqual(addresses(await askUdp(one, `${NAME} A`)), [OTHER]))
    }
    const { sinceMs, failure } = await find(servers, 200)
    const said = servers.map(({ host, port }) => `${host}:${port} (${OTHER})`).join(', ')
    assert.deepEqual([sinceMs, failure], [undefined, `no right answer of ${said}`])
  })
})

describe('servers that do not answer right', () => {
  const rows: readonly [title: string, behave: Behaviour, said: string][] = [
    ['silence', silent, 'no answer'],
    ['NXDOMAIN for ever', (query) => [refusal(query, 3)], 'NXDOMAIN'],
    ['SERVFAIL', (query) => [refusal(query, 2)], 'SERVFAIL'],
    ['another id', (query) => [{ ...answer(query, ADDRESS), id: ((query.id ?? 0) + 1) & 0xffff }], 'no answer'],
    ['garbage', () => [Buffer.from('no DNS')], 'no answer'],
  ]
  for (const [title, behave, said] of rows) {
    test(title, async () => {
      const server = await startDnsServer(behave)
      const { sinceMs, failure } = await find([server], 300)
      assert.deepEqual([sinceMs, failure], [undefined, `no right answer of 127.0.0.1:${server.port} (${said})`])
      assert.ok(server.asked.udp > 1, 'asked again')
    })
  }

  test('one of several: only that one is named', async () => {
    const [good, bad] = [await startDnsServer(right), await startDnsServer(silent)]
    const { sinceMs, failure } = await find([good, bad], 300)
    assert.deepEqual([sinceMs, failure], [undefined, `no right answer of 127.0.0.1:${bad.port} (no answer)`])
    assert.ok(good.asked.udp < bad.asked.udp, 'one that was right is asked no more')
  })

  test('over TCP alone: when it answered is told all the same', async () => {
    const server = await startDnsServer((query, _, via) => (via === 'udp' ? [answer(query, ADDRESS)] : []))
    const { sinceMs = 0, failure } = await find([server], 400)
    assert.equal(failure, `over TCP: no right answer of 127.0.0.1:${server.port} (the connection was closed)`)
    assert.ok(sinceMs > 0)
    assert.ok(server.asked.tcp > 1, 'asked again')
  })

  test('a name that is none', async () => {
    const { failure } = await find([{ host: 'namestream-probe.invalid', port: 53 }], 300)
    assert.match(failure ?? '', /namestream-probe\.invalid/)
  })

  test('no serial', async () => {
    const server = await startDnsServer((query) => [answer(query)])
    const { serials, failure } = await warm([server], 200)
    assert.deepEqual([serials, failure], [undefined, `no right answer of 127.0.0.1:${server.port} (no record)`])
  })
})

test('NXDOMAIN first, then an old address, then silence: the right one counts', async () => {
  const steps: readonly Behaviour[] = [(query) => [refusal(query, 3)], (query) => [answer(query, OTHER)], silent, right]
  const server = await startDnsServer((query, nth, via) =>
    (steps[nth + (via === 'tcp' ? 3 : 0)] ?? right)(query, nth, via),
  )
  const { failure } = await find([server])
  assert.equal(failure, undefined)
  assert.ok(server.asked.udp >= 4)
})

test('a host that is a name is asked at its address', async () => {
  const { port } = await startDnsServer(right)
  const { failure } = await find([{ host: 'localhost', port }])
  assert.equal(failure, undefined)
})

test('time is counted from the last server that came to be right, to the end', async () => {
  let clock = 0
  const [early, late] = [
    await startDnsServer(right),
    await startDnsServer((query, nth, via) => {
      if (via === 'tcp') clock = 5_007
      else if (nth === 2) clock = 5_000
      return [answer(query, via === 'tcp' || nth >= 2 ? ADDRESS : OTHER)]
    }),
  ]
  const servers = [early, late].map(({ host, port }) => ({ host, port }))
  const name = canonicalName(NAME)
  const told = await lookUp({ task: 'find', servers, name, address: ADDRESS, withinMs: 20_000 }, () => clock)
  assert.deepEqual(told, { tookMs: 5_007, sinceMs: 7 })
})

describe('an event that is none is an error', () => {
  const good = { task: 'find', servers: [{ host: '127.0.0.1', port: 53 }], name: NAME, address: ADDRESS, withinMs: 1 }
  const edits = [
    { task: 'other' },
    { servers: [] },
    { servers: [{ host: '127.0.0.1' }] },
    { servers: [{ host: '127.0.0.1', port: 0 }] },
    { name: 'a..b' },
    { address: '' },
    { withinMs: -1 },
    { more: true },
  ]
  for (const edit of edits) {
    test(JSON.stringify(edit), () => assert.rejects(handler({ ...good, ...edit })))
  }
})
