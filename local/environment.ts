import { type Table, tableVariables } from '../shared/aws/tables.ts'

const TABLES: Readonly<Record<Table, string>> = {
  names: 'names',
  zones: 'zones',
  changelog: 'changelog',
  mirror: 'mirror',
}

/**
 * Makes the environment of this process that of a function on AWS, but with everything of AWS at `endpoint`: whatever
 * profile, proxy of an endpoint or mode the user has set for real accounts is left aside.
 */
export function enterEnvironment(endpoint: string): typeof TABLES {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  const tables = Object.entries(tableVariables).map(([table, variable]) => [variable, TABLES[table as Table]])
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    ...Object.fromEntries(tables),
  })
  return TABLES
}
