/** How the client shows who it is: signatures, tokens, where credentials come from, and that no secret gets out. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { inspect } from 'node:util'
import { type ClientOptions, createClient, type Registration } from '../../client/client.ts'
import { type Environment, environmentCredentials } from '../../client/credentials.ts'
import { realClock } from '../../client/keep.ts'
import { type Api, type Seen, startApi } from './api.ts'
import { authorizationOf } from './signature.ts'

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const SESSION = 'session/token=='
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET }
const LAMBDA: Environment = {
  AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: SECRET,
  AWS_SESSION_TOKEN: SESSION,
  AWS_REGION: 'eu-central-1',
}
const WEB: Registration = {
  zone: 'example.org',
  name: '*.web.example.org',
  id: 'task:7',
  records: [{ type: 'A', rdata: ['192.0.2.5'] }],
  lease: 30,
}

describe('a signature', () => {
  for (const sessionToken of [SESSION, undefined])
    test(`is the one that API Gateway demands, ${sessionToken ? 'with' : 'without'} a session`, async () => {
      const credentials = { ...KEYS, sessionToken }
      const request = await sent({ credentials, region: 'eu-central-1' })
      assert.equal(request.headers['x-amz-security-token'], sessionToken)
      assert.equal(request.headers.authorization, authorizationOf(request, { ...KEYS, region: 'eu-central-1' }))
    })

  test('is on a withdrawal as well', async () => {
    const api = await startApi()
    await createClient({ url: api.url, credentials: KEYS, region: 'eu-central-1' }).withdraw(WEB)
    const [request = assert.fail()] = api.requests
    assert.equal(request.method, 'DELETE')
    assert.equal(request.headers.authorization, authorizationOf(request, { ...KEYS, region: 'eu-central-1' }))
  })

  test('is made anew with the credentials of the moment', async () => {
    const api = await startApi()
    let turn = 0
    const credentials = async () => ({ ...KEYS, accessKeyId: `AKID${++turn}` })
    const client = createClient({ url: api.url, credentials, region: 'eu-central-1' })
    await client.put(WEB)
    await client.put(WEB)
    assert.deepEqual(
      api.requests.map(({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1]),
      ['AKID1', 'AKID2'],
    )
  })

  const regions: readonly [host: string, Partial<ClientOptions>, region: string][] = [
    ['abc123.execute-api.eu-west-1.amazonaws.com', {}, 'eu-west-1'],
    ['abc123.execute-api.cn-north-1.amazonaws.com.cn', {}, 'cn-north-1'],
    ['names.example.org', {}, 'eu-central-1'],
    ['names.example.org', { region: 'us-east-2' }, 'us-east-2'],
    ['abc123.execute-api.eu-west-1.amazonaws.com', { region: 'us-east-2' }, 'us-east-2'],
  ]
  for (const [host, options, region] of regions)
    test(`for ${host} ${JSON.stringify(options)} is for ${region}`, async () => {
      const { url, headers } = await wouldSend({ url: `https://${host}/dynapi`, environment: LAMBDA, ...options })
      assert.ok(url.startsWith(`https://${host}/v1/zones/example.org/`))
      assert.match(headers.get('authorization') ?? '', new RegExp(`/${region}/execute-api/aws4_request`))
      assert.equal(headers.get('x-amz-security-token'), SESSION)
    })

  test('is not made over plain HTTP, which no API on AWS has, unless that is asked for', async () => {
    const { headers } = await sent({ environment: LAMBDA })
    assert.deepEqual([headers.authorization, headers['x-amz-security-token']], [undefined, undefined])
  })

  test('is not made where there are no credentials', async () => {
    const { headers } = await wouldSend({ url: 'https://names.example.org', environment: {} })
    assert.equal(headers.get('authorization'), null)
  })
})

describe('a token', () => {
  test('is shown as bearer, in place of a signature', async () => {
    const { headers } = await sent({ token: 'ns_id_secret', credentials: KEYS })
    assert.equal(headers.authorization, 'Bearer ns_id_secret')
  })

  test('may have a line feed behind it, as files have', async () => {
    assert.equal((await sent({ token: 'ns_id_secret\n' })).headers.authorization, 'Bearer ns_id_secret')
  })

  test('may stand in the URL, as for curl', async () => {
    const api = await startApi()
    await createClient({ url: api.url.replace('://', '://any:ns_id_secret@') }).put(WEB)
    assert.equal(api.requests[0]?.headers.authorization, 'Bearer ns_id_secret')
  })
})

describe('the credentials of a container', () => {
  test('are asked for with the authorization token, and kept', async () => {
    const { endpoint, asked } = await startEndpoint()
    const source = sourceOf({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'Basic abc',
    })
    const first = await source()
    assert.deepEqual([first?.accessKeyId, first?.secretAccessKey, first?.sessionToken], ['AKIDTASK1', SECRET, SESSION])
    assert.equal((await source())?.accessKeyId, 'AKIDTASK1')
    assert.deepEqual(
      asked.map(({ authorization }) => authorization),
      ['Basic abc'],
    )
  })

  test('are asked for once by many at a time', async () => {
    const { endpoint, asked } = await startEndpoint()
    const source = sourceOf({ AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint })
    await Promise.all([source(), source(), source()])
    assert.equal(asked.length, 1)
  })

  test('are asked for again before they expire, with the token that the file has then', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'namestream-'))
    after(() => rm(folder, { recursive: true }))
    const file = join(folder, 'token')
    const { endpoint, asked } = await startEndpoint({ lastsMs: 3_600_000 })
    let now = Date.now()
    const source = sourceOf(
      { AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file },
      () => now,
    )
    await writeFile(file, 'one\n')
    await source()
    await writeFile(file, 'two\n')
    now += 3_200_000
    assert.equal((await source())?.accessKeyId, 'AKIDTASK1')
    now += 200_000
    assert.equal((await source())?.accessKeyId, 'AKIDTASK2')
    assert.deepEqual(
      asked.map(({ authorization }) => authorization),
      ['one', 'two'],
    )
  })

  test('are used until they expire where new ones cannot be had, and no longer', async () => {
    const endpoint = await startEndpoint({ lastsMs: 60_000 })
    let now = Date.now()
    const source = sourceOf({ AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.endpoint }, () => now)
    await source()
    endpoint.status = 500
    assert.equal((await source())?.accessKeyId, 'AKIDTASK1')
    now += 61_000
    await assert.rejects(source(), { message: 'the endpoint of the container gave no credentials' })
  })

  test('of ECS are at its address', async () => {
    const asked: string[] = []
    const fetch = async (url: unknown) => {
      asked.push(String(url))
      return Response.json({ AccessKeyId: 'A', SecretAccessKey: 'B' })
    }
    const environment = { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/abc' }
    assert.equal((await environmentCredentials({ environment, fetch, now: Date.now })())?.accessKeyId, 'A')
    assert.deepEqual(asked, ['http://169.254.170.2/v2/credentials/abc'])
  })

  for (const uri of [
    'http://192.0.2.1/',
    'http://169.254.170.2.example.org/',
    'https://example.org/',
    'http://x@127.0.0.1/',
    'x',
  ])
    test(`are not asked for at ${uri}, and nothing is shown to that`, async () => {
      const fetch = async () => assert.fail('somebody was asked')
      const environment = { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'Basic abc' }
      await assert.rejects(
        environmentCredentials({ environment, fetch, now: Date.now })(),
        /on this machine, ECS or EKS only|is no URL/,
      )
    })

  test('that cannot be had are one more failure, which ends', async () => {
    const fetch = async () => assert.fail('the API was asked without credentials')
    const endpoint = await startEndpoint()
    endpoint.status = 404
    const environment = { AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.endpoint }
    const client = createClient({ url: 'https://names.example.org', environment, fetch: endpoint.only(fetch) })
    await assert.rejects(client.put(WEB), {
      name: 'RegistrationError',
      message: 'the request cannot be signed: the endpoint of the container gave no credentials',
    })
  })
})

describe('no secret is shown', () => {
  const rows: readonly [title: string, options: Partial<ClientOptions>][] = [
    ['with a token that is no header', { token: 'ns_id_SECRET\nmore' }],
    ['with a session token that is no header', { credentials: { ...KEYS, sessionToken: 'SECRET\nmore' } }],
    ['with a key that is no header', { credentials: { ...KEYS, accessKeyId: 'SECRET\n' } }],
    ['with a token in a URL that is none', { url: 'http://any:SECRET@:99999/' }],
    ['with a token in a URL that is of something else', { url: 'ftp://any:SECRET@example.org/' }],
    ['with a token in a URL where nobody is', { url: 'http://any:SECRET@127.0.0.1:1/' }],
    [
      'with credentials that are JSON no more',
      {
        url: 'https://127.0.0.1:1/',
        environment: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1/' },
        fetch: async () => new Response('{"SECRET'),
      },
    ],
  ]
  for (const [title, options] of rows)
    test(title, async () => {
      const told = await failure({ url: 'http://127.0.0.1:1', region: 'eu-west-1', ...options })
      assert.ok(told instanceof Error)
      assert.doesNotMatch(inspect(told, { depth: 9, showHidden: true }), /SECRET/)
    })
})

// ---------------------------------------------------------------------------

/** The one request of a registration. */
async function sent(options: Partial<ClientOptions>): Promise<Seen> {
  const api: Api = await startApi()
  await createClient({ url: api.url, ...options }).put(WEB)
  const [request = assert.fail()] = api.requests
  return request
}

