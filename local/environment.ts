import { ADMINS } from '../shared/access/admins.ts'
import { MIRROR_FUNCTION } from '../shared/aws/invoke.ts'
import { route53Client } from '../shared/aws/route53-client.ts'
import { type Table, tableVariables } from '../shared/aws/tables.ts'
import { LEASES_QUEUE_URL } from '../shared/aws/timers.ts'

/** The tables of the local stack. */
export const TABLES: Readonly<Record<Table, string>> = {
  names: 'names',
  zones: 'zones',
  changelog: 'changelog',
  mirror: 'mirror',
  registrations: 'registrations',
  access: 'access',
}

/** URLs of what stands for AWS's services. */
export interface Services {
  readonly dynamoDb: string
  /** Absent: nobody asks Lambda. */
  readonly lambda?: string | undefined
  /** Absent: nobody sends messages. */
  readonly sqs?: { readonly url: string; readonly leases: string } | undefined
  /** Absent: nothing is mirrored. */
  readonly route53?: Route53Address | undefined
  /** True if callers show tokens. Else nobody is asked who they are, and everybody may do everything. */
  readonly auth?: boolean
}

export interface Route53Address {
  readonly url: string
  /** True for one that the user has named: it is asked with the user's own settings. */
  readonly own: boolean
}

/** The Route 53 that a user has named; undefined if the emulator is to be one. Throws an Error if it is no address. */
export function ownRoute53(environment: NodeJS.ProcessEnv = process.env): Route53Address | undefined {
  const url = environment.AWS_ENDPOINT_URL_ROUTE_53
  if (!url) return undefined
  if (!URL.canParse(url) || !/^https?:\/\/[^/]/.test(url)) {
    throw new Error(`AWS_ENDPOINT_URL_ROUTE_53 is ${JSON.stringify(url)}, not an address such as http://127.0.0.1:8091`)
  }
  return { url, own: true }
}

/**
 * Makes the environment of this process that of a function on AWS, with the services at these addresses. Whatever
 * profile, proxy of an endpoint or mode the user has set for real accounts is left aside, unless a Route 53 of the user's
 * own is to be asked: then credentials, profile and region stay. DynamoDB Local takes any.
 */
export function enterEnvironment({ dynamoDb, lambda, sqs, route53, auth = false }: Services): void {
  const own = route53?.own === true
  for (const name of Object.keys(process.env)) if (isLeftAside(name, own)) delete process.env[name]
  const tables = Object.entries(tableVariables).map(([table, variable]) => [variable, TABLES[table as Table]])
  Object.assign(process.env, {
    ...(own ? PLAIN_ENDPOINTS : { ...MADE_UP, ...NO_FILES }),
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: dynamoDb,
    ...(lambda && { AWS_ENDPOINT_URL_LAMBDA: lambda, [MIRROR_FUNCTION]: 'mirror' }),
    ...(sqs && { AWS_ENDPOINT_URL_SQS: sqs.url, [LEASES_QUEUE_URL]: sqs.leases }),
    ...(route53 && { AWS_ENDPOINT_URL_ROUTE_53: route53.url }),
    ...Object.fromEntries(tables),
    [ADMINS]: JSON.stringify(auth ? [] : ['local']),
  })
}

/**
 * Fills in what the user's own settings lack, for without credentials and a region not even DynamoDB Local can be asked.
 * `tell` hears of credentials that were made up.
 */
export async function completeEnvironment(tell: (line: string) => void): Promise<void> {
  const { AWS_DEFAULT_REGION: usual } = process.env
  if (usual) process.env.AWS_REGION ??= usual
  const client = route53Client()
  const { region, credentials } = client.config
  const { AWS_REGION, ...keys } = MADE_UP
  if (!(await succeeds(region))) Object.assign(process.env, { AWS_REGION })
  if (!(await succeeds(credentials))) {
    Object.assign(process.env, keys)
    tell('no AWS credentials are to be found, Route 53 is asked with made-up ones')
  }
  client.destroy()
}

// ---------------------------------------------------------------------------

const MADE_UP = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' }
const NO_FILES = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }

/** The SDK refuses these together with an endpoint of one's own, and a profile may ask for them. */
const PLAIN_ENDPOINTS = { AWS_USE_FIPS_ENDPOINT: 'false', AWS_USE_DUALSTACK_ENDPOINT: 'false' }

function isLeftAside(variable: string, own: boolean): boolean {
  if (!own) return variable.startsWith('AWS_')
  return variable.startsWith('AWS_ENDPOINT_URL') || variable === 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'
}

async function succeeds(resolve: () => Promise<unknown>): Promise<boolean> {
  return resolve().then(
    () => true,
    () => false,
  )
}
