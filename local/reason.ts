import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb'
import { NamingError } from '../shared/records/faults.ts'

/** What an operator is told of an error, in one line: also why a store cannot be reached. */
export function reasonOf(error: Error): string {
  if (error instanceof ResourceNotFoundException) return 'there is no such table'
  const first = firstLine(error)
  return error instanceof NamingError && error.cause instanceof Error ? `${first}: ${firstLine(error.cause)}` : first
}

// ---------------------------------------------------------------------------

function firstLine({ message, name }: Error): string {
  return message.split('\n', 1)[0] || name
}
