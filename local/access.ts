import { randomBytes } from 'node:crypto'
import { dynamoDbAccessStore } from '../shared/aws/access-store.ts'
import { dynamoDbClient } from '../shared/aws/client.ts'
import { carryOut } from './access/commands.ts'
import { parseAccessOptions } from './access/options.ts'
import { USAGE } from './access/usage.ts'
import { reasonOf } from './reason.ts'
import { findTables } from './which-tables.ts'

try {
  const options = parseAccessOptions(process.argv.slice(2))
  if (options === undefined) process.stdout.write(USAGE)
  else {
    const { access } = findTables(options, ['access'])
    const store = dynamoDbAccessStore(dynamoDbClient(), access)
    const { output, remark } = await carryOut({ store, now: Date.now, random: randomBytes }, options.command)
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
