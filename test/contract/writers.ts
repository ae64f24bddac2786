import type { RecordRequest, Writable } from '../../shared/records/writable.ts'
import type { Writer } from '../../shared/records/writer.ts'

/** May write everything. */
export const anybody: Writer = { principal: 'local', mayWrite: () => true }

/** The operations as one writer has them. */
export function writtenBy(writer: Writer, writable: Writable) {
  return {
    ...writable,
    create: (request: RecordRequest) => writable.create(request, writer),
    upsert: (request: RecordRequest) => writable.upsert(request, writer),
    update: (request: RecordRequest) => writable.update(request, writer),
    delete: (request: RecordRequest) => writable.delete(request, writer),
  }
}
