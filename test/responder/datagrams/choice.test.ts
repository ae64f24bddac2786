import assert from 'node:assert/strict'
import { registerHooks } from 'node:module'
import { describe, test } from 'node:test'
import { udpInBatches } from '../../../responder/datagrams/choice.ts'

const linux = process.platform === 'linux'

describe('UDP is served', () => {
  test('by system calls on Linux, and nothing is said of it', { skip: !linux }, async () => {
    for (const environment of [{}, { NAMESTREAM_UDP: '' }, { NAMESTREAM_UDP: 'native' }]) {
      assert.ok(await udpInBatches(environment, assert.fail))
    }
  })

  test('by Node where that is asked for', async () => {
    const told: string[] = []
    assert.equal(await udpInBatches({ NAMESTREAM_UDP: 'node' }, (line) => told.push(line)), undefined)
    assert.deepEqual(told, ["NAMESTREAM_UDP=node: UDP is served by Node's own sockets"])
  })

  test('by nobody who has another name', async () => {
    const message = 'NAMESTREAM_UDP: "nodejs" is neither native nor node'
    await assert.rejects(udpInBatches({ NAMESTREAM_UDP: 'nodejs' }, assert.fail), { message })
  })

  test('by Node where there is no koffi', { skip: !linux }, async () => {
    const hooks = registerHooks({
      resolve(specifier, context, next) {
        return next(specifier === 'koffi' ? 'no-such-package' : specifier, context)
      },
    })
    const told: string[] = []
    try {
      assert.equal(await udpInBatches({}, (line) => told.push(line)), undefined)
    } finally {
      hooks.deregister()
    }
    assert.deepEqual(told, ["koffi is not there: UDP is served by Node's own sockets"])
  })
})
