import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { settingNames } from '../../cdk/setting-list.ts'
import { SettingsError } from '../../cdk/settings-error.ts'
import { read as readAll, refuses } from './read-settings.ts'

type Context = Readonly<Record<string, unknown>>

const read = (context: Context) => readAll({ zones: ['example.org'], ...context }).responder
const given: Context = {
  responder: 'true',
  vpc: 'vpc-0abc1234',
  subnets: 'subnet-0abc1234,subnet-0def5678',
  availabilityZones: 'eu-central-1a,eu-central-1b',
  dnsClients: '10.0.0.0/8',
}

describe('the responder is off', () => {
  for (const responder of [undefined, false, 'false']) {
    test(`${responder}`, () => assert.equal(read({ responder }), undefined))
  }

  const [, ...others] = ['responder', ...settingNames('responder')]
  for (const setting of others) {
    test(`${setting} would mean nothing then`, () => {
      for (const value of ['whatever', false]) {
        assert.throws(() => read({ [setting]: value }), new SettingsError(`${setting} needs responder=true`))
      }
    })
  }
})

describe('what is taken', () => {
  const network = { kind: 'new', block: '10.53.0.0/16' }
  const defaults = {
    network,
    publicTasks: true,
    tasks: { max: 10 },
    size: { cpu: 256, memory: 512 },
    architecture: 'arm64',
  }
  const inOwn = {
    ...defaults,
    network: {
      kind: 'given',
      vpc: 'vpc-0abc1234',
      subnets: ['subnet-0abc1234', 'subnet-0def5678'],
      zones: ['eu-central-1a', 'eu-central-1b'],
    },
    publicTasks: false,
    dnsClients: ['10.0.0.0/8'],
  }
  const found = { ...defaults, network: { kind: 'lookup', vpc: 'vpc-0abc1234' }, publicTasks: false }
  const certificate = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-1111-2222-3333-444455556666'
  const zones = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c']
  const addresses = ['10.0.0.53', '10.0.1.53']
  const good: readonly [context: Context, settings: object][] = [
    [{ responder: 'true' }, defaults],
    [{ responder: true, vpc: 'new', resolver: 'false' }, defaults],
    [
      { responder: true, vpc: 'new:192.168.4.0/22' },
      { ...defaults, network: { kind: 'new', block: '192.168.4.0/22' } },
    ],
    [
      { responder: true, availabilityZones: zones },
      { ...defaults, network: { ...network, zones } },
    ],
    [
      { responder: true, tasks: '4-4' },
      { ...defaults, tasks: { min: 4, max: 4 } },
    ],
    [
      { responder: true, taskSize: '1024/8192' },
      { ...defaults, size: { cpu: 1024, memory: 8192 } },
    ],
    [
      { responder: true, architecture: 'x86_64' },
      { ...defaults, architecture: 'x86_64' },
    ],
    [
      { responder: true, taskNetwork: 'private' },
      { ...defaults, publicTasks: false },
    ],
    [
      { responder: true, dnsClients: '10.0.0.0/8, 192.0.2.7/32' },
      { ...defaults, dnsClients: ['10.0.0.0/8', '192.0.2.7/32'] },
    ],
    [
      { responder: true, resolver: 'true' },
      { ...defaults, resolver: { vpcs: [] } },
    ],
    [
      { responder: true, resolver: 'vpc-0abc1234+vpc-0def5678' },
      { ...defaults, resolver: { vpcs: ['vpc-0abc1234', 'vpc-0def5678'] } },
    ],
    [
      { responder: true, certificate },
      { ...defaults, certificate },
    ],
    [given, inOwn],
    [{ responder: true, vpc: 'vpc-0abc1234' }, found],
    [
      { responder: true, vpc: 'vpc-0abc1234', tasks: '1-4', dnsClients: '10.0.0.0/8' },
      { ...found, tasks: { min: 1, max: 4 }, dnsClients: ['10.0.0.0/8'] },
    ],
    [
      { ...given, taskNetwork: 'public', dnsAddresses: addresses.join(), resolver: ['vpc-0abc1234'] },
      { ...inOwn, network: { ...inOwn.network, addresses }, publicTasks: true, resolver: { vpcs: ['vpc-0abc1234'] } },
    ],
  ]
  for (const [context, settings] of good) {
    test(JSON.stringify(context), () => assert.deepEqual(read(context), settings))
  }
})

