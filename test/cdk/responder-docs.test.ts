/** docs/responder-on-aws.md names every setting of the responder and every variable of its container, and no others. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readResponder } from '../../cdk/responder-settings.ts'
import { tableVariables } from '../../shared/aws/tables.ts'
import { containerVariables } from '../../shared/container.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/responder-on-aws.md'), 'utf8')

test('settings', () => {
  const asked = new Set<string>()
  for (const vpc of ['new', 'vpc-0abc1234']) {
    const given: Readonly<Record<string, string>> = {
      responder: 'true',
      vpc,
      ...(vpc !== 'new' && {
        subnets: 'subnet-0abc1234,subnet-0def5678',
        availabilityZones: 'eu-central-1a,eu-central-1b',
        dnsClients: '10.0.0.0/8',
      }),
    }
    readResponder((setting) => {
      asked.add(setting)
      return given[setting]
    }, [])
  }
  assert.deepEqual(namesIn('## Settings').sort(), [...asked].sort())
})

test('variables of the container', () => {
  const { names, zones, changelog } = tableVariables
  const variables = [names, zones, changelog, 'AWS_REGION', ...Object.values(containerVariables)]
  assert.deepEqual(namesIn('## The container').sort(), variables.sort())
})

// ---------------------------------------------------------------------------

/** What stands in the first column of the table below a heading. */
function namesIn(heading: string): string[] {
  const [section = ''] = page.slice(page.indexOf(heading) + heading.length).split('\n## ')
  const cells = Array.from(section.matchAll(/^\| (`[^|]*) \|/gm), ([, cell = '']) => cell)
  return cells.flatMap((cell) => Array.from(cell.matchAll(/`(\w+)`/g), ([, name = '']) => name))
}
