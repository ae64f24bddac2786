import type { DynamoDBRecord } from 'aws-lambda'
import { nameRecordFromImage } from '../../shared/aws/stream-image.ts'
import { changeOf, type Write } from '../../shared/records/segments.ts'

/** The leading records of a batch that could be read; `error` tells of the first that could not. */
export interface ReadWrites {
  readonly writes: readonly Write[]
  readonly error?: unknown
}

/** Reads the records of a stream batch, up to the first that is not a proper write to the names table. */
export function readWrites(records: readonly DynamoDBRecord[]): ReadWrites {
  const writes: Write[] = []
  try {
    for (const { dynamodb } of records) {
      const { OldImage: old, NewImage: next } = dynamodb ?? {}
      if (old === undefined && next === undefined) throw new Error('a stream record holds no image')
      const write = { ...(old && { old: nameRecordFromImage(old) }), ...(next && { new: nameRecordFromImage(next) }) }
      if (!rises(write)) throw new Error('a write by hand has changed the RRsets and not the version')
      writes.push(write)
    }
    return { writes }
  } catch (error) {
    return { writes, error }
  }
}

// ---------------------------------------------------------------------------

/** A change whose version does not rise would pass for one that is in the log already. */
function rises(write: Write): boolean {
  const change = changeOf(write)
  return change === undefined || change.version > change.from
}
