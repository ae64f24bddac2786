/**
 * What a change does to the template, for who reviews it: resources with references written out and without hashes. The
 * body of the dashboard is left to its own tests; here its widgets have their titles only.
 */
import { type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import type { Template } from 'aws-cdk-lib/assertions'
import type { DashboardBody } from '../../shared/metrics/body.ts'
import { everything } from './everything.ts'
import { type Resource, resourcesOf, templateOf, unbundledApp } from './template.ts'

const UPDATE = 'npm test -- --test-update-snapshots test/cdk/snapshots.test.ts'

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
