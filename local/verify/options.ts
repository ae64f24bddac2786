import { parseArgs } from 'node:util'
import { type Endpoint, parseEndpoint } from '../../responder/listeners/endpoint.ts'
import { about, complaining } from '../arguments.ts'
import { parseFolder } from '../data-folder.ts'
import { ownRoute53, type Route53Address } from '../environment.ts'
import { readStackFile } from '../stack-file.ts'

export const USAGE = `Usage: npm run verify-mirror -- [OPTION...]

Checks that the responder and Route 53 agree on every registered name, and prints each difference. Ends with 0 if there
is none. Without options it asks the stack that npm start has started.

  --data FOLDER       the data folder of that stack (default .namestream in the project)
  --dns HOST:PORT     the responder
  --dynamodb URL      DynamoDB Local
  --route53 URL       Route 53. Where AWS_ENDPOINT_URL_ROUTE_53 is set it is asked with your AWS settings
  --help              print this
`

export interface VerifyOptions {
  readonly dns: Endpoint
  readonly dynamoDb: string
  readonly route53: Route53Address
}

/** Reads the command line; undefined if help is asked for. Throws an Error of one line that says what is wrong. */
export function parseVerifyOptions(args: readonly string[]): VerifyOptions | undefined {
  const values = readArguments(args)
  if (values.help) return undefined
  const data = parseFolder(values.data)
  const stack = readStackFile(data)
  const own = ownRoute53()
  const chosen = {
    '--dns': values.dns ?? stack?.dns,
    '--dynamodb': values.dynamodb ?? stack?.dynamoDb,
    '--route53': values.route53 ?? own?.url ?? stack?.route53,
  }
  const unknown = Object.entries(chosen).flatMap(([option, value]) => (value ? [] : [option]))
  if (unknown.length > 0)
    throw new Error(
      stack
        ? NOT_MIRRORED
        : `no stack runs on ${data}: start it, or give ${unknown.join(', ')} (as one with --ephemeral prints)`,
    )
  return {
    dns: about('--dns', () => parseEndpoint(chosen['--dns'] ?? '')),
    dynamoDb: about('--dynamodb', () => parseUrl(chosen['--dynamodb'] ?? '')),
    route53: { url: about('--route53', () => parseUrl(chosen['--route53'] ?? '')), own: own !== undefined },
  }
}

// ---------------------------------------------------------------------------

const NOT_MIRRORED = 'the stack was started with --no-mirror: nothing is mirrored'

function readArguments(args: readonly string[]) {
  return complaining(
    'npm run verify-mirror -- --help lists the options',
    () =>
      parseArgs({
        args: [...args],
        options: {
          data: { type: 'string' },
          dns: { type: 'string' },
          dynamodb: { type: 'string' },
          route53: { type: 'string' },
          help: { type: 'boolean', default: false },
        },
      }).values,
  )
}

function parseUrl(text: string): string {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) throw new Error(`"${text}" is not a URL`)
  return text
}
