import { parseArgs } from 'node:util'
import { type SettingEntry, settingList } from './setting-list.ts'

export interface SynthOptions {
  readonly help: boolean
  readonly outdir: string
  /** Settings of the command line. */
  readonly context: Readonly<Record<string, string>>
}

export const USAGE = `usage: npm run synth [-- [-c NAME=VALUE]... [--outdir FOLDER]]

Writes the CloudFormation template and the bundles of the functions into FOLDER (cdk.out). Needs no AWS account.

  -c, --context NAME=VALUE  a setting; may be given several times
  --outdir FOLDER           where to write
  --help                    print this

Settings, with their defaults, as for every cdk command; cdk.json may have them, too:

${Object.entries<SettingEntry>(settingList)
  .map(([name, { takes, tells }]) => `  ${`${name}=${takes}`.padEnd(40)} ${tells}`)
  .join('\n')}
`

/** Reads the command line. Throws an Error whose message is one line that says what is wrong. */
export function parseSynthOptions(args: readonly string[]): SynthOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      context: { type: 'string', short: 'c', multiple: true, default: [] },
      outdir: { type: 'string', default: 'cdk.out' },
      help: { type: 'boolean', default: false },
    },
  })
  return { ...values, context: Object.fromEntries(values.context.map(readSetting)) }
}

// ---------------------------------------------------------------------------

function readSetting(text: string): [name: string, value: string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new Error(`-c takes NAME=VALUE, not ${JSON.stringify(text)}`)
  return [name, value]
}
