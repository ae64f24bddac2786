import assert from 'node:assert/strict'
import { registerHooks } from 'node:module'
import { describe, test } from 'node:test'
import { udpInBatches } from '../../../responder/datagrams/choice.ts'

const linux = process.platform === 'linux'

describe('UDP is served', () => {
  test('by system calls on Linux', { skip: !linux }, async () => {
    for (const environment of [{}, { NAMESTREAM_UDP: '' }, { NAMESTREAM_UDP: 'native' }]) {
      assert.equal(typeof (await udpInBatches(environment)), 'object')
    }
  })

  test('by Node where that is asked for', async () => {
    assert.equal(await udpInBatches({ NAMESTREAM_UDP: 'node' }), 'NAMESTREAM_UDP=node')
  })

  test('by nobody who has another name', async () => {
    const message = 'NAMESTREAM_UDP: "nodejs" is neither native nor node'
    await assert.rejects(udpInBatches({ NAMESTREAM_UDP: 'nodejs' }), { message })
  })

  test('by Node where there is no koffi', { skip: !linux }, async () => {
    const hooks = registerHooks({
      resolve(specifier, context, next) {
        return next(specifier === 'koffi' ? 'no-such-package' : specifier, context)
      },
    })
    try {
      assert.equal(await udpInBatches({}), 'koffi is not there')
    } finally {
      hooks.deregister()
    }
  })
})
