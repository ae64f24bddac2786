import type { NameRecord, Segment } from '../records/model.ts'
import { LOG } from './change-log.ts'
import type { Item } from './items.ts'
import { nameRecordOf, segmentOf } from './items.ts'

/** An image as a Lambda event holds it: like an item of the SDK, but binary values are base64 text. */
type Image = Readonly<Record<string, object>>

/** The record of a name from an image of the names table's stream; throws if it is none. */
export function nameRecordFromImage(image: Image): NameRecord {
  return nameRecordOf(image as Item) // no attribute of the table is binary
}

/** The segment from an image of the change log's stream; undefined for its other items. Throws if it is a broken one. */
export function segmentFromImage(image: Image): Segment | undefined {
  const item = image as Item
  return item.pk?.S === LOG && item.changes !== undefined ? segmentOf(item) : undefined
}
