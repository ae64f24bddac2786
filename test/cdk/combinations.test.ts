/**
 * The stack with the settings that change what is in it, any two of them together: cdk-nag finds nothing that is not
 * acknowledged (synthesis fails otherwise: security.test.ts), and what must always hold does.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { everything } from './everything.ts'
import { contextOf, lookedUp } from './looked-up-vpc.ts'
import { type Combination, pairwise } from './pairwise.ts'
import { responderInvariants } from './responder-invariants.ts'
import { stackInvariants } from './stack-invariants.ts'
import { resourcesOf, templateOf, unbundledApp } from './template.ts'

type Context = Readonly<Record<string, unknown>>

process.env.CDK_DEFAULT_ACCOUNT = lookedUp.account
process.env.CDK_DEFAULT_REGION = lookedUp.region

const given = {
  vpc: 'vpc-0abc1234',
  subnets: 'subnet-0abc1234,subnet-0def5678',
  availabilityZones: 'eu-central-1a,eu-central-1b',
  dnsAddresses: '10.0.0.53,10.0.1.53',
  dnsClients: '10.0.0.0/8,192.168.0.0/16',
}
const subnets = contextOf([
  ['a', 'subnet-9052c62eb120c618b'],
  ['b', 'subnet-c682e7319cb356b57'],
  ['c', 'subnet-25535c2793486dd67'],
])

/** By setting, what it can be, and the context for that. */
const factors: Readonly<Record<string, Readonly<Record<string, Context>>>> = {
  mirror: {
    none: { zones: ['a.example.org'] },
    public: { zones: ['a.example.org=public', 'b\\046c.example.org'] },
    private: { zones: ['a.example.org=private:vpc-0abc1234+vpc-0def5678'] },
    existing: { zones: ['a.example.org=Z0123456789ABC', 'b.example.org=Z0123456789ABD'] },
  },
  auth: { iam: {}, tokens: { auth: 'iam+tokens' } },
  responder: {
    off: {},
    'new, public': { responder: true },
    'new, private': { responder: true, taskNetwork: 'private', vpc: 'new:10.9.8.0/24' },
    given: { responder: true, ...given },
    'looked up': { responder: true, vpc: lookedUp.vpc, ...subnets },
  },
  functions: { none: {}, named: { functions: true } },
  certificate: { none: {}, one: { certificate: everything.certificate } },
  resolver: { none: {}, prepared: { resolver: true }, followed: { resolver: 'vpc-0abc1234+vpc-0def5678' } },
  alarms: {
    none: {},
    email: { alarms: everything.alarms },
    topic: { alarms: 'arn:aws:sns:eu-central-1:123456789012:Alarms' },
  },
  architecture: { usual: {}, x86_64: { architecture: 'x86_64' } },
  logRetention: { usual: {}, long: { logRetention: 365 } },
}

const ofResponder = ['certificate', 'resolver', 'architecture']
const names = Object.fromEntries(Object.entries(factors).map(([factor, values]) => [factor, Object.keys(values)]))
const combinations = pairwise(names, (one) => {
  if (one.responder === 'off') return ofResponder.every((factor) => one[factor] === names[factor]?.[0])
  return one.responder !== 'looked up' || one.resolver === 'none'
})

for (const combination of combinations) {
  const settings = settingsOf(combination)
  describe(Object.values(combination).join(' · '), () => {
    const template = templateOf(unbundledApp(settings))
    for (const [what, holds] of Object.entries(stackInvariants)) test(what, () => holds(template, settings))
    if (settings.responder === undefined && settings.functions !== undefined) return
    if (settings.responder === undefined) {
      test('nothing is there that costs by the hour', () => {
        const types = Object.values(resourcesOf(template)).map(({ type }) => type)
        assert.doesNotMatch(types.join(' '), /EC2|ECS|LoadBalanc|Resolver|AutoScaling/)
      })
    } else {
      for (const [what, holds] of Object.entries(responderInvariants)) test(what, () => holds(template, settings))
    }
  })
}

test('these are few, and every value is in one', () => {
  assert.ok(combinations.length <= 24, `${combinations.length}`)
  for (const [factor, values] of Object.entries(names)) {
    assert.deepEqual(new Set(combinations.map((one) => one[factor])), new Set(values))
  }
})

// ---------------------------------------------------------------------------

function settingsOf(combination: Combination): Context {
  const contexts = Object.entries(combination).map(([factor, value]) => factors[factor]?.[value])
  return Object.assign({}, ...contexts)
}
