import { nearest } from './nearest.ts'
import { SettingsError } from './settings-error.ts'

/** Every setting: what it takes and what it is for. `npm run synth -- --help` prints it. */
export const settingList = {
  zones: { takes: 'NAME[=MIRROR],…', tells: 'zones to serve; MIRROR: none, public, private:VPC+VPC or a hosted zone' },
  route53RequestsPerSecond: { takes: 'NUMBER', tells: 'requests a second of the mirror, up to 5 (2)' },
  auth: { takes: 'iam|iam+tokens', tells: 'who can ask: whoever signs, or bearers of tokens as well (iam)' },
  admins: { takes: "'ARN ARN…'", tells: 'who may write everything without a grant (nobody)' },
  alarms: { takes: 'ADDRESS|ARN|none', tells: 'who hears of alarms: an e-mail address or an SNS topic (none)' },
  logRetention: { takes: 'DAYS', tells: 'how long logs are kept (30)' },
  dashboard: { takes: 'true|false', tells: 'the dashboard in CloudWatch (with responder: true)' },
  probe: { takes: 'true|ZONE|false', tells: 'registers and looks up a name each 5 minutes (with responder: true)' },
  functions: { takes: 'true|ZONE|false', tells: 'names of Lambda functions, and a gateway to call them (false)' },
  responder: { takes: 'true|false', tells: 'the responder on Fargate (false)' },
  vpc: { takes: 'new|new:BLOCK|VPC', tells: 'where it is; an id alone is looked up (new)', of: 'responder' },
  subnets: { takes: 'SUBNET,…', tells: 'of a VPC that is not to be looked up', of: 'responder' },
  availabilityZones: { takes: 'ZONE,…', tells: 'of these subnets, or of a new VPC', of: 'responder' },
  dnsAddresses: { takes: 'ADDRESS,…', tells: 'of the load balancer, one in each of these subnets', of: 'responder' },
  dnsClients: { takes: 'BLOCK,…', tells: 'who may ask (the VPC, where it is new or looked up)', of: 'responder' },
  certificate: { takes: 'ARN', tells: 'of ACM, for DNS over TLS on port 853 (none)', of: 'responder' },
  taskNetwork: { takes: 'public|private', tells: 'how tasks reach AWS', of: 'responder' },
  tasks: { takes: 'MIN-MAX', tells: 'how many tasks (one in each zone, up to 10)', of: 'responder' },
  taskSize: { takes: 'CPU/MEMORY', tells: 'of a task (256/512)', of: 'responder' },
  architecture: { takes: 'arm64|x86_64', tells: 'of a task (arm64)', of: 'responder' },
  resolver: { takes: 'true|VPC+VPC|false', tells: 'forward rules in Route 53 Resolver (false)', of: 'responder' },
} as const satisfies Readonly<Record<string, SettingEntry>>

export interface SettingEntry {
  readonly takes: string
  readonly tells: string
  /** Of what it is a part, without which it is an error. */
  readonly of?: 'responder'
}

export type Setting = keyof typeof settingList

/** Gives the value of a setting, undefined if it is not set. */
export type Read = (setting: Setting) => unknown

/** Names of all settings, or of those of one part. */
export function settingNames(of?: SettingEntry['of']): readonly Setting[] {
  const entries: readonly (readonly [string, SettingEntry])[] = Object.entries(settingList)
  return entries.filter(([, entry]) => of === undefined || entry.of === of).map(([name]) => name as Setting)
}

/** Throws SettingsError where a name of the context is neither that of a setting nor one of CDK's own. */
export function checkNames(names: readonly string[]): void {
  const known = settingNames()
  const unknown = names.find((name) => !CDK.test(name) && !known.includes(name as Setting))
  if (unknown === undefined) return
  throw new SettingsError(`${JSON.stringify(unknown)} is no setting, the nearest is ${nearest(unknown, known)}`)
}

// ---------------------------------------------------------------------------

/** Context of CDK: feature flags, `aws:…`, values that were looked up (`vpc-provider:…`), options of its command line. */
const CDK = /^@[\w-]+\/|^aws-cdk-lib\/|^[a-z-]+:|^cli-[a-z-]+$|^acknowledged-issue-numbers$/
