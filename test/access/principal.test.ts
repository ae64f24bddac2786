import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readAdmins } from '../../shared/access/admins.ts'
import {
  granteesOf,
  PrincipalError,
  parsePrincipal,
  principalOfArn,
  principalOfContext,
} from '../../shared/access/principal.ts'

const ID = '123456789012'

describe('who an ARN is', () => {
  const arns: readonly [arn: string, principal: string][] = [
    [`arn:aws:iam::${ID}:user/alice`, `iam:arn:aws:iam::${ID}:user/alice`],
    [`arn:aws:iam::${ID}:user/team/Alice@example.org`, `iam:arn:aws:iam::${ID}:user/team/Alice@example.org`],
    [`arn:aws:iam::${ID}:root`, `iam:arn:aws:iam::${ID}:root`],
    [`arn:aws:iam::${ID}:role/Deployer`, `iam:arn:aws:iam::${ID}:role/Deployer`],
    [`arn:aws:iam::${ID}:role/service/Deployer`, `iam:arn:aws:iam::${ID}:role/Deployer`],
    [`arn:aws:sts::${ID}:assumed-role/Deployer/build-7`, `iam:arn:aws:iam::${ID}:role/Deployer`],
    [`arn:aws:sts::${ID}:assumed-role/Deployer/a=b,c@d`, `iam:arn:aws:iam::${ID}:role/Deployer`],
    [`arn:aws-cn:sts::${ID}:assumed-role/Deployer/x`, `iam:arn:aws-cn:iam::${ID}:role/Deployer`],
    [`arn:aws-us-gov:iam::${ID}:user/x`, `iam:arn:aws-us-gov:iam::${ID}:user/x`],
    [`arn:aws:sts::${ID}:federated-user/bob`, `iam:arn:aws:sts::${ID}:federated-user/bob`],
  ]
  for (const [arn, principal] of arns) test(arn, () => assert.equal(principalOfArn(arn), principal))
})

describe('ARNs that are nobody’s', () => {
  const arns = [
    '',
    'anonymous',
    `arn:aws:iam::${ID}:*`,
    `arn:aws:iam::${ID}:user/*`,
    `arn:aws:iam::${ID}:role/Deploy*`,
    `arn:aws:iam::${ID}:user`,
    `arn:aws:iam::${ID}:user/`,
    `arn:aws:iam::${ID}:role/`,
    `arn:aws:iam::${ID}:role/x/`,
    `arn:aws:iam::${ID}:root/x`,
    `arn:aws:iam::${ID}:group/x`,
    `arn:aws:iam::${ID}:assumed-role/x/y`,
    'arn:aws:iam::12345678901:user/x',
    'arn:aws:iam::*:user/x',
    `arn:aws:iam:eu-west-1:${ID}:user/x`,
    `arn:other:iam::${ID}:user/x`,
    `arn:aws:sts::${ID}:assumed-role/Deployer`,
    `arn:aws:sts::${ID}:assumed-role/Deployer/a/b`,
    `arn:aws:sts::${ID}:assumed-role//b`,
    `arn:aws:sts::${ID}:role/Deployer`,
    `arn:aws:sts::${ID}:federated-user/a/b`,
    `arn:aws:lambda:eu-west-1:${ID}:function:x`,
    `arn:aws:iam::${ID}:user/x y`,
    `arn:aws:iam::${ID}:user/x\n`,
    `arn:aws:iam::${ID}:user/${'x'.repeat(1000)}`,
    ` arn:aws:iam::${ID}:user/x`,
  ]
  for (const arn of arns) test(JSON.stringify(arn.slice(0, 60)), () => assert.equal(principalOfArn(arn), undefined))
})

describe('what a grant may name', () => {
  const good: readonly [text: string, principal?: string][] = [
    ['token:0123456789abcdef'],
    [`iam:arn:aws:iam::${ID}:user/alice`],
    [`iam:arn:aws:iam::${ID}:*`],
    [`iam:arn:aws:iam::${ID}:role/path/x`, `iam:arn:aws:iam::${ID}:role/x`],
    [`iam:arn:aws:sts::${ID}:assumed-role/x/session`, `iam:arn:aws:iam::${ID}:role/x`],
  ]
  for (const [text, principal = text] of good) {
    test(text, () => {
      assert.equal(parsePrincipal(text), principal)
      assert.equal(parsePrincipal(principal), principal)
    })
  }

  const bad = ['', '*', 'local', 'token:', 'token:*', 'token:0123456789ABCDEF', 'iam:*', `arn:aws:iam::${ID}:user/x`]
  for (const text of [...bad, `iam:arn:aws:iam::${ID}:user/*`, 'iam:arn:aws:iam::*:*', `iam:arn:*:iam::${ID}:*`]) {
    test(`not ${JSON.stringify(text)}`, () => assert.throws(() => parsePrincipal(text), PrincipalError))
  }
})

test('a caller is granted what its account is, and nothing of another one', () => {
  const account = `iam:arn:aws:iam::${ID}:*`
  assert.deepEqual(granteesOf(`iam:arn:aws:iam::${ID}:role/x`), [`iam:arn:aws:iam::${ID}:role/x`, account])
  assert.deepEqual(granteesOf(`iam:arn:aws:sts::${ID}:federated-user/x`).at(-1), account)
  assert.deepEqual(granteesOf('token:0123456789abcdef'), ['token:0123456789abcdef'])
  assert.deepEqual(granteesOf('local'), ['local'])
})

test('a context names tokens and the local stack', () => {
  for (const text of ['local', 'token:0123456789abcdef']) assert.equal(principalOfContext(text), text)
  for (const other of [undefined, null, 7, {}, '', 'iam:x', 'token:x', ['local']]) {
    assert.equal(principalOfContext(other), undefined)
  }
})

test('admins come from the environment; what cannot be read there is an error, not nobody', () => {
  assert.deepEqual(readAdmins({}), [])
  assert.deepEqual(readAdmins({ ACCESS_ADMINS: '["local","iam:arn:aws:iam::123456789012:role/a/x"]' }), [
    'local',
    'iam:arn:aws:iam::123456789012:role/x',
  ])
  for (const text of ['', '{', '7', '["*"]', '[7]', '{"a":1}']) {
    assert.throws(() => readAdmins({ ACCESS_ADMINS: text }), /^Error: the environment variable ACCESS_ADMINS must be/)
  }
})
