/** The synthesised stack, for the tests of `cdk/`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Template } from 'aws-cdk-lib/assertions'
import { namingApp } from '../../cdk/naming-app.ts'

// The CDK's own check of the template takes seconds to load; synth.test.ts synthesises with it.
process.env.CDK_VALIDATION = 'false'

/** A resource with `{ Ref }`, `Fn::GetAtt`, `Fn::Sub` and `Fn::Join` written out: `Names`, `Names.Arn`, `prefix/Names`. */
export interface Resource {
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape; each assertion says what it expects of it
  readonly properties: any
}

/** The app without what takes time and of which nothing is in the template but hashes. */
export function unbundledApp(context: Readonly<Record<string, unknown>> = {}) {
  return namingApp(scratchFolder(), { ...QUICK, ...context })
}

export function templateOf(app: ReturnType<typeof unbundledApp>): Template {
  return Template.fromJSON(app.synth().getStackByName('Namestream').template)
}

/** The resources, or those of one type, by logical id; ids are without the hash that CDK appends. */
export function resourcesOf(template: Template, type?: string): Readonly<Record<string, Resource>> {
  const all = read.get(template) ?? readResources(template)
  read.set(template, all)
  return type === undefined ? all : Object.fromEntries(Object.entries(all).filter(([, one]) => one.type === type))
}

/** The resource of that logical id without the hash. */
export function resourceOf(template: Template, id: string): Resource {
  const found = resourcesOf(template)[id]
  if (found === undefined) throw new Error(`the template has no ${id}`)
  return found
}

/** A folder below the system's temporary one that goes when the process ends. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'namestream-cdk-'))
  folders.push(folder)
  return folder
}

// ---------------------------------------------------------------------------

/** What was read of a template already. */
const read = new WeakMap<Template, Readonly<Record<string, Resource>>>()

function readResources(template: Template): Readonly<Record<string, Resource>> {
  const resources: [string, { Type: string; Properties: unknown }][] = Object.entries(template.toJSON().Resources)
  return Object.fromEntries(
    resources.map(([id, { Type, Properties }]) => [unhashed(id), { type: Type, properties: written(Properties) }]),
  )
}

const QUICK = {
  'aws:cdk:bundling-stacks': [],
  'aws:cdk:disable-asset-staging': true,
  'aws:cdk:disable-stack-trace': true,
}

const folders: string[] = []
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function unhashed(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, '')
}

function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [name, argument] = entries[0] ?? []
  if (name === 'Ref') return unhashed(argument)
  if (name === 'Fn::GetAtt') return `${unhashed(argument[0])}.${argument[1]}`
  if (name === 'Fn::Sub') return argument.replace(/\$\{([^}]*)\}/g, '$1')
  if (name === 'Fn::Join') return argument[1].map(written).join(argument[0])
  return Object.fromEntries(entries.map(([key, inner]) => [key, written(inner)]))
}
