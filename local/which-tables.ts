import { type Table, tableVariables } from '../shared/aws/tables.ts'
import { parseFolder } from './data-folder.ts'
import { enterEnvironment, TABLES } from './environment.ts'
import { readStackFile } from './stack-file.ts'

export interface Whereabouts {
  /** The data folder of a local stack, or its DynamoDB; undefined where neither was said. */
  readonly data: string | undefined
  readonly dynamoDb: string | undefined
}

/**
 * The names of the tables to work on. Those on AWS are named by the environment and asked by the user's own settings. Those
 * of a local stack are found by the addresses that the stack has left, and from then on this process asks that DynamoDB.
 * Throws an Error of one line.
 */
export function findTables<T extends Table>(
  { data, dynamoDb }: Whereabouts,
  wanted: readonly T[],
): Readonly<Record<Table, string>> {
  const variables = wanted.map((table) => tableVariables[table])
  const missing = variables.filter((variable) => !process.env[variable])
  if (missing.length < variables.length && data === undefined && dynamoDb === undefined) {
    if (missing.length > 0) throw new Error(`${missing.join(' and ')} must be set, too`)
    return {
      ...TABLES,
      ...Object.fromEntries(wanted.map((table) => [table, process.env[tableVariables[table]] ?? ''])),
    }
  }
  const folder = parseFolder(data)
  const url = dynamoDb ?? readStackFile(folder)?.dynamoDb
  if (url === undefined)
    throw new Error(
      `no stack runs on ${folder}: start it (one with --ephemeral prints what to say instead), or set ${variables.join(' and ')} for one on AWS`,
    )
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new Error(`--dynamodb: "${url}" is not a URL`)
  enterEnvironment({ dynamoDb: url })
  return TABLES
}
