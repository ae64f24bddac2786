import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda'
import { segmentFromImage } from '../../shared/aws/stream-image.ts'
import type { Name } from '../../shared/dns/name.ts'
import type { Measure } from '../../shared/metrics/measure.ts'
import type { Mark } from '../../shared/mirror/model.ts'
import type { MirrorStore } from '../../shared/mirror/ports.ts'
import type { AskMirror } from '../../shared/mirror/task.ts'
import type { Segment } from '../../shared/records/model.ts'
import type { Now, ZoneStore } from '../../shared/records/ports.ts'

export interface FeedParts {
  readonly zones: ZoneStore
  readonly store: Pick<MirrorStore, 'mark' | 'wake'>
  readonly ask: AskMirror
  readonly now: Now
  readonly measure: Measure<'mirror-feed'>
  /** Hears of a record that is no segment; the next reconcile finds what it told of. */
  readonly report: (error: unknown, sequenceNumber: string | undefined) => void
}

/**
 * Marks the names that a batch of the change log's stream tells of, and wakes the mirrors of their zones. It sends nothing
 * to Route 53 itself, so that a hosted zone in trouble holds up neither the stream nor another zone. Rejects if not
 * everything is marked: Lambda sends the batch again, and what is marked twice is looked at once.
 */
export function createFeed({ zones, store, ask, now, measure, report }: FeedParts) {
  return async ({ Records }: DynamoDBStreamEvent): Promise<void> => {
    const mirrors = new Map<Name, string | undefined>(
      (await zones.list()).map(({ zone, hostedZone }) => [zone, hostedZone]),
    )
    const changed = new Map<string, Map<Name, Pick<Mark, 'name' | 'at'>>>()
    for (const { at, changes } of Records.flatMap(segmentOf)) {
      for (const { zone, name } of changes) {
        const hostedZone = mirrors.get(zone)
        if (hostedZone === undefined) continue
        const marks = changed.get(hostedZone) ?? new Map()
        marks.set(name, marks.get(name) ?? { name, at })
        changed.set(hostedZone, marks)
      }
    }
    await Promise.all(Array.from(changed, ([hostedZone, marks]) => wake(hostedZone, [...marks.values()])))
  }

  async function wake(hostedZone: string, marks: readonly Pick<Mark, 'name' | 'at'>[]): Promise<void> {
    await store.mark(hostedZone, marks)
    measure('NamesMarked', marks.length)
    // Whoever holds the zone now hears of it when giving it back.
    if (await store.wake(hostedZone, now())) await ask({ task: 'drain', hostedZones: [hostedZone] })
  }

  function segmentOf({ dynamodb }: DynamoDBRecord): Segment[] {
    try {
      const segment = dynamodb?.NewImage && segmentFromImage(dynamodb.NewImage)
      return segment === undefined ? [] : [segment]
    } catch (error) {
      measure('RecordsUnreadable', 1)
      report(error, dynamodb?.SequenceNumber)
      return []
    }
  }
}
