import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { CloudFormationCustomResourceEvent } from 'aws-lambda'
import { createCustomResource, type Properties } from '../../functions/zones/custom-resource.ts'

interface Received {
  readonly method: string | undefined
  readonly contentType: string | undefined
  readonly body: Readonly<Record<string, unknown>>
}

test('creation and update apply the properties and say so', async () => {
  for (const RequestType of ['Create', 'Update'] as const) {
    const applied: Properties[] = []
    const received = await runOnce({ RequestType }, async (properties) => void applied.push(properties))
    assert.deepEqual(applied, [{ ServiceToken: 'arn', zones: ['rpc.example.org.'] }])
    assert.deepEqual(received, {
      method: 'PUT',
      contentType: '',
      body: { Status: 'SUCCESS', ...SAME },
    })
  }
})

test('deletion applies nothing and succeeds', async () => {
  const received = await runOnce({ RequestType: 'Delete' }, () => assert.fail('applied'))
  assert.deepEqual(received.body, { Status: 'SUCCESS', ...SAME })
})

test('an error is the reason of the failure, cut to what CloudFormation takes', async () => {
  const failing = await runOnce({ RequestType: 'Create' }, () => Promise.reject(new Error('the store is away')))
  assert.deepEqual(failing.body, { Status: 'FAILED', Reason: 'Error: the store is away', ...SAME })
  const long = await runOnce({ RequestType: 'Create' }, () => Promise.reject(new Error('é'.repeat(9000))))
  assert.equal(long.body.Status, 'FAILED')
  assert.ok(Buffer.byteLength(JSON.stringify(long.body)) < 4096)
})

test('an answer that is not taken is an error, so that Lambda tries again', async () => {
  await assert.rejects(
    runOnce({ RequestType: 'Create' }, async () => {}, 403),
    /answered 403/,
  )
})

// ---------------------------------------------------------------------------

const SAME = {
  PhysicalResourceId: 'served-zones',
  StackId: 'arn:aws:cloudformation:eu-central-1:111122223333:stack/Namestream/1',
  RequestId: 'one',
  LogicalResourceId: 'ServedZones',
}

/** Runs the handler for one event against a server that stands for CloudFormation's URL; what the server was told. */
async function runOnce(
  event: Pick<CloudFormationCustomResourceEvent, 'RequestType'>,
  apply: (properties: Properties) => Promise<void>,
  status = 200,
): Promise<Received> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    received.push(await read(request))
    response.writeHead(status).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  try {
    const { port } = server.address() as AddressInfo
    await createCustomResource(
      'served-zones',
      apply,
    )({
      ...SAME,
      ...event,
      ServiceToken: 'arn',
      ResourceType: 'Custom::ServedZones',
      ResponseURL: `http://127.0.0.1:${port}/answer?signed=1`,
      ResourceProperties: { ServiceToken: 'arn', zones: ['rpc.example.org.'] },
      OldResourceProperties: {},
    } as CloudFormationCustomResourceEvent)
  } finally {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
  assert.equal(received.length, 1)
  return received[0] as Received
}

async function read(request: IncomingMessage): Promise<Received> {
  let text = ''
  for await (const chunk of request) text += chunk
  return { method: request.method, contentType: request.headers['content-type'], body: JSON.parse(text) }
}
