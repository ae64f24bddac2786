import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { read, refuses } from './read-settings.ts'

const readZones = (zones: unknown) => read({ zones }).zones
const readRate = (route53RequestsPerSecond: unknown) =>
  read({ zones: ['example.org'], route53RequestsPerSecond }).route53RequestsPerSecond

describe('zones that can be served', () => {
  const good: readonly [given: unknown, zones: readonly string[]][] = [
    [['rpc.example.org'], ['rpc.example.org.']],
    [['Rpc.Example.ORG.'], ['rpc.example.org.']],
    [
      ['example.org', 'sub.example.org'],
      ['example.org.', 'sub.example.org.'],
    ],
    ['a.example.org', ['a.example.org.']], // -c zones=a.example.org
    ['a.example.org, b.example.org', ['a.example.org.', 'b.example.org.']],
    [['2.0.192.in-addr.arpa'], ['2.0.192.in-addr.arpa.']],
  ]
  for (const [given, zones] of good) {
    test(JSON.stringify(given), () => {
      assert.deepEqual(
        readZones(given),
        zones.map((zone) => ({ zone, hostedZone: { kind: 'none' } })),
      )
    })
  }
})

describe('hosted zones that can mirror one', () => {
  const good: readonly [text: string, hostedZone: object, zone?: string][] = [
    ['example.org=none', { kind: 'none' }],
    ['Example.org.=public', { kind: 'public' }],
    ['example.org=private:vpc-0abc1234', { kind: 'private', vpcs: ['vpc-0abc1234'] }],
    [
      'example.org=private:vpc-0123456789abcdef0+vpc-0abc1234',
      { kind: 'private', vpcs: ['vpc-0123456789abcdef0', 'vpc-0abc1234'] },
    ],
    ['example.org=Z0123456789ABC', { kind: 'existing', id: 'Z0123456789ABC' }],
    [`example.org=Z${'9'.repeat(31)}`, { kind: 'existing', id: `Z${'9'.repeat(31)}` }],
    ['a=b.example.org=public', { kind: 'public' }, 'a=b.example.org.'],
  ]
  for (const [text, hostedZone, zone = 'example.org.'] of good) {
    test(text, () => assert.deepEqual(readZones([text]), [{ zone, hostedZone }]))
  }

  test('several on the command line', () => {
    const text = 'a.example.org=public,b.example.org=private:vpc-0abc1234+vpc-0def5678, c.example.org,d.example.org=Z1D'
    assert.deepEqual(
      readZones(text).map(({ hostedZone }) => hostedZone.kind),
      ['public', 'private', 'none', 'existing'],
    )
  })
})

describe('zones that cannot, with the reason', () => {
  const choices = /none, public, private:vpc-0abc1234 or an id such as Z0123456789ABC, not "[^"]*"$/
  const bad: readonly [given: unknown, reason: RegExp][] = [
    [undefined, /^zones must be a list of zone names such as \["rpc\.example\.org"\], it is undefined$/],
    [[], /must be a list .*, it is \[\]$/],
    [{ zone: 'example.org' }, /must be a list/],
    [7, /must be a list .*, it is 7$/],
    ['', /^zones holds "": the name is empty$/],
    ['a.example.org,', /^zones holds "": the name is empty$/],
    [[7], /^zones holds 7, which is not a text$/],
    [['a..example.org'], /^zones holds "a\.\.example\.org": the name has an empty label$/],
    [['ex ample.org'], /^zones holds "ex ample\.org": .*character " "/],
    [[`${'a'.repeat(64)}.example.org`], /a label has 64 octets, at most 63 are allowed$/],
    [[`${'a.'.repeat(127)}example.org`], /octets on the wire, at most 255 are allowed$/],
    [['.'], /^zones holds "\.": the root cannot be served$/],
    [['*.example.org'], /^zones holds "\*\.example\.org": a zone cannot be a wildcard$/],
    [['a.example.org', 'A.EXAMPLE.ORG.'], /^zones names a\.example\.org\. twice$/],
    [['a.example.org=public', 'a.example.org=none'], /^zones names a\.example\.org\. twice$/],
    [['=public'], /^zones holds "=public": the name is empty$/],
    [['.=public'], /^zones holds "\.=public": the root cannot be served$/],
    [['example.org='], choices],
    [['example.org=Public'], choices],
    [['example.org=yes'], /^zones holds "example\.org=yes": the hosted zone is none, public, .*, not "yes"$/],
    [['example.org = public'], /character " " must be escaped/],
    [['example.org=public:vpc-0abc1234'], choices],
    [['example.org=z0123456789ABC'], choices],
    [['example.org=Z'], choices],
    [[`example.org=Z${'9'.repeat(32)}`], choices],
    [['example.org=/hostedzone/Z0123456789ABC'], choices],
    [['example.org=private'], /: a private hosted zone needs VPCs, as in private:vpc-0abc1234\+vpc-0def5678$/],
    [['example.org=private:'], /a private hosted zone needs VPCs/],
    [['example.org=private:vpc-0ABC1234'], /: "vpc-0ABC1234" is not the id of a VPC$/],
    [['example.org=private:vpc-0abc123'], /is not the id of a VPC$/],
    [['example.org=private:vpc-0abc1234+'], /: "" is not the id of a VPC$/],
    [
      'example.org=private:vpc-0abc1234,vpc-0def5678',
      /^zones holds "vpc-0def5678": VPCs are joined by \+, not by a comma$/,
    ],
    [['example.org=private:vpc-0abc1234+vpc-0abc1234'], /: vpc-0abc1234 is there twice$/],
    [
      Array.from({ length: 61 }, (_, i) => `z${i}.example.org=public`),
      /^zones has 61 that are mirrored, a stack has room for 60$/,
    ],
    [
      ['a.example.org=Z1A', 'b.example.org=Z1B', 'c.example.org=Z1A'],
      /^zones names the hosted zone Z1A twice, it can mirror one zone only$/,
    ],
  ]
  for (const [given, reason] of bad) {
    test(`${JSON.stringify(given)?.slice(0, 60)}`, () => refuses({ zones: given }, reason))
  }
})

