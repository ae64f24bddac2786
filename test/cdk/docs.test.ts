/** README.md and docs/responder-on-aws.md name every setting, and the latter every variable of the container; and no others. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { settingNames } from '../../cdk/setting-list.ts'
import { tableVariables } from '../../shared/aws/tables.ts'
import { containerVariables } from '../../shared/container.ts'

const RESPONDER = 'docs/responder-on-aws.md'

test('settings', () => {
  assert.deepEqual(namesIn('README.md', '## On AWS').sort(), [...settingNames()].sort())
})

test('settings of the responder', () => {
  assert.deepEqual(namesIn(RESPONDER, '## Settings').sort(), ['responder', ...settingNames('responder')].sort())
})

test('variables of the container', () => {
  const { names, zones, changelog } = tableVariables
  const variables = [names, zones, changelog, 'AWS_REGION', 'NAMESTREAM_UDP', ...Object.values(containerVariables)]
  assert.deepEqual(namesIn(RESPONDER, '## The container').sort(), variables.sort())
})

// ---------------------------------------------------------------------------

/** What stands in the first column of the table below a heading. */
function namesIn(file: string, heading: string): string[] {
  const page = readFileSync(join(import.meta.dirname, '../..', file), 'utf8')
  const [section = ''] = page.slice(page.indexOf(heading) + heading.length).split('\n## ')
  const cells = Array.from(section.matchAll(/^\| (`[^|]*) \|/gm), ([, cell = '']) => cell)
  return cells.flatMap((cell) => Array.from(cell.matchAll(/`(\w+)`/g), ([, name = '']) => name))
}
