import assert from 'node:assert/strict'
import { App } from 'aws-cdk-lib'
import { readSettings, type Settings } from '../../cdk/settings.ts'
import { SettingsError } from '../../cdk/settings-error.ts'

type Context = Readonly<Record<string, unknown>>

/** The settings that a context comes to. */
export function read(context: Context): Settings {
  return readSettings(new App({ context }).node)
}

/** Holds that a context is refused, in one line that matches. */
export function refuses(given: Context, reason: RegExp): void {
  assert.throws(
    () => read(given),
    (error) => error instanceof SettingsError && reason.test(error.message) && !error.message.includes('\n'),
  )
}
