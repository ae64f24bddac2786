import { randomBytes } from 'node:crypto'
import { dynamoDbAccessStore } from '../shared/aws/access-store.ts'
import { dynamoDbClient } from '../shared/aws/client.ts'
import { dynamoDbNameStore } from '../shared/aws/name-store.ts'
import { carryOut } from './access/commands.ts'
import { parseAccessOptions } from './access/options.ts'
import { USAGE } from './access/usage.ts'
import { reasonOf } from './reason.ts'
import { findTables } from './which-tables.ts'

try {
  const options = parseAccessOptions(process.argv.slice(2))
  if (options === undefined) process.stdout.write(USAGE)
  else {
    const tables = findTables(options, [options.command.kind === 'who' ? 'names' : 'access'])
    const client = dynamoDbClient()
    const store = dynamoDbAccessStore(client, tables.access)
    const names = dynamoDbNameStore(client, tables.names)
    const parts = { store, names, now: Date.now, random: randomBytes }
    const { output, remark } = await carryOut(parts, options.command)
    process.stdout.write(output)
    if (remark !== '') tell(remark)
  }
} catch (error) {
  tell(reasonOf(error as Error))
  process.exitCode = 1
}

// ---------------------------------------------------------------------------

function tell(line: string): void {
  process.stderr.write(`access: ${line}\n`)
}
