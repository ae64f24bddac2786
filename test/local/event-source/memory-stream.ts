import type { DynamoDBRecord } from 'aws-lambda'
import type { StreamPage, StreamReader, StreamShard } from '../../../shared/aws/stream-reader.ts'

interface MemoryShard extends StreamShard {
  records: DynamoDBRecord[]
  closed: boolean
  /** Sequence number of the last record that was trimmed. */
  trimmed: number
}

/**
 * A table's stream in memory that does what DynamoDB Local never does: it splits shards, lets iterators expire, trims
 * records and whole shards, and is out of reach. Items with the same key are in the same line of shards.
 */
export class MemoryStream implements StreamReader {
  readonly streamArn = 'arn:aws:dynamodb:ddblocal:000000000000:table/names/stream/2026-01-01T00:00:00.000'
  readonly #shards = new Map<string, MemoryShard>()
  /** Which shard takes the records of a key now. */
  #open: string[] = []
  #added = 0
  #generation = 0
  #next = 1
  /** Calls that are still to fail. */
  outages = 0
  /** Pages begin with records that were read before, as if an iterator had gone back. */
  stutters = false

  constructor(shards = 1) {
    for (let i = 0; i < shards; i++) this.#open.push(this.#add())
  }

  /** Appends a record; gives its sequence number. */
  put(key: number, version: number, createdAt = 0): string {
    const sequenceNumber = String(this.#next++)
    this.#shardOf(key).records.push({
      eventName: 'MODIFY',
      dynamodb: {
        ApproximateCreationDateTime: createdAt / 1000,
        Keys: { key: { N: String(key) } },
        NewImage: { key: { N: String(key) }, version: { N: String(version) } },
        SequenceNumber: sequenceNumber,
      },
    })
    return sequenceNumber
  }

  /** Closes the shard of a key; two children take its keys from now on. */
  split(key: number): void {
    const parent = this.#shardOf(key)
    parent.closed = true
    const children = [this.#add(parent.id), this.#add(parent.id)]
    // Twice as many lines, so that the keys of a line fall into two.
    const lines = (child: number) => this.#open.map((id) => (id === parent.id ? (children[child] as string) : id))
    this.#open = [...lines(0), ...lines(1)]
  }

  expireIterators(): void {
    this.#generation++
  }

  /** Drops the oldest records of a key's shard, all but `kept`. */
  trim(key: number, kept: number): void {
    const shard = this.#shardOf(key)
    const dropped = shard.records.splice(0, Math.max(0, shard.records.length - kept))
    shard.trimmed = numberOf(dropped.at(-1)) ?? shard.trimmed
  }

  /** Drops closed shards altogether. */
  trimClosed(): void {
    for (const [id, { closed }] of this.#shards) if (closed) this.#shards.delete(id)
  }

  async shards(): Promise<StreamShard[]> {
    this.#reach()
    return Array.from(this.#shards.values(), ({ id, parent }) => ({ id, ...(parent && { parent }) })).reverse()
  }

  async iterator(shard: string, after: string | undefined): Promise<string | undefined> {
    const { records, trimmed } = this.#shard(shard)
    const at = after === undefined ? 0 : records.findIndex((record) => numberOf(record) === Number(after)) + 1
    if (after !== undefined && at === 0) {
      if (Number(after) <= trimmed) return undefined
      throw new Error(`no record ${after} in ${shard}`)
    }
    return this.#iterator(shard, records[at])
  }

  async read(iterator: string, limit: number): Promise<StreamPage> {
    const { shard: id, from, generation } = JSON.parse(iterator)
    const { records, closed, trimmed } = this.#shard(id)
    if (generation !== this.#generation) return { kind: 'expired' }
    if (from <= trimmed) return { kind: 'trimmed' }
    const at = records.filter((record) => (numberOf(record) ?? 0) < from).length
    const end = Math.min(at + limit, records.length)
    return {
      kind: 'records',
      records: records.slice(this.stutters ? Math.max(0, at - 2) : at, end),
      next: closed && end === records.length ? undefined : this.#iterator(id, records[end]),
    }
  }

  #iterator(shard: string, next: DynamoDBRecord | undefined): string {
    return JSON.stringify({ shard, from: numberOf(next) ?? this.#next, generation: this.#generation })
  }

  #add(parent?: string): string {
    const id = `shardId-${String(++this.#added).padStart(4, '0')}`
    this.#shards.set(id, { id, ...(parent && { parent }), records: [], closed: false, trimmed: 0 })
    return id
  }

  #shardOf(key: number): MemoryShard {
    return this.#shard(this.#open[key % this.#open.length] as string, false)
  }

  #shard(id: string, reaching = true): MemoryShard {
    if (reaching) this.#reach()
    const shard = this.#shards.get(id)
    if (shard === undefined) throw new Error(`no shard ${id}`)
    return shard
  }

  #reach(): void {
    if (this.outages === 0) return
    this.outages--
    throw new Error('connect ECONNREFUSED')
  }
}

// ---------------------------------------------------------------------------

function numberOf(record: DynamoDBRecord | undefined): number | undefined {
  return record === undefined ? undefined : Number(record.dynamodb?.SequenceNumber)
}
