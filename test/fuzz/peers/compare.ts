/** Our answer beside that of another server. */
import type { Answer } from '../../../responder/answer.ts'
import { lookup, type Outcome } from '../../../responder/lookup.ts'
import { targetsOf } from '../../../responder/target.ts'
import { Type } from '../../../shared/dns/codes.ts'
import { formatName, parseName, type WireName } from '../../../shared/dns/name.ts'
import { typeMnemonic } from '../../../shared/dns/rdata.ts'
import type { PeerName } from '../../peers/peers.ts'
import type { RunningPeer } from '../../peers/start.ts'
import { fromTransport } from '../../responder/scenario.ts'
import { type Normal, normalOf, SECTIONS } from './normal.ts'
import { type AskedQuestion, messageOf, numberOf } from './questions.ts'
import { type Case, rules } from './rules.ts'
import type { ServedZone, World } from './world.ts'

export interface Verdict {
  /** In a word or two each; none: the answers are the same but for what the rules allow. */
  readonly differences: readonly string[]
  /** The rules without which they would not be the same. */
  readonly used: readonly string[]
  /** Which of the expectations it was compared with. */
  readonly expected: number
  readonly ours: Normal
  readonly theirs: Normal
}

/** Asks a server what we are asked. What does not fit into a datagram is compared over TCP. */
export async function compare(world: World, question: AskedQuestion, peer: RunningPeer): Promise<Verdict> {
  const message = messageOf(question)
  const asked = caseOf(world, question)
  const udp = { ours: expectations(asked, message, 'udp'), theirs: normalOf(await peer.udp(message)) }
  const overUdp = judge(asked, peer.name, udp.ours, udp.theirs)
  if (overUdp.differences.length === 0) return overUdp
  const whole = await peer.tcp(message)
  const ours = expectations(asked, message, 'tcp')
  const limit = Math.min(question.udpSize ?? 512, UDP_SIZE)
  if (Math.max(whole.length, ...ours.map(({ size }) => size)) <= limit) return overUdp
  const overTcp = judge(asked, peer.name, ours, normalOf(whole))
  if (overTcp.differences.length > 0) return overTcp
  return truncation(asked, (udp.ours[overTcp.expected] as Expectation).normal, udp.theirs, overTcp)
}

export function outcomeOf({ zones }: World, { name, type }: AskedQuestion): Outcome {
  return lookup(zones, parseName(name), numberOf(type))
}

// ---------------------------------------------------------------------------

const UDP_SIZE = 1232

/** What an answer may be the same as. */
interface Expectation {
  readonly rule?: string
  readonly normal: Normal
  readonly size: number
}

/**
 * Servers that follow no alias into another of their zones, and take no addresses from there. Knot DNS answers as if it
 * knew the zone of the question only; BIND ends the answer where another of its zones is closer to the target.
 */
const EXPECTED: Readonly<Record<PeerName, readonly string[]>> = {
  NSD: [],
  'Knot DNS': ['own-zone-only'],
  BIND: ['own-zone-only', 'ends-at-own-zone'],
  PowerDNS: [],
}

function caseOf(world: World, question: AskedQuestion): Case {
  const name = parseName(question.name)
  const outcome = outcomeOf(world, question)
  const targets = 'chain' in outcome ? outcome.chain.flatMap(targetsOf) : []
  return { world, name, type: numberOf(question.type), outcome, path: [name, ...targets] }
}

function expectations(asked: Case, message: Uint8Array, transport: 'udp' | 'tcp'): Expectation[] {
  const { world, name, type } = asked
  const apex = world.zones.find(name, type)?.apex
  const ours = expectation(world.answer, message, transport)
  if (apex === undefined) return [ours]
  const { answer } = world.served.get(apex) as ServedZone
  return [
    ours,
    { ...expectation(answer, message, transport), rule: 'own-zone-only' },
    { ...ours, rule: 'ends-at-own-zone', normal: endingAt(apex, asked, ours.normal) },
  ]
}

function expectation(answer: Answer, message: Uint8Array, transport: 'udp' | 'tcp'): Expectation {
  const reply = answer(message, fromTransport(transport))
  if (reply === undefined) throw new Error('we gave no answer')
  return { normal: normalOf(reply), size: reply.length }
}

/** The answer up to the alias that leads out of the zone. */
function endingAt(apex: WireName, { world, type, outcome }: Case, whole: Normal): Normal {
  const chain = 'chain' in outcome ? outcome.chain : []
  const out = chain.findIndex(
    (rrset) =>
      rrset.type === Type.CNAME && targetsOf(rrset).some((target) => world.zones.find(target, type)?.apex !== apex),
  )
  if (out === -1) return whole
  const owners = new Set(chain.slice(0, out + 1).map(({ owner, type }) => `${formatName(owner)} ${typeMnemonic(type)}`))
  const answer = [...whole.answer].filter((record) => owners.has(record.replace(/ \d+ (\S+) .*/, ' $1')))
  return { ...whole, rcode: 'NOERROR', tc: false, answer: new Set(answer), authority: new Set(), additional: new Set() }
}

function judge(asked: Case, peer: PeerName, expected: readonly Expectation[], theirs: Normal): Verdict {
  const verdicts = expected.flatMap(({ rule, normal }, i) => {
    if (rule !== undefined && !EXPECTED[peer].includes(rule)) return []
    const { differences, used } = withRules(asked, peer, normal, theirs)
    return [{ differences, used: rule === undefined ? used : [rule, ...used], expected: i, ours: normal, theirs }]
  })
  return verdicts.find(({ differences }) => differences.length === 0) ?? (verdicts[0] as Verdict)
}

function withRules(asked: Case, peer: PeerName, ours: Normal, given: Normal): Pick<Verdict, 'differences' | 'used'> {
  const used: string[] = []
  let theirs = given
  let differences = differencesOf(ours, theirs)
  for (const rule of rules) {
    if (differences.length === 0) break
    if (!rule.peers.includes(peer)) continue
    const allowed = rule.apply(theirs, ours, asked) ?? ours
    const left = differencesOf(ours, allowed)
    if (left.length < differences.length) used.push(rule.id)
    theirs = allowed
    differences = left
  }
  return { differences, used }
}

function differencesOf(ours: Normal, theirs: Normal): string[] {
  const found: string[] = []
  for (const what of ['rcode', 'aa', 'tc'] as const) {
    if (ours[what] !== theirs[what]) found.push(`${what}: ${ours[what]}, ${theirs[what]}`)
  }
  for (const section of SECTIONS) {
    if ([...ours[section]].some((record) => !theirs[section].has(record))) found.push(`${section}: more`)
    if ([...theirs[section]].some((record) => !ours[section].has(record))) found.push(`${section}: less`)
  }
  return found
}

/** Judges which of two answers that are the same over TCP were cut over UDP. */
function truncation({ outcome, type }: Case, ours: Normal, theirs: Normal, whole: Verdict): Verdict {
  if (ours.tc === theirs.tc || type === Type.ANY || whole.used.includes('chain-without-end')) return whole
  const [uncut, complete] = ours.tc ? [theirs, whole.theirs] : [ours, whole.ours]
  const isComplete = (['answer', 'authority'] as const).every((name) => uncut[name].size === complete[name].size)
  if (!isComplete) return { ...whole, differences: ['tc: not said of what is cut off'] }
  if (!ours.tc) return { ...whole, used: [...whole.used, 'tc-for-what-we-leave-out'] }
  if (outcome.kind === 'delegation') return { ...whole, used: [...whole.used, 'no-tc-for-glue'] }
  return { ...whole, differences: ['tc: we cut what they do not'] }
}
