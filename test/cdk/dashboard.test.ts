import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DashboardBody } from '../../shared/metrics/body.ts'
import { sections } from '../../shared/metrics/sections.ts'
import { everything } from './everything.ts'
import { resourceOf, resourcesOf, templateOf, unbundledApp } from './template.ts'

const template = templateOf(unbundledApp({ ...everything, zones: ['a.example.org=public', 'b.example.org'] }))
const { properties } = resourceOf(template, 'Dashboard')
const body: DashboardBody = JSON.parse(properties.DashboardBody)
const charts = body.widgets.flatMap((widget) => (widget.type === 'metric' ? [widget.properties] : []))
const rowsOf = (title: string) => charts.find((chart) => chart.title === title)?.metrics ?? []

test('one dashboard, whose name is of the stack and the region, as all regions share names', () => {
  template.resourceCountIs('AWS::CloudWatch::Dashboard', 1)
  assert.equal(properties.DashboardName, 'AWS::StackName-AWS::Region')
  assert.match(properties.DashboardName.replaceAll('::', ''), /^[\w-]{1,255}$/)
})

test('where it is, is an output', () => {
  const resolved = JSON.stringify(template.findOutputs('DashboardUrl').DashboardUrl?.Value)
  assert.match(resolved, /\.console\.aws\.amazon\.com\/cloudwatch\/home\?region=.*#dashboards\/dashboard\//)
})

test('it has all sections, of the region that the stack is in', () => {
  const headings = body.widgets.flatMap((widget) => (widget.type === 'text' ? [widget.properties.markdown] : []))
  assert.deepEqual(
    headings,
    sections.map(({ title }) => `## ${title}`),
  )
  for (const { region } of charts) assert.equal(region, 'AWS::Region')
})

test('it shows each alarm of the stack', () => {
  const shown = body.widgets.flatMap((widget) => (widget.type === 'alarm' ? widget.properties.alarms : []))
  const alarms = Object.keys(resourcesOf(template, 'AWS::CloudWatch::Alarm')).map((id) => `${id}.Arn`)
  assert.deepEqual([...shown].sort(), alarms.sort())
})

test('metrics are of the parts of the stack', () => {
  const values = (title: string) => rowsOf(title).map((row) => row.at(-2))
  const functions = Object.keys(resourcesOf(template, 'AWS::Lambda::Function'))
  assert.deepEqual(values('Invocations').sort(), functions.sort())
  const tables = Object.keys(resourcesOf(template, 'AWS::DynamoDB::Table'))
  const reads = rowsOf('DynamoDB: read').flatMap((row) => (row.length > 1 ? [row.at(-2)] : []))
  assert.deepEqual(reads.sort(), tables.sort())
  assert.deepEqual(new Set(values('Requests at the gateway')), new Set(['ApiHttpApi', 'TokenApiHttpApi']))
  assert.deepEqual(values('Records and messages given up'), [
    'FunctionNamesGivenUp.QueueName',
    'RegistrationsGivenUp.QueueName',
    'NamesFeedGivenUp.QueueName',
    'MirrorChangelogFeedGivenUp.QueueName',
  ])
  assert.deepEqual(values('Lag'), ['a.example.org.', 'a.example.org.'])
  const [, , , balancer, , targets] = rowsOf('Tasks that get questions')[0] ?? []
  assert.equal(balancer, 'ResponderBalancerNlb.LoadBalancerFullName')
  assert.equal(targets, 'ResponderBalancerTasks.TargetGroupFullName')
})

test('the table of tasks reads their log', () => {
  const [query] = body.widgets.flatMap((widget) => (widget.type === 'log' ? [widget.properties.query] : []))
  assert.match(query ?? '', /^SOURCE 'ResponderTaskLogs' \|/)
})

test('where another task is started is marked, and tasks cost what their size does', () => {
  const marks = charts.flatMap(({ annotations }) => annotations?.horizontal ?? [])
  assert.deepEqual(marks, [{ label: 'another task is started', value: 5000 }])
  const [tasks] = rowsOf('Estimated cost at list prices of us-east-1')
  assert.deepEqual(tasks, [{ id: 'c0', label: 'tasks', expression: '432.525*c0m0/PERIOD(c0m0)' }])
})

test('every function has its memory, for what it costs', () => {
  const metrics = rowsOf('Estimated cost at list prices of us-east-1')
  const durations = metrics.filter(([, name]) => name === 'Duration').map((row) => row.at(-2))
  assert.deepEqual(durations.sort(), Object.keys(resourcesOf(template, 'AWS::Lambda::Function')).sort())
})
