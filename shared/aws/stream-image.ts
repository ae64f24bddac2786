import type { NameRecord } from '../records/model.ts'
import type { Item } from './items.ts'
import { nameRecordOf } from './items.ts'

/** An image as a Lambda event holds it: like an item of the SDK, but binary values are base64 text. */
type Image = Readonly<Record<string, object>>

/** The record of a name from an image of the names table's stream; throws if it is none. */
export function nameRecordFromImage(image: Image): NameRecord {
  return nameRecordOf(image as Item) // no attribute of the table is binary
}
