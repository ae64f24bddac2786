import { parseArgs } from 'node:util'
import { canonicalName } from '../../shared/dns/name.ts'
import { about, complaining } from '../arguments.ts'
import type { Whereabouts } from '../which-tables.ts'
import type { Scope } from './plan.ts'

export const USAGE = `Usage: npm run -s restore -- --from TABLE [OPTION...]

Compares a table of names, such as one that DynamoDB has restored to a point in time or that an earlier stack has left,
with what is registered now, and prints what would change. With --apply it is written, name by name, as registrations are:
responders and the mirror follow, and no write that is made meanwhile is lost.

  --from TABLE        the table to restore from, in the same account and region
  --zone ZONE         only names of this zone; may be given several times
  --name NAME         only this name, in full; may be given several times
  --prune             also remove what is registered and not in that table
  --apply             write it

Where NAMES_TABLE and ZONES_TABLE are set, they name the tables of a stack on AWS, which are asked with your AWS
credentials. Else they are those of the stack that npm start has started:

  --data FOLDER       the data folder of that stack (default .namestream in the project)
  --dynamodb URL      its DynamoDB Local
  --help              print this
`

export interface RestoreOptions extends Whereabouts {
  readonly from: string
  readonly scope: Scope
  readonly apply: boolean
}

/** Reads the command line; undefined if help is asked for. Throws an Error of one line. */
export function parseRestoreOptions(args: readonly string[]): RestoreOptions | undefined {
  const { values } = complaining(HELP, () =>
    parseArgs({
      args: [...args],
      options: {
        from: { type: 'string' },
        zone: { type: 'string', multiple: true },
        name: { type: 'string', multiple: true },
        prune: { type: 'boolean', default: false },
        apply: { type: 'boolean', default: false },
        data: { type: 'string' },
        dynamodb: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }),
  )
  if (values.help) return undefined
  const { from, prune, apply, data, dynamodb: dynamoDb } = values
  if (!from) throw new Error(`--from is needed; ${HELP}`)
  const zones = about('--zone', () => values.zone?.map(canonicalName))
  const names = about('--name', () => values.name?.map(canonicalName))
  return { from, scope: { zones, names, prune }, apply, data, dynamoDb }
}

// ---------------------------------------------------------------------------

const HELP = 'npm run restore -- --help tells how'