describe('what is refused, in one line', () => {
  const on = { responder: 'true' }
  const bad: readonly [context: Context, reason: RegExp][] = [
    [{ responder: 'on' }, /^responder must be true or false, it is "on"$/],
    [{ ...on, vpc: 'mine' }, /^vpc must be new, new:10\.53\.0\.0\/16 .* or the id of a VPC, it is "mine"$/],
    [{ ...on, vpc: 'new:10.53.0.0/8' }, /^vpc must be/],
    [{ ...on, vpc: 'new:10.53.0.0/25' }, /^vpc must be/],
    [{ ...on, vpc: 'new:10.53.7.0/16' }, /^vpc must be/],
    [{ ...on, subnets: 'subnet-0abc1234' }, /^subnets go with vpc=vpc-…, a new VPC gets its own$/],
    [{ ...on, dnsAddresses: '10.0.0.1' }, /^dnsAddresses go with vpc=vpc-…, those of a new VPC are outputs$/],
    [{ ...on, availabilityZones: 'eu-central-1a' }, /^availabilityZones must be two to six availability zones/],
    [{ ...on, availabilityZones: 'a,b' }, /^availabilityZones must be .*, it is "a,b"$/],
    [{ ...given, subnets: undefined }, /^availabilityZones go with subnets, of which there are none$/],
    [
      { ...on, vpc: 'vpc-0abc1234', dnsAddresses: '10.0.0.1,10.0.1.1' },
      /^dnsAddresses go with subnets, of which there are none$/,
    ],
    [{ ...on, vpc: 'vpc-0abc1234', resolver: true }, /^resolver needs dnsAddresses, with subnets, as rules forward/],
    [{ ...given, subnets: 'subnet-0abc1234' }, /^subnets must be at least two ids/],
    [{ ...given, subnets: 'subnet-0abc1234,vpc-0abc1234' }, /^subnets must be at least two ids/],
    [{ ...given, subnets: 'subnet-0abc1234,subnet-0abc1234' }, /^subnets names one twice$/],
    [{ ...given, availabilityZones: undefined }, /^availabilityZones must be/],
    [{ ...given, availabilityZones: 'eu-central-1a,eu-central-1a' }, /^availabilityZones names one twice$/],
    [
      { ...given, availabilityZones: 'eu-central-1a,eu-central-1b,eu-central-1c' },
      /^availabilityZones must be as many as subnets$/,
    ],
    [{ ...given, dnsAddresses: '10.0.0.1' }, /^dnsAddresses must be as many as subnets$/],
    [{ ...given, dnsAddresses: '10.0.0.1,::1' }, /^dnsAddresses must be IPv4 addresses, one in each subnet/],
    [{ ...given, dnsClients: undefined }, /^dnsClients must be blocks of IPv4 addresses .*, it is not set$/],
    [
      { ...given, resolver: 'true' },
      /^resolver needs dnsAddresses, with subnets, as rules forward to addresses that stay$/,
    ],
    [{ ...on, dnsClients: '0.0.0.0/0' }, /^dnsClients must be/],
    [{ ...on, dnsClients: '10.0.0.1/8' }, /^dnsClients must be/],
    [{ ...on, dnsClients: '10.0.0.0' }, /^dnsClients must be/],
    [{ ...on, dnsClients: 'fd00::/8' }, /^dnsClients must be/],
    [{ ...on, taskNetwork: 'nat' }, /^taskNetwork must be public or private, it is "nat"$/],
    [{ ...on, tasks: '2' }, /^tasks must be MIN-MAX, such as 2-10, up to 50, it is "2"$/],
    [{ ...on, tasks: '5-4' }, /^tasks must be/],
    [{ ...on, tasks: '2-51' }, /^tasks must be/],
    [{ ...on, tasks: '1-4' }, /^tasks begin at 1, but each of the 2 zones needs one$/],
    [{ ...on, taskSize: '256/4096' }, /^taskSize must be CPU\/MEMORY as Fargate has them, .*, it is "256\/4096"$/],
    [{ ...on, taskSize: '1024/2500' }, /^taskSize must be/],
    [{ ...on, taskSize: '300/512' }, /^taskSize must be/],
    [{ ...on, taskSize: '300/0' }, /^taskSize must be/],
    [{ ...on, taskSize: 'small' }, /^taskSize must be/],
    [{ ...on, certificate: 'dns.example.org' }, /^certificate must be the ARN of a certificate of ACM, .*, it is "dns/],
    [{ ...on, certificate: 'arn:aws:iam::123456789012:server-certificate/x' }, /^certificate must be/],
    [{ ...on, certificate: '' }, /^certificate must be/],
    [{ ...on, certificate: null }, /^certificate must be/],
    [{ ...on, architecture: 'arm' }, /^architecture must be arm64 or x86_64, it is "arm"$/],
    [{ ...on, resolver: 'vpc-0abc1234+' }, /^resolver must be false, true for rules that no VPC follows yet, or ids/],
    [{ ...on, resolver: 'vpc-0abc1234+vpc-0abc1234' }, /^resolver names one twice$/],
    [{ ...on, resolver: true, zones: ['com'] }, /^resolver cannot forward com\., which has names of AWS$/],
    [{ ...on, resolver: true, zones: ['eu-west-1.amazonaws.com'] }, /^resolver cannot forward eu-west-1\.amazonaws/],
  ]
  for (const [context, reason] of bad) {
    test(JSON.stringify(context), () => refuses({ zones: ['example.org'], ...context }, reason))
  }
})