describe('requests to Route 53 a second', () => {
  const good: readonly [given: unknown, rate: number][] = [
    [undefined, 2],
    [5, 5],
    [0.1, 0.1],
    ['3', 3], // -c route53RequestsPerSecond=3
    ['0.5', 0.5],
  ]
  for (const [given, rate] of good) test(`${JSON.stringify(given)}`, () => assert.equal(readRate(given), rate))

  const bad = [0, -1, 5.01, Number.NaN, Number.POSITIVE_INFINITY, '', '0', '6', '2/s', '1e0', '1.2.3', null, true, [2]]
  for (const given of bad) {
    test(`not ${JSON.stringify(given)}`, () => {
      const reason = /^route53RequestsPerSecond must be a number above 0 and up to 5, it is /
      refuses({ zones: ['example.org'], route53RequestsPerSecond: given }, reason)
    })
  }
})

describe('who can ask', () => {
  const readAuth = (auth: unknown) => read({ zones: ['example.org'], auth }).auth

  test('whoever signs with AWS credentials, and with tokens only where that is said', () => {
    assert.deepEqual([undefined, 'iam', 'iam+tokens'].map(readAuth), ['iam', 'iam', 'iam+tokens'])
  })

  for (const auth of ['', 'none', 'tokens', 'IAM', true, null, ['iam']]) {
    test(`not ${JSON.stringify(auth)}`, () => {
      refuses({ zones: ['example.org'], auth }, /^auth must be iam or iam\+tokens, it is /)
    })
  }
})

describe('admins', () => {
  const [role, account] = ['arn:aws:iam::123456789012:role/x', 'arn:aws:iam::210987654321:*']
  const good: readonly [given: unknown, admins: readonly string[]][] = [
    [undefined, []],
    [[], []],
    ['', []],
    [[role], [`iam:${role}`]],
    [
      [`${role.slice(0, -1)}path/x`, account],
      [`iam:${role}`, `iam:${account}`],
    ],
    [` ${role}  ${account}`, [`iam:${role}`, `iam:${account}`]], // -c admins='ARN ARN'
  ]
  for (const [given, admins] of good) {
    test(`${JSON.stringify(given)}`, () =>
      assert.deepEqual(read({ zones: ['example.org'], admins: given }).admins, admins))
  }

  const bad: readonly [given: unknown, reason: RegExp][] = [
    [7, /^admins must be a list of ARNs such as \["arn:aws:iam::123456789012:role\/Operator"\], it is 7$/],
    ['*', /^admins holds "\*": it must be the ARN of an IAM user or role, or arn:aws:iam::ACCOUNT:\* for/],
    [['local'], /^admins holds "local": /],
    [[7], /^admins holds 7: /],
    [[`iam:${role}`], /^admins holds "iam:arn/],
    [['token:0123456789abcdef'], /^admins holds "token/],
    [['arn:aws:iam::*:role/x'], /^admins holds /],
    [
      ['arn:aws:iam::123456789012:root'],
      /^admins holds "arn:aws:iam::123456789012:root", which is one user; the whole account is arn:aws:iam::123456789012:\*$/,
    ],
    [[role, `${role.slice(0, -1)}path/x`], /^admins names arn:aws:iam::123456789012:role\/x twice$/],
    [Array.from({ length: 21 }, (_, i) => `${role}${i}`), /^admins has 21 ARNs, at most 20 fit/],
  ]
  for (const [given, reason] of bad) {
    test(`not ${JSON.stringify(given).slice(0, 60)}`, () => refuses({ zones: ['example.org'], admins: given }, reason))
  }
})
