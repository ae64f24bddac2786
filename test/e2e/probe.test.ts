import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { eventually } from '../eventually.ts'
import { addresses, askUdp } from '../responder/client.ts'
import { runStack, startStack } from './stack.ts'

const NAME = 'namestream-probe.example.org.'
const TIMES = /^namestream: probe: registered in [\d,]+ ms, answered after [\d,]+ ms(, in Route 53 after [\d,]+ ms)?$/gm

describe('npm start -- --probe', { concurrency: 2 }, () => {
  test('registers a name in the first zone and tells when it is answered, and in Route 53', async () => {
    const stack = await startStack('--ephemeral', '--probe', '--zone', 'example.org,example.net')
    assert.match(stack.stderr(), new RegExp(`^namestream: probe: registers ${NAME} every 10 s$`, 'm'))
    await eventually(() => assert.equal([...stack.stderr().matchAll(TIMES)].length, 1))
    assert.match(stack.stderr(), /, in Route 53 after /)
    assert.match(addresses(await askUdp(stack.dns, `${NAME} A`))[0] ?? '', /^198\.1[89]\./)
    assert.equal(await stack.stop(), 0)
  })

  test('without a mirror Route 53 is left out', async () => {
    const stack = await startStack('--ephemeral', '--probe', '--no-mirror', '--zone', 'example.org')
    assert.match(
      stack.stderr(),
      /^namestream: probe: registers .*, and leaves out Route 53: the zone is not mirrored$/m,
    )
    await eventually(() => assert.match(stack.stderr(), TIMES))
    assert.doesNotMatch(stack.stderr(), /in Route 53 after|failed/)
    assert.equal(await stack.stop(), 0)
  })

  test('with --auth: one line that says why not', async () => {
    assert.deepEqual(await runStack(['--probe', '--auth']), {
      code: 1,
      stdout: '',
      stderr: 'namestream: --probe: the probe has no token, it cannot be used together with --auth\n',
    })
  })
})
