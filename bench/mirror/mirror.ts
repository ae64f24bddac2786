import { printTable } from '../table.ts'
import { benchMirrorEndToEnd } from './end-to-end.ts'
import { nameOf, type Spent, startSimulation } from './simulation.ts'

/** The Route 53 mirror: requests and time for many new names, for poison among them, and for a reconcile that finds drift. */
export async function benchMirror(): Promise<void> {
  await benchMirrorEndToEnd()
  const rows = [await manyNames(), await poison('named'), await poison('not named'), ...(await reconcile())]
  printTable(
    'Mirror, at 2 requests a second (a reconcile at 1): what it waits for is counted, not waited for',
    ['', 'change requests', 'at the least', 'list requests', 'seconds', 'of work'],
    rows,
  )
}

// ---------------------------------------------------------------------------

const DRIFTS = 10

type Row = readonly (string | number)[]

async function manyNames(): Promise<Row> {
  const simulation = await startSimulation()
  try {
    await simulation.register(10_000)
    const spent = await simulation.run('drain')
    expectSets(simulation.emulator.sets(simulation.hostedZone).length, 10_000)
    return row('10,000 new names', spent, 10)
  } finally {
    await simulation.stop()
  }
}

async function poison(how: 'named' | 'not named'): Promise<Row> {
  const simulation = await startSimulation()
  try {
    const bad = 317
    const offender = { name: nameOf(bad), type: 'A' }
    simulation.emulator.inject({ effect: { kind: 'poison', offender, message: 'Poison', named: how === 'named' } })
    await simulation.register(500)
    const spent = await simulation.run('drain')
    expectSets(simulation.emulator.sets(simulation.hostedZone).length, 499)
    return row(`1 poison in 500, ${how} by AWS`, spent, 2)
  } finally {
    await simulation.stop()
  }
}

async function reconcile(): Promise<readonly Row[]> {
  const simulation = await startSimulation()
  const { emulator, hostedZone, route53, register, run } = simulation
  try {
    await register(100_000)
    const filled = row('100,000 new names', await run('drain'), 100)
    const still = row('100,000 names reconciled, no drift', await run('reconcile'), 0)
    const changes = Array.from({ length: DRIFTS }, (_, i) => {
      const at = i * 9_999
      const rrset = { ttl: 60, rdata: [`198.18.${(at >> 8) & 255}.${at & 255}`] }
      return { action: 'DELETE' as const, name: nameOf(at), type: 'A', rrset }
    })
    const drifted = await route53.change(hostedZone, changes)
    if (drifted.kind !== 'accepted') throw new Error(`no drift: ${JSON.stringify(drifted)}`)
    const repaired = row(`100,000 names reconciled, ${DRIFTS} drifts`, await run('reconcile'), 1)
    expectSets(emulator.sets(hostedZone).length, 100_000)
    return [filled, still, repaired]
  } finally {
    await simulation.stop()
  }
}

function row(title: string, { changes, lists, seconds, worked }: Spent, least: number): Row {
  return [title, changes, least, lists, seconds.toFixed(1), worked.toFixed(1)]
}

/** With the two that a hosted zone has of its own. */
function expectSets(found: number, expected: number): void {
  if (found !== expected + 2) throw new Error(`${found - 2} record sets, not ${expected}`)
}
