import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { describe, type TestContext, test } from 'node:test'
import { nodeIdentity } from '../../responder/identity.ts'

const TASK = { TaskARN: 'arn:aws:ecs:us-west-2:111122223333:task/default/158d1c8083dd49d6b527399fd6414f5c' }

test('on ECS the id of the task', async (t) => {
  const asked: (string | undefined)[] = []
  const url = await metadata(t, ({ url }, response) => {
    asked.push(url)
    response.end(JSON.stringify(TASK))
  })
  const identity = await nodeIdentity({ ECS_CONTAINER_METADATA_URI_V4: `${url}/v4/abc`, HOSTNAME: 'host' })
  assert.equal(identity, '158d1c8083dd49d6b527399fd6414f5c')
  assert.deepEqual(asked, ['/v4/abc/task'])
})

describe('elsewhere, and where the metadata cannot be had, the name of the host', () => {
  test('HOSTNAME', async () => assert.equal(await nodeIdentity({ HOSTNAME: 'host' }), 'host'))
  test('without it, or where it is none', async () => {
    for (const HOSTNAME of [undefined, '', 'a b', 'x'.repeat(256), 'grün']) {
      assert.equal(await nodeIdentity({ ...(HOSTNAME !== undefined && { HOSTNAME }) }), hostname())
    }
  })

  const answers: Readonly<Record<string, RequestListener>> = {
    'an error': (_, response) => response.writeHead(500).end('no'),
    'something else': (_, response) => response.end('[]'),
    'no ARN': (_, response) => response.end('{"TaskARN": 7}'),
    'an ARN without id': (_, response) => response.end('{"TaskARN": "arn:aws:ecs:task/"}'),
    'the end of the connection': (request) => request.socket.destroy(),
    'nothing at all': () => {},
  }
  for (const [title, listener] of Object.entries(answers)) {
    test(title, async (t) => {
      const url = await metadata(t, listener)
      assert.equal(await nodeIdentity({ ECS_CONTAINER_METADATA_URI_V4: url, HOSTNAME: 'host' }), 'host')
    })
  }
  test('a URL that is none', async () => {
    assert.equal(await nodeIdentity({ ECS_CONTAINER_METADATA_URI_V4: '%', HOSTNAME: 'host' }), 'host')
  })
})

// ---------------------------------------------------------------------------

async function metadata(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
