import { setTimeout as pause } from 'node:timers/promises'
import { REQUESTS_PER_SECOND } from '../functions/function-names/limits.ts'
import { registeredFunctions } from '../functions/function-names/registered.ts'
import { dynamoDbClient } from '../shared/aws/client.ts'
import { functionReader, lambdaFunctionSource } from '../shared/aws/function-source.ts'
import { dynamoDbNameStore } from '../shared/aws/name-store.ts'
import { dynamoDbRegistrationStore } from '../shared/aws/registration-store.ts'
import { canonicalName } from '../shared/dns/name.ts'
import { createPace } from '../shared/functions/pace.ts'
import { parseFolder } from './data-folder.ts'
import { listFunctions } from './functions/list.ts'
import { type ListOptions, parseListOptions, USAGE } from './functions/list-options.ts'
import { reasonOf } from './reason.ts'
import { readStackFile } from './stack-file.ts'
import { findTables } from './which-tables.ts'

try {
  const options = parseListOptions(process.argv.slice(2))
  process.stdout.write(options === undefined ? USAGE : await list(options))
} catch (error) {
  process.stderr.write(`functions: ${reasonOf(error as Error)}\n`)
  process.exitCode = 1
}

// ---------------------------------------------------------------------------

async function list(options: ListOptions): Promise<string> {
  const running = readStackFile(parseFolder(options.data))?.functions
  const local = options.dynamoDb !== undefined || !process.env.NAMES_TABLE || options.data !== undefined
  const tables = findTables(options, ['names', 'registrations'])
  const zone = options.zone ?? (local && running ? canonicalName(running.zone) : undefined)
  const lambda = options.lambda ?? (local ? running?.lambda : undefined)
  if (zone === undefined) throw new Error('say with --zone whose names of functions')
  if (lambda !== undefined) process.env.AWS_ENDPOINT_URL_LAMBDA = lambda
  else if (local) throw new Error('say with --lambda where the stack has its functions, or start it with --function')
  const client = dynamoDbClient()
  const registrations = dynamoDbRegistrationStore(client, tables.registrations)
  const names = dynamoDbNameStore(client, tables.names)
  const source = lambdaFunctionSource(functionReader(), createPace(REQUESTS_PER_SECOND, Date.now, pause), () => {})
  return listFunctions({ source, registered: () => registeredFunctions({ registrations, names }, zone), zone })
}
