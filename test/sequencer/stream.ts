/** Records of the names table's stream, as Lambda hands them over. */
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { itemOf } from '../../shared/aws/items.ts'
import type { NameRecord } from '../../shared/records/model.ts'
import type { Write } from '../../shared/records/segments.ts'

export function streamRecord(sequenceNumber: number, { old, new: next }: Write): DynamoDBRecord {
  const { name } = (next ?? old) as NameRecord
  return {
    eventID: `event-${sequenceNumber}`,
    eventName: next === undefined ? 'REMOVE' : old === undefined ? 'INSERT' : 'MODIFY',
    eventSource: 'aws:dynamodb',
    dynamodb: {
      ApproximateCreationDateTime: 1_700_000_000,
      Keys: image({ name }),
      ...(old && { OldImage: image({ ...old, writeId: 'old' }) }),
      ...(next && { NewImage: image({ ...next, writeId: 'new' }) }),
      SequenceNumber: String(sequenceNumber).padStart(21, '0'),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
  }
}

export function eventOf(records: readonly DynamoDBRecord[]): DynamoDBStreamEvent {
  return { Records: [...records] }
}

type Image = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['Keys']>

/** Strings, numbers, lists and maps look the same in an item of the SDK and in an event. */
export function image(values: object): Image {
  return itemOf(values) as Image
}
