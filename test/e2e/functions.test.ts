import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { eventually } from '../eventually.ts'
import { addresses, askUdp } from '../responder/client.ts'
import { type RunningStack, runFunctions, runStack, startStack } from './stack.ts'

const HOME = 'arn:aws:lambda:ddblocal:000000000000:function:'
const EXAMPLE = 'examples/pay.ts'

describe('npm start -- --function', { concurrency: 2 }, () => {
  test('publishes functions, refuses what cannot have its name, and takes away those that are not given again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'namestream-functions-'))
    after(() => rmSync(folder, { recursive: true }))
    const start = ['--no-mirror', '--zone', 'example.org', '--data', folder]
    const given = ['--function', `Pay=${EXAMPLE},list=${EXAMPLE}`, '--function', `LIST=${EXAMPLE}`]
    const stack = await startStack(...start, ...given, '--gateway', '127.0.0.1:0')
    assert.match(stack.stdout(), /^ {2}functions {5}pay\.fn\.example\.org\.$/m)
    assert.match(stack.stderr(), /^namestream: functions: 2 without a name, 0 that could not be read/m)

    await eventually(async () => assert.deepEqual(await answers(stack, 'pay.fn.example.org A'), ['127.0.0.1']))
    await eventually(async () => assert.equal((await askUdp(stack.dns, '_http._tcp.pay.fn.example.org SRV')).rcode, 0))
    const [txt] = (await askUdp(stack.dns, 'pay.fn.example.org TXT')).answer
    assert.deepEqual(strings(txt?.rdata), ['v=fn1', `arn=${HOME}Pay`, 'auth=none'])
    const [srv] = (await askUdp(stack.dns, '_http._tcp.pay.fn.example.org SRV')).answer
    const port = Buffer.from(srv?.rdata ?? []).readUInt16BE(4)
    const call = await get(port, 'pay.fn.example.org', '/invoices/7?currency=EUR')
    assert.deepEqual(JSON.parse(call), { method: 'GET', path: '/invoices/7', query: { currency: 'EUR' }, cookies: [] })
    for (const nobody of ['nobody.fn.example.org A', 'list.fn.example.org A', 'prod.pay.fn.example.org A']) {
      assert.equal((await askUdp(stack.dns, nobody)).rcode, 3, nobody)
    }
    const { code, stdout, stderr } = await runFunctions('--data', folder)
    assert.deepEqual([code, stderr], [0, ''])
    const [published, ...refused] = stdout.trimEnd().split('\n')
    assert.equal(published, `pay.fn.example.org. ${HOME}Pay auth=none`)
    assert.deepEqual(
      refused.map((line) => line.replace(/:[^:]*; .*$/, '')).map((line) => line.split(' ').slice(0, 3).join(' ')),
      [`refused ${HOME}list name_contested:`, `refused ${HOME}LIST name_contested:`],
    )
    assert.equal(await stack.stop(), 0)

    const later = await startStack(...start)
    await eventually(async () => assert.equal((await askUdp(later.dns, 'pay.fn.example.org A')).rcode, 3))
    assert.equal(await later.stop(), 0)
  })

  test('without a file, or a name: one line that says so', async () => {
    const { code, stderr } = await runStack(['--function', 'pay'])
    assert.deepEqual([code, stderr], [1, 'namestream: --function: "pay" is not NAME=FILE, as in pay=examples/pay.ts\n'])
  })
})

test('npm run functions without a stack: one line that says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'namestream-functions-'))
  after(() => rmSync(folder, { recursive: true }))
  const { code, stdout, stderr } = await runFunctions('--data', folder)
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(stderr, /^functions: no stack runs on .*\n$/)
})

// ---------------------------------------------------------------------------

async function answers(stack: RunningStack, question: string): Promise<string[]> {
  return addresses(await askUdp(stack.dns, question))
}

/** What a function answers that is called by its name. */
async function get(port: number, name: string, path: string): Promise<string> {
  const [response] = await once(request({ host: '127.0.0.1', port, path, headers: { host: name } }).end(), 'response')
  let body = ''
  for await (const chunk of response) body += chunk
  return body
}

/** The character-strings of a TXT. */
function strings(rdata: Uint8Array = new Uint8Array()): string[] {
  const found: string[] = []
  for (let at = 0; at < rdata.length; at += 1 + (rdata[at] ?? 0)) {
    found.push(Buffer.from(rdata.subarray(at + 1, at + 1 + (rdata[at] ?? 0))).toString())
  }
  return found
}
