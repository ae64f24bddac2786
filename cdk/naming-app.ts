import { existsSync, readFileSync } from 'node:fs'
import { App, type Environment, Validations } from 'aws-cdk-lib'
import type { CloudAssembly } from 'aws-cdk-lib/cx-api'
import { AwsSolutionsChecks } from 'cdk-nag'
import { NamingStack } from './naming-stack.ts'
import { readSettings, type Settings } from './settings.ts'
import { SettingsError } from './settings-error.ts'

type Context = Readonly<Record<string, unknown>>

/** Writes the cloud assembly to `outdir`, or to where the CDK command line asks for it; a bad setting is one line and exit code 1. */
export function synthesise(outdir?: string, context: Context = {}): CloudAssembly {
  try {
    return namingApp(outdir, context).synth()
  } catch (error) {
    const complaint = complaintOf(error)
    if (complaint === undefined) throw error
    process.stderr.write(`namestream: ${complaint}\n`)
    process.exit(1)
  }
}

/**
 * The app with its one stack and the security rules that synthesis holds it to. Context comes from `cdk.json` and
 * `cdk.context.json`, then `context`, then the CDK command line, the last one wins. Where there is an `outdir` there is no
 * command line that would look up what is missing. Throws SettingsError.
 */
export function namingApp(outdir?: string, context: Context = {}): App {
  const app = new App({ ...(outdir && { outdir }), context: { ...readContext(), ...context } })
  const settings = readSettings(app.node)
  const known = outdir === undefined ? undefined : Object.keys(app.node.getAllContext())
  new NamingStack(app, 'Namestream', settings, environmentOf(settings, known))
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  return app
}

/** What to say of an error that is no defect, in one line: a bad setting, or more zones than fit with all else. */
export function complaintOf(error: unknown): string | undefined {
  if (error instanceof SettingsError) return error.message
  if (!(error instanceof Error) || error.name !== 'TooManyResourcesInStack') return undefined
  const [, count, most] = /: (\d+) is greater than allowed maximum of (\d+)/.exec(error.message) ?? []
  return `the stack would have ${count} resources, of ${most} that it can: mirror fewer zones, or have fewer VPCs in resolver`
}

// ---------------------------------------------------------------------------

/**
 * The stack is of no account and region, so that it can be synthesised without, but for what must be looked up there.
 * `known` has the names of what was looked up earlier; absent if anything can be looked up.
 */
function environmentOf({ responder, functions }: Settings, known?: readonly string[]): Environment | undefined {
  const network = responder?.network ?? functions?.gateway.network
  if (network?.kind !== 'lookup') return undefined
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env
  const { vpc } = network
  // Without a value CDK would put in a VPC of its imagination.
  const name = `vpc-provider:account=${account}:filter.vpc-id=${vpc}:region=${region}:`
  const isThere = known === undefined || known.some((one) => one.startsWith(name))
  if (account && region && isThere) return { account, region }
  throw new SettingsError(
    `vpc=${vpc} is looked up in your account: run npx cdk synth, with credentials and a region, or name its subnets and availabilityZones`,
  )
}

/** The CDK command line reads these files itself; whoever synthesises without it gets the same from here. */
function readContext(): Context {
  const [lookedUp, project] = ['cdk.context.json', 'cdk.json'].map((name) => new URL(`../${name}`, import.meta.url))
  return { ...(lookedUp && existsSync(lookedUp) && readJson(lookedUp)), ...(project && readJson(project).context) }
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape, which settings are read from
function readJson(file: URL): any {
  return JSON.parse(readFileSync(file, 'utf8'))
}
