/** Our answers beside those of NSD, Knot DNS and BIND, from the same random zones. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { comparePeers } from '../fuzz/peers/run.ts'
import { testWith } from './tools.ts'

const SEED = 5
const SCENARIOS = 200 // of some 36,000 answers in all

testWith(['nsd', 'knotd', 'named'], 'the same answers as ours, but for what docs/answers.md says', async () => {
  const { zones, compared, rules, outcomes, refused, differences } = await comparePeers(SEED, SCENARIOS)
  assert.deepEqual(differences.slice(0, 3), [], `${differences.length} answers differ`)

  for (const [peer, count] of compared) assert.ok(count > SCENARIOS * 50, `${peer} gave ${count} answers`)
  for (const [peer, count] of refused) assert.ok(count < zones / 20, `${peer} does not take ${count} of ${zones} zones`)
  for (const kind of ['answer', 'nodata', 'nxdomain', 'delegation', 'chain-ends', 'not-served'])
    assert.ok((outcomes.get(kind) ?? 0) > 20, `${kind}: ${outcomes.get(kind)}`)

  const text = readFileSync(join(import.meta.dirname, '../../docs/answers.md'), 'utf8')
  for (const rule of rules.keys()) {
    const [peer, id] = rule.split(': ')
    assert.match(text, new RegExp(`^\\| \`${id}\` \\|[^|]*${peer?.split(' ')[0]}`, 'm'), `${rule} is not told of`)
  }
})
