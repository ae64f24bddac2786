import { randomBytes } from 'node:crypto'
import { dynamoDbAccessStore } from '../shared/aws/access-store.ts'
import { dynamoDbClient } from '../shared/aws/client.ts'
import { NamingError } from '../shared/records/faults.ts'
import { carryOut } from './access/commands.ts'
import { parseAccessOptions } from './access/options.ts'
import { findTable } from './access/table.ts'
import { USAGE } from './access/usage.ts'

try {
  const options = parseAccessOptions(process.argv.slice(2))
  if (options === undefined) process.stdout.write(USAGE)
  else {
    const table = findTable(options)
    const store = dynamoDbAccessStore(dynamoDbClient(), table)
    const { output, remark } = await carryOut({ store, now: Date.now, random: randomBytes }, options.command)
    process.stdout.write(output)
    if (remark !== '') tell(remark)
  }
} catch (error) {
  tell(reasonOf(error as Error))
  process.exitCode = 1
}

// ---------------------------------------------------------------------------

/** One line. Why a store cannot be reached is of use to an operator. */
function reasonOf(error: Error): string {
  const [first = ''] = error.message.split('\n', 1)
  if (!(error instanceof NamingError && error.cause instanceof Error)) return first
  const { message, name } = error.cause
  return `${first}: ${message.split('\n', 1)[0] || name}`
}

function tell(line: string): void {
  process.stderr.write(`access: ${line}\n`)
}
