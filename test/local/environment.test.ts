import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, beforeEach, describe, test } from 'node:test'
import { completeEnvironment, enterEnvironment, ownRoute53 } from '../../local/environment.ts'
import { route53Client } from '../../shared/aws/route53-client.ts'

const DYNAMODB = 'http://127.0.0.1:1'
const LAMBDA = 'http://127.0.0.1:2'
const ROUTE53 = 'http://127.0.0.1:3'
const folder = mkdtempSync(join(tmpdir(), 'namestream-environment-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const before = { ...process.env }
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  process.env.AWS_EC2_METADATA_DISABLED = 'true'
  process.env.AWS_CONFIG_FILE = '/dev/null'
  process.env.AWS_SHARED_CREDENTIALS_FILE = '/dev/null'
})
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
  Object.assign(process.env, before)
})

test('what the user has set for real accounts is left aside', () => {
  Object.assign(process.env, { AWS_PROFILE: 'production', AWS_SESSION_TOKEN: 't', AWS_ENDPOINT_URL: 'https://x' })
  enterEnvironment({ dynamoDb: DYNAMODB, lambda: LAMBDA, route53: { url: ROUTE53, own: false } })
  assert.deepEqual(aws(), {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_ENDPOINT_URL_DYNAMODB: DYNAMODB,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: DYNAMODB,
    AWS_ENDPOINT_URL_LAMBDA: LAMBDA,
    AWS_ENDPOINT_URL_ROUTE_53: ROUTE53,
    AWS_REGION: 'us-east-1',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  })
  const {
    NAMES_TABLE,
    ZONES_TABLE,
    CHANGELOG_TABLE,
    MIRROR_TABLE,
    REGISTRATIONS_TABLE,
    ACCESS_TABLE,
    MIRROR_FUNCTION,
  } = process.env
  assert.deepEqual(
    [NAMES_TABLE, ZONES_TABLE, CHANGELOG_TABLE, MIRROR_TABLE, REGISTRATIONS_TABLE, ACCESS_TABLE, MIRROR_FUNCTION],
    ['names', 'zones', 'changelog', 'mirror', 'registrations', 'access', 'mirror'],
  )
})

test('everybody may do everything, unless callers show tokens', () => {
  enterEnvironment({ dynamoDb: DYNAMODB })
  assert.equal(process.env.ACCESS_ADMINS, '["local"]')
  enterEnvironment({ dynamoDb: DYNAMODB, auth: true })
  assert.equal(process.env.ACCESS_ADMINS, '[]')
})

test('without a mirror nobody is asked but DynamoDB', () => {
  process.env.AWS_ENDPOINT_URL_ROUTE_53 = ROUTE53
  enterEnvironment({ dynamoDb: DYNAMODB })
  const asked = Object.keys(aws()).filter((name) => name.startsWith('AWS_ENDPOINT'))
  assert.deepEqual(asked, ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL_DYNAMODB_STREAMS'])
})

describe('a Route 53 of the user’s own', () => {
  test('is the one that AWS_ENDPOINT_URL_ROUTE_53 names', () => {
    assert.equal(ownRoute53(), undefined)
    assert.equal(ownRoute53({ AWS_ENDPOINT_URL_ROUTE_53: '' }), undefined)
    assert.deepEqual(ownRoute53({ AWS_ENDPOINT_URL_ROUTE_53: ROUTE53 }), { url: ROUTE53, own: true })
  })

  test('is asked with the user’s settings; other endpoints are ours', () => {
    Object.assign(process.env, {
      AWS_PROFILE: 'mine',
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: 'https://x',
      AWS_ENDPOINT_URL_DYNAMODB: 'https://x',
      AWS_ENDPOINT_URL_ROUTE_53: ROUTE53,
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      AWS_USE_FIPS_ENDPOINT: 'true',
    })
    enterEnvironment({ dynamoDb: DYNAMODB, lambda: LAMBDA, route53: { url: ROUTE53, own: true } })
    assert.deepEqual(aws(), {
      AWS_CONFIG_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_ENDPOINT_URL_DYNAMODB: DYNAMODB,
      AWS_ENDPOINT_URL_DYNAMODB_STREAMS: DYNAMODB,
      AWS_ENDPOINT_URL_LAMBDA: LAMBDA,
      AWS_ENDPOINT_URL_ROUTE_53: ROUTE53,
      AWS_PROFILE: 'mine',
      AWS_REGION: 'eu-central-1',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_USE_DUALSTACK_ENDPOINT: 'false',
      AWS_USE_FIPS_ENDPOINT: 'false',
    })
  })
})

describe('what the user’s settings lack', () => {
  test('nothing', async () => {
    writeFileSync(join(folder, 'config'), '[profile mine]\nregion = eu-west-1\n')
    writeFileSync(join(folder, 'credentials'), '[mine]\naws_access_key_id = AKIA\naws_secret_access_key = secret\n')
    process.env.AWS_CONFIG_FILE = join(folder, 'config')
    process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, 'credentials')
    process.env.AWS_PROFILE = 'mine'
    const set = aws()
    await completeEnvironment((line) => assert.fail(line))
    assert.deepEqual(aws(), set)
    const { region, credentials } = route53Client().config
    assert.deepEqual([await region(), (await credentials()).accessKeyId], ['eu-west-1', 'AKIA'])
  })

  test('the region: what the AWS command line takes, else ours', async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's', AWS_DEFAULT_REGION: 'eu-west-3' })
    await completeEnvironment((line) => assert.fail(line))
    assert.equal(process.env.AWS_REGION, 'eu-west-3')
    delete process.env.AWS_REGION
    delete process.env.AWS_DEFAULT_REGION
    await completeEnvironment((line) => assert.fail(line))
    assert.equal(process.env.AWS_REGION, 'us-east-1')
  })

  test('credentials: made up, and said so', async () => {
    process.env.AWS_REGION = 'eu-west-1'
    const log: string[] = []
    await completeEnvironment((line) => log.push(line))
    assert.deepEqual(log, ['no AWS credentials are to be found, Route 53 is asked with made-up ones'])
    assert.equal(process.env.AWS_ACCESS_KEY_ID, 'local')
    assert.equal(process.env.AWS_REGION, 'eu-west-1')
  })
})

// ---------------------------------------------------------------------------

function aws(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env)
      .filter(([name]) => name.startsWith('AWS_'))
      .sort(),
  )
}
