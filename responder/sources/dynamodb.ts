import { dynamoDbChangeLogReader } from '../../shared/aws/change-log.ts'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { tableName } from '../../shared/aws/tables.ts'
import { dynamoDbZoneStore } from '../../shared/aws/zone-store.ts'
import { type ChangeLogOptions, changeLog } from './change-log.ts'
import type { Source } from './source.ts'

/** The change log in the DynamoDB tables that the environment names. Throws an Error if it does not. */
export function dynamoDbChangeLog(options: Omit<ChangeLogOptions, 'log' | 'names' | 'zones'>): Source {
  const client = dynamoDbClient()
  return changeLog({
    ...options,
    log: dynamoDbChangeLogReader(client, tableName('changelog')),
    names: dynamoDbNameStore(client, tableName('names')),
    zones: dynamoDbZoneStore(client, tableName('zones')),
  })
}
