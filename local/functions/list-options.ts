import { parseArgs } from 'node:util'
import { canonicalName, type Name } from '../../shared/dns/name.ts'
import { about, complaining } from '../arguments.ts'

export const USAGE = `Usage: npm run -s functions -- [OPTION...]

Lists the names of functions: each with its function, and those functions that cannot have theirs with the reason.

  --zone ZONE       whose names, those below fn.ZONE (default: that of the stack which runs on the data folder)
  --data FOLDER     of a stack on this machine (default .namestream in the project)
  --dynamodb URL, --lambda URL
                    of a stack with --ephemeral, as it prints them
  --help            print this

For a stack on AWS, set NAMES_TABLE and REGISTRATIONS_TABLE to the outputs of the deployment and give --zone; functions and
tables are read with your own AWS settings.
`

export interface ListOptions {
  readonly zone: Name | undefined
  readonly data: string | undefined
  readonly dynamoDb: string | undefined
  readonly lambda: string | undefined
}

/** Undefined: the usage is asked for. Throws an Error of one line. */
export function parseListOptions(args: readonly string[]): ListOptions | undefined {
  const { help, zone, data, dynamodb, lambda } = complaining(
    'npm run functions -- --help lists the options',
    () =>
      parseArgs({
        args: [...args],
        options: {
          zone: { type: 'string' },
          data: { type: 'string' },
          dynamodb: { type: 'string' },
          lambda: { type: 'string' },
          help: { type: 'boolean', default: false },
        },
      }).values,
  )
  if (help) return undefined
  return {
    zone: zone === undefined ? undefined : about('--zone', () => canonicalName(zone)),
    data,
    dynamoDb: dynamodb,
    lambda,
  }
}
