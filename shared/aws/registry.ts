import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createRegistry, type Registry, type RegistryParts } from '../registrations/registry.ts'
import { dynamoDbNameStore } from './name-store.ts'
import { dynamoDbRegistrationStore } from './registration-store.ts'
import { tableName } from './tables.ts'
import { leasesQueueUrl, sqsClient, sqsTimers } from './timers.ts'
import { dynamoDbZoneStore } from './zone-store.ts'

/** The registry over the tables and the queue that the environment names; throws an Error if one is missing there. */
export function awsRegistry(client: DynamoDBClient, { lapsed }: Pick<RegistryParts, 'lapsed'> = {}): Registry {
  return createRegistry({
    names: dynamoDbNameStore(client, tableName('names')),
    zones: dynamoDbZoneStore(client, tableName('zones')),
    registrations: dynamoDbRegistrationStore(client, tableName('registrations')),
    timers: sqsTimers(sqsClient(), leasesQueueUrl(), Date.now),
    now: Date.now,
    pause,
    newNonce: () => randomBytes(8).toString('hex'),
    ...(lapsed && { lapsed }),
  })
}
