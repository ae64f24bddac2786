import { tableVariables } from '../../shared/aws/tables.ts'
import { parseFolder } from '../data-folder.ts'
import { enterEnvironment, TABLES } from '../environment.ts'
import { readStackFile } from '../stack-file.ts'
import type { AccessOptions } from './options.ts'

/**
 * The name of the table to work on. One of a local stack is found by the addresses that the stack has left, and from then
 * on this process asks that DynamoDB; one on AWS by the user's own settings. Throws an Error of one line.
 */
export function findTable({ data, dynamoDb }: Pick<AccessOptions, 'data' | 'dynamoDb'>): string {
  const named = process.env[tableVariables.access]
  if (named && data === undefined && dynamoDb === undefined) return named
  const folder = parseFolder(data)
  const url = dynamoDb ?? readStackFile(folder)?.dynamoDb
  if (url === undefined)
    throw new Error(
      `no stack runs on ${folder}: start it (one with --ephemeral prints what to say instead), or set ACCESS_TABLE for one on AWS`,
    )
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw new Error(`--dynamodb: "${url}" is not a URL`)
  enterEnvironment({ dynamoDb: url })
  return TABLES.access
}
