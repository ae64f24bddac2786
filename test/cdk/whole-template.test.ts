/**
 * The template as a whole. What a change does to it is in the snapshots, for who reviews it: resources with references
 * written out and without hashes. And cfn-lint finds nothing, but for what `.cfnlintrc.yaml` has with a reason.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import type { Template } from 'aws-cdk-lib/assertions'
import type { DashboardBody } from '../../shared/metrics/body.ts'
import { everything } from './everything.ts'
import { type Resource, resourcesOf, templateOf, unbundledApp } from './template.ts'

const ROOT = join(import.meta.dirname, '../..')
const UPDATE = 'npm test -- --test-update-snapshots test/cdk/whole-template.test.ts'

const snapshots: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'mirror-only': { zones: ['rpc.example.org=public'] },
  everything: {
    ...everything,
    zones: ['rpc.example.org=public', 'fn.example.org=private:vpc-0abc1234', 'example.net'],
  },
}

for (const [name, settings] of Object.entries(snapshots)) {
  test(name, (t) => compare(t, name, templateOf(unbundledApp(settings))))
}

test('cfn-lint finds no error and no warning', (t) => {
  const { stdout: version } = spawnSync('cfn-lint', ['--version'], { encoding: 'utf8' })
  if (!/^cfn-lint ([2-9]|1\.[5-9]\d)/.test(version)) {
    t.diagnostic('cfn-lint 1.50 or later is not on the PATH (pip install cfn-lint): the template is not linted')
    return
  }
  const zones = ['rpc.example.org=public', 'fn.example.org=private:vpc-0abc1234']
  const assembly = unbundledApp({ ...everything, zones, taskNetwork: 'private' }).synth()
  const template = assembly.getStackByName('Namestream').templateFullPath
  const { status, stdout, stderr } = spawnSync('cfn-lint', [template], { cwd: ROOT, encoding: 'utf8' })
  assert.deepEqual([stdout, stderr, status], ['', '', 0], version)
})

// ---------------------------------------------------------------------------

function compare(t: TestContext, name: string, template: Template): void {
  const file = `${import.meta.dirname}/snapshots/${name}.snapshot`
  try {
    t.assert.fileSnapshot(normalised(template), file, { serializers: [written] })
  } catch (error) {
    throw new Error(`the template has changed; if that is meant to be: ${UPDATE}`, { cause: error })
  }
}

/** By logical id without hash; what depends on sources, as the hash of a bundle does, is left out. */
function normalised(template: Template): unknown {
  const resources = Object.entries(resourcesOf(template)).map(([id, { type, properties }]) => [
    id,
    { type, ...(rewritten[type]?.(properties) ?? properties) },
  ])
  const outputs = Object.entries(template.findOutputs('*')).map(([id, { Description }]) => [id, Description ?? ''])
  return { resources: Object.fromEntries(resources), outputs: Object.fromEntries(outputs) }
}

function written(value: unknown): string {
  return inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null, breakLength: 120, compact: 4 })
}

const rewritten: Readonly<Record<string, (properties: Resource['properties']) => object>> = {
  'AWS::Lambda::Function': ({ Code, ...rest }) => rest,
  'AWS::ECS::TaskDefinition': ({ ContainerDefinitions, ...rest }) => ({
    ...rest,
    ContainerDefinitions: ContainerDefinitions.map(({ Image, ...others }: { Image: string }) => others),
  }),
  'AWS::CloudWatch::Alarm': ({ AlarmDescription, ...rest }) => rest, // docs/alarms.md has it
  'AWS::CloudWatch::Dashboard': ({ DashboardName, DashboardBody }) => ({
    DashboardName,
    widgets: (JSON.parse(DashboardBody) as DashboardBody).widgets.map(({ type, properties }) =>
      'title' in properties ? `${type}: ${properties.title}` : `${type}: ${properties.markdown}`,
    ),
  }),
}