/** The request that would go to a host that is not there. */
async function wouldSend(options: ClientOptions): Promise<{ url: string; headers: Headers }> {
  const seen: { url: string; headers: Headers }[] = []
  const fetch = async (url: unknown, init?: RequestInit) => {
    seen.push({ url: String(url), headers: new Headers(init?.headers) })
    return Response.json({ id: WEB.id })
  }
  await createClient({ ...options, fetch }).put(WEB)
  return seen[0] ?? assert.fail()
}

async function failure(options: ClientOptions): Promise<unknown> {
  try {
    await createClient(options).put(WEB)
    return undefined
  } catch (error) {
    return error
  }
}

function sourceOf(environment: Environment, now: () => number = realClock.now) {
  return environmentCredentials({ environment, fetch, now })
}

/** An endpoint that gives credentials, other ones each time. */
async function startEndpoint({ lastsMs = 6 * 3_600_000 } = {}) {
  const asked: IncomingHttpHeaders[] = []
  const server = createServer(({ headers }, response) => {
    asked.push(headers)
    const Expiration = new Date(Date.now() + lastsMs).toISOString()
    const credentials = { AccessKeyId: `AKIDTASK${asked.length}`, SecretAccessKey: SECRET, Token: SESSION, Expiration }
    response.writeHead(endpoint.status).end(JSON.stringify(credentials))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/credentials`
  const endpoint = {
    endpoint: url,
    asked,
    status: 200,
    /** A fetch that reaches the endpoint, and has all else done by another. */
    only:
      (others: () => Promise<Response>): typeof fetch =>
      (to, init) =>
        String(to) === url ? fetch(to, init) : others(),
  }
  return endpoint
}
