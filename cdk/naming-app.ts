import { readFileSync } from 'node:fs'
import { App, Validations } from 'aws-cdk-lib'
import type { CloudAssembly } from 'aws-cdk-lib/cx-api'
import { AwsSolutionsChecks } from 'cdk-nag'
import { NamingStack } from './naming-stack.ts'
import { readSettings } from './settings.ts'
import { SettingsError } from './settings-error.ts'

/** Writes the cloud assembly to `outdir`, or to where the CDK command line asks for it; a bad setting is one line and exit code 1. */
export function synthesise(outdir?: string): CloudAssembly {
  try {
    return namingApp(outdir).synth()
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    process.stderr.write(`namestream: ${error.message}\n`)
    process.exit(1)
  }
}

/**
 * The app with its one stack and the security rules that synthesis holds it to. Context comes from `cdk.json`, then
 * `context`, then the CDK command line, the last one wins. Throws SettingsError.
 */
export function namingApp(outdir?: string, context: Readonly<Record<string, unknown>> = {}): App {
  const app = new App({ ...(outdir && { outdir }), context: { ...readContext(), ...context } })
  new NamingStack(app, 'Namestream', readSettings(app.node))
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app))
  return app
}

// ---------------------------------------------------------------------------

/** The CDK command line reads `cdk.json` itself; whoever synthesises without it gets the same from here. */
function readContext(): Record<string, unknown> {
  return JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8')).context
}
