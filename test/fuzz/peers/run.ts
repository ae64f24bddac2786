/** Many random zones, served by us and by others from the same master files, and asked the same. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { bind, knot, nsd, type PeerZone } from '../../peers/peers.ts'
import { type RunningPeer, startPeer } from '../../peers/start.ts'
import { compare, outcomeOf, type Verdict } from './compare.ts'
import { normalText } from './normal.ts'
import { type AskedQuestion, type QuestionPlan, questionPlan } from './questions.ts'
import { worldOf } from './world.ts'
import { type Scenario, type ScenarioPlan, scenarioPlan } from './zones.ts'

export interface Report {
  readonly zones: number
  /** Answers that were compared, by the server they came from. */
  readonly compared: ReadonlyMap<string, number>
  /** How often a rule was what made two answers the same. */
  readonly rules: ReadonlyMap<string, number>
  /** What the questions led to, as we see it. */
  readonly outcomes: ReadonlyMap<string, number>
  /** Zones that a server did not take. */
  readonly refused: ReadonlyMap<string, number>
  /** What no rule allows, with question, answers and zones. */
  readonly differences: readonly string[]
}

/** Compares the answers about `count` scenarios, which are the same for one seed. */
export async function comparePeers(seed: number, count: number): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'namestream-peers-'))
  const running: RunningPeer[] = []
  try {
    const scenarios = scenariosOf(seed, count)
    const files = scenarios.flatMap(({ zones }, i) => zones.map((zone, j) => written(folder, `${i}-${j}.zone`, zone)))
    for (const peer of [nsd, knot, bind]) running.push(await startPeer(peer, join(folder, peer.program), files))
    return await askAll(scenarios, running, files.length)
  } finally {
    for (const peer of running) await peer.stop()
    rmSync(folder, { recursive: true })
  }
}

// ---------------------------------------------------------------------------

const QUESTIONS = 60 // of each scenario

interface AskedScenario extends Scenario {
  readonly questions: readonly AskedQuestion[]
}

function scenariosOf(seed: number, count: number): AskedScenario[] {
  const plan: fc.Arbitrary<[ScenarioPlan, QuestionPlan[]]> = fc.tuple(
    scenarioPlan,
    fc.array(questionPlan, { minLength: QUESTIONS, maxLength: QUESTIONS }),
  )
  return fc.sample(plan, { seed, numRuns: count }).map(([scenario, questions], i) => {
    const made = scenario(`s${i}.test.`)
    return { ...made, questions: questions.map((question) => question(made)) }
  })
}

function written(folder: string, name: string, { origin, text }: { origin: string; text: string }): PeerZone {
  const file = join(folder, name)
  writeFileSync(file, text)
  return { origin, file }
}

async function askAll(
  scenarios: readonly AskedScenario[],
  peers: readonly RunningPeer[],
  zones: number,
): Promise<Report> {
  const compared = new Map<string, number>()
  const used = new Map<string, number>()
  const outcomes = new Map<string, number>()
  const differences: string[] = []
  for (const { zones, questions } of scenarios) {
    const world = worldOf(zones)
    const able = peers.filter(
      ({ refused }) => !refused.some(({ origin }) => zones.some((zone) => zone.origin === origin)),
    )
    const verdicts = questions.flatMap((question) =>
      able.map(async (peer) => ({ question, peer, verdict: await compare(world, question, peer) })),
    )
    for (const question of questions) count(outcomes, outcomeOf(world, question).kind)
    for (const { question, peer, verdict } of await Promise.all(verdicts)) {
      count(compared, peer.name)
      for (const rule of verdict.used) count(used, `${peer.name}: ${rule}`)
      if (verdict.differences.length > 0) differences.push(described(peer.name, question, verdict, zones))
    }
  }
  const refused = new Map(peers.map(({ name, refused }) => [name, refused.length]))
  return { zones, compared, rules: used, outcomes, refused, differences }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function described(
  peer: string,
  { name, type, udpSize }: AskedQuestion,
  verdict: Verdict,
  zones: Scenario['zones'],
): string {
  return [
    `${peer}, ${name} ${type}, ${udpSize === undefined ? 'no EDNS' : `EDNS ${udpSize}`}: ${verdict.differences.join('; ')}`,
    `ours: ${normalText(verdict.ours)}`,
    `theirs: ${normalText(verdict.theirs)}`,
    ...zones.map(({ origin, text }) => `$ORIGIN ${origin}\n${text}`),
  ].join('\n')
}
