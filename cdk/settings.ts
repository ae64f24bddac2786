import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Node } from 'constructs'
import type { Principal } from '../shared/access/model.ts'
import { countLabels, formatName, type Name, NameError, parseName } from '../shared/dns/name.ts'
import { requestsPerSecond } from '../shared/mirror/pace.ts'
import { type Auth, readAdmins, readAuth } from './access-settings.ts'
import { type FunctionSettings, readFunctions } from './function-settings.ts'
import { GATEWAY_SETTINGS } from './gateway-settings.ts'
import { type AlarmReceiver, readAlarms, readDashboard, readLogRetention } from './operation-settings.ts'
import { readProbe } from './probe-settings.ts'
import { type ResponderSettings, readResponder } from './responder-settings.ts'
import { checkNames, type Read } from './setting-list.ts'
import { VPC_ID } from './setting-values.ts'
import { repeated, SettingsError } from './settings-error.ts'

/** What a user may choose: the context of `cdk.json`, or `-c NAME=VALUE` on the command line. */
export interface Settings {
  /** Zones that are served, in the order given. */
  readonly zones: readonly ZoneSetting[]
  /** How many requests a second the mirror sends to Route 53, which takes 5 of all that an account asks. */
  readonly route53RequestsPerSecond: number
  /** The responder on Fargate, where it is on. */
  readonly responder?: ResponderSettings
  /** The zone in which the probe registers and looks up, where there is one. */
  readonly probe?: Name
  /** Where functions have their names, and how they are called by them, where they do. */
  readonly functions?: FunctionSettings
  /** Who can ask: whoever signs with AWS credentials, and with `iam+tokens` also bearers of our tokens. */
  readonly auth: Auth
  /** Who may write everything and have every mirror act, without a grant. */
  readonly admins: readonly Principal[]
  readonly alarms: AlarmReceiver
  readonly dashboard: boolean
  readonly logRetention: RetentionDays
}

export interface ZoneSetting {
  readonly zone: Name
  readonly hostedZone: HostedZoneChoice
}

/** What mirrors a zone in Route 53: the stack creates a public or private hosted zone, an existing one belongs to others. */
export type HostedZoneChoice =
  | { readonly kind: 'none' }
  | { readonly kind: 'public' }
  | { readonly kind: 'private'; readonly vpcs: readonly string[] }
  | { readonly kind: 'existing'; readonly id: string }

/** Reads and checks the context of an app. Throws SettingsError. */
export function readSettings(node: Node): Settings {
  checkNames(Object.keys(node.getAllContext()))
  const read: Read = (setting) => node.tryGetContext(setting)
  const zones = readZones(read('zones'))
  const shared = [undefined, false, 'false'].includes(read('functions') as undefined) ? [] : GATEWAY_SETTINGS
  const responder = readResponder(read, zones, shared)
  const functions = readFunctions(read, zones, responder)
  const probe = readProbe(read('probe'), zones, responder !== undefined)
  return {
    zones,
    ...(responder && { responder }),
    ...(probe && { probe }),
    ...(functions && { functions }),
    route53RequestsPerSecond: readRequestsPerSecond(read('route53RequestsPerSecond')),
    auth: readAuth(read('auth')),
    admins: readAdmins(read('admins')),
    alarms: readAlarms(read('alarms')),
    dashboard: readDashboard(read('dashboard'), responder !== undefined),
    logRetention: readLogRetention(read('logRetention')),
  }
}

// ---------------------------------------------------------------------------

const MAX_REQUESTS_PER_SECOND = 5
const MAX_MIRRORED = 60 // what the policies of the mirror's role have room for, and the outputs of a stack
const HOSTED_ZONE_ID = /^Z[A-Z0-9]{1,31}$/

/** A list of zones, each `name` or `name=hosted zone`; `-c zones=a,b` on the command line gives it as one text. */
function readZones(given: unknown): readonly ZoneSetting[] {
  const texts = typeof given === 'string' ? given.split(',').map((text) => text.trim()) : given
  if (!Array.isArray(texts) || texts.length === 0) {
    throw new SettingsError(
      `zones must be a list of zone names such as ["rpc.example.org"], it is ${JSON.stringify(given)}`,
    )
  }
  const zones = texts.map(readZone)
  const named = repeated(zones.map(({ zone }) => zone))
  if (named) throw new SettingsError(`zones names ${named} twice`)
  const mirror = repeated(zones.flatMap(({ hostedZone }) => (hostedZone.kind === 'existing' ? hostedZone.id : [])))
  if (mirror) throw new SettingsError(`zones names the hosted zone ${mirror} twice, it can mirror one zone only`)
  const mirrored = zones.filter(({ hostedZone }) => hostedZone.kind !== 'none').length
  if (mirrored > MAX_MIRRORED) {
    throw new SettingsError(`zones has ${mirrored} that are mirrored, a stack has room for ${MAX_MIRRORED}`)
  }
  return zones
}

function readZone(text: unknown): ZoneSetting {
  if (typeof text !== 'string') throw new SettingsError(`zones holds ${JSON.stringify(text)}, which is not a text`)
  try {
    const { name, choice } = /^(?<name>.*)=(?<choice>[^=]*)$/.exec(text)?.groups ?? { name: text, choice: 'none' }
    return { zone: readName(name ?? ''), hostedZone: readHostedZone(choice ?? '') }
  } catch (error) {
    if (error instanceof NameError || error instanceof ChoiceError) {
      throw new SettingsError(`zones holds ${JSON.stringify(text)}: ${error.message}`)
    }
    throw error
  }
}

function readName(text: string): Name {
  if (VPC_ID.test(text)) throw new ChoiceError('VPCs are joined by +, not by a comma')
  const zone = parseName(text)
  if (countLabels(zone) === 0) throw new NameError('the root cannot be served')
  if (zone.startsWith('\x01*')) throw new NameError('a zone cannot be a wildcard')
  return formatName(zone)
}

class ChoiceError extends Error {}

function readHostedZone(text: string): HostedZoneChoice {
  if (text === 'none' || text === 'public') return { kind: text }
  if (HOSTED_ZONE_ID.test(text)) return { kind: 'existing', id: text }
  const [kind, ids] = text.split(/:(.*)/s)
  if (kind === 'private') return { kind, vpcs: readVpcs(ids ?? '') }
  throw new ChoiceError(
    `the hosted zone is none, public, private:vpc-0abc1234 or an id such as Z0123456789ABC, not ${JSON.stringify(text)}`,
  )
}

function readVpcs(text: string): readonly string[] {
  if (text === '') throw new ChoiceError('a private hosted zone needs VPCs, as in private:vpc-0abc1234+vpc-0def5678')
  const vpcs = text.split('+')
  const wrong = vpcs.find((vpc) => !VPC_ID.test(vpc))
  if (wrong !== undefined) throw new ChoiceError(`${JSON.stringify(wrong)} is not the id of a VPC`)
  const twice = repeated(vpcs)
  if (twice) throw new ChoiceError(`${twice} is there twice`)
  return vpcs
}

/** A number, or its text from the command line. */
function readRequestsPerSecond(given: unknown = requestsPerSecond({})): number {
  const rate = typeof given === 'string' && /^[\d.]+$/.test(given) ? Number(given) : given
  if (typeof rate === 'number' && rate > 0 && rate <= MAX_REQUESTS_PER_SECOND) return rate
  throw new SettingsError(
    `route53RequestsPerSecond must be a number above 0 and up to ${MAX_REQUESTS_PER_SECOND}, it is ${JSON.stringify(given)}`,
  )
}
