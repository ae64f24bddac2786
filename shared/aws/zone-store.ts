import { setTimeout as pause } from 'node:timers/promises'
import {
  type DynamoDBClient,
  PutItemCommand,
  TransactionConflictException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import type { ZoneStore } from '../records/ports.ts'
import { conditional } from './conditional.ts'
import { itemOf, readable, zoneOf } from './items.ts'
import { scanItems } from './scan.ts'

/** The served zones in a DynamoDB table, one item each. */
export function dynamoDbZoneStore(client: DynamoDBClient, table: string): ZoneStore {
  return {
    list: async () => readable(await scanItems(client, table), zoneOf),

    async add(zone) {
      const command = new PutItemCommand({
        TableName: table,
        Item: itemOf(zone),
        ConditionExpression: 'attribute_not_exists(#zone)',
        ExpressionAttributeNames: { '#zone': 'zone' },
      })
      return (await conditional(client.send(command))).done
    },

    async link(zone, hostedZone) {
      const command = new UpdateItemCommand({
        TableName: table,
        Key: itemOf({ zone }),
        UpdateExpression: hostedZone === undefined ? 'REMOVE hostedZone' : 'SET hostedZone = :hostedZone',
        ConditionExpression: 'attribute_exists(#zone)',
        ExpressionAttributeNames: { '#zone': 'zone' },
        ...(hostedZone !== undefined && { ExpressionAttributeValues: itemOf({ ':hostedZone': hostedZone }) }),
      })
      for (let tries = 1; ; tries++) {
        try {
          return (await conditional(client.send(command))).done
        } catch (error) {
          // A segment of the change log is moving the serial of the zone at this moment.
          if (!(error instanceof TransactionConflictException) || tries === MAX_TRIES) throw error
          await pause(Math.random() * 20 * 2 ** tries)
        }
      }
    },
  }
}

// ---------------------------------------------------------------------------

const MAX_TRIES = 6
