import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { decode, encode } from 'dns-packet'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { canonicalName } from '../../shared/dns/name.ts'
import type { RRsets } from '../../shared/records/model.ts'
import { testCredentials } from '../dynamodb.ts'
import { cases, ZONE } from '../dynapi/cases.ts'
import { send } from '../dynapi/client.ts'
import { assertResponse, OK } from '../dynapi/expect.ts'
import { eventually } from '../eventually.ts'
import { askTcp, askUdp } from '../responder/client.ts'
import { show } from '../responder/scenario.ts'
import { put, startStack } from './stack.ts'

const TALK = 'rpc.szbd-uc.uaebd.local.'
const stack = await startStack('--ephemeral', '--zone', `${TALK},${ZONE}`)

describe('the session of the talk', () => {
  for (const [title, headers] of [
    ['as curl -d sends it', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['with no content type', {}],
  ] as const) {
    test(title, async () => {
      const name = `com.alipay.userservice.interface${title.length}`
      const before = show(await askUdp(stack.dns, `${name}.${TALK} A`))
      assert.equal(before.says, 'NXDOMAIN aa')
      const body = JSON.stringify({ zone: TALK, name, type: 'A', address: '192.168.88.5', TTL: 3600 })
      assertResponse(await send(stack.http, { verb: 'PUT', path: '/dynapi', headers, body }), OK)
      await eventually(async () => {
        for (const ask of [askUdp, askTcp]) {
          const { says, answer } = show(await ask(stack.dns, `${name}.${TALK} A`))
          assert.deepEqual({ says, answer }, { says: 'NOERROR aa', answer: [`${name}.${TALK} 3600 A 192.168.88.5`] })
        }
      })
    })
  }
})

test('every case of the contract over HTTP, and DNS answers what it left', async () => {
  Object.assign(process.env, testCredentials(stack.dynamoDb))
  const client = dynamoDbClient()
  const names = dynamoDbNameStore(client, 'names')
  const zone = canonicalName(ZONE)
  for (const { owner, before } of cases) {
    if (Object.keys(before).length === 0) continue
    await names.write({ name: canonicalName(owner), zone, version: 1, rrsets: before }, 0)
  }
  client.destroy()
  for (const one of cases) {
    for (const sent of one.earlier) assertResponse(await send(stack.http, sent), OK)
    assertResponse(await send(stack.http, one.request), one.response)
  }
  // The log is in order: once the last write answers, all before it are served.
  assert.equal(await put(stack, { zone: ZONE, name: 'last', type: 'A', address: '192.0.2.99' }), '200 OK')
  await eventually(async () => assert.equal((await askUdp(stack.dns, `last.${ZONE} A`)).answer.length, 1))
  for (const one of cases) {
    for (const type of ['A', 'AAAA', 'TXT', 'CNAME']) {
      const said = show(await askUdp(stack.dns, `${one.ask} ${type}`))
      const { says, answer } = expected(one.ask, one.owner, one.after, type)
      assert.deepEqual({ title: one.title, says: said.says, answer: said.answer }, { title: one.title, says, answer })
    }
  }
})

test('another codec reads the answers the same', async () => {
  const question = { type: 'A' as const, name: `last.${ZONE.slice(0, -1)}` }
  const packet = encode({ type: 'query', id: 1, questions: [question] })
  const socket = createSocket('udp4')
  const answered = new Promise<Buffer>((resolve) => socket.once('message', resolve))
  socket.send(packet, stack.dns.port, stack.dns.host)
  const { answers } = decode(await answered)
  socket.close()
  assert.deepEqual(
    answers?.map((rr) => ('data' in rr ? [rr.name, rr.type, rr.data] : [])),
    [[question.name, 'A', '192.0.2.99']],
  )
})

test('health, readiness and metrics are where it says', async () => {
  for (const path of ['/health', '/ready', '/metrics']) assert.equal((await fetch(stack.health + path)).status, 200)
})

test('garbage on every port, stalled clients, and it goes on', async () => {
  const { host, port } = stack.dns
  const web = new URL(stack.http)
  const datagrams = createSocket('udp4')
  for (let length = 0; length < 300; length++) datagrams.send(randomBytes(length), port, host)
  const stalled = [port, Number(web.port), Number(new URL(stack.health).port)].flatMap((to) =>
    Array.from({ length: 30 }, () => connect(to, host).on('error', () => {})),
  )
  for (const [i, socket] of stalled.entries()) socket.write(i % 2 ? randomBytes(1) : randomBytes(3000))
  const large = { verb: 'PUT', path: '/dynapi', headers: {}, body: JSON.stringify({ name: 'n'.repeat(65_536) }) }
  assert.equal((await send(stack.http, large)).status, 413)

  const name = 'after-garbage'
  assert.equal(await put(stack, { zone: ZONE, name, type: 'A', address: '192.0.2.1' }), '200 OK')
  for (const ask of [askUdp, askTcp]) {
    await eventually(async () => assert.equal((await ask(stack.dns, `${name}.${ZONE} A`)).answer.length, 1))
  }
  datagrams.close()
  for (const socket of stalled) socket.destroy()
})

test('it says nothing but how it started', () => {
  assert.deepEqual(
    stack
      .stderr()
      .split('\n')
      .filter((line) => line !== '' && !/^namestream: (starting|responder: (reading|opening))/.test(line)),
    [],
  )
})

// ---------------------------------------------------------------------------

function expected(ask: string, owner: string, after: RRsets, type: string) {
  const types = Object.keys(after)
  if (types.length === 0) return { says: owner === ZONE ? 'NOERROR aa' : 'NXDOMAIN aa', answer: [] }
  const shown = after.CNAME === undefined ? type : 'CNAME'
  const rrset = after[shown]
  const answer = rrset?.rdata.map((rdata) => `${ask} ${rrset.ttl} ${shown} ${rdata}`) ?? []
  return { says: shown === type ? 'NOERROR aa' : 'NXDOMAIN aa', answer } // no target of the cases exists (RFC 6604 3)
}
