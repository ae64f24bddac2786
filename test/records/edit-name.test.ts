import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { dynamoDbClient } from '../../shared/aws/client.ts'
import { dynamoDbNameStore } from '../../shared/aws/name-store.ts'
import { createEditName } from '../../shared/records/edit-name.ts'
import {
  createAddress,
  deleteAddress,
  type Edit,
  onRRsets,
  updateAddress,
  upsertAddress,
} from '../../shared/records/edits.ts'
import { NamingError } from '../../shared/records/faults.ts'
import { memoryStore } from '../../shared/records/memory.ts'
import type { NameRecord, RRsets } from '../../shared/records/model.ts'
import type { NameStore } from '../../shared/records/ports.ts'
import { a, apex, nameOf, record } from '../contract/records.ts'
import { testTables } from '../dynamodb.ts'

const { names: tables } = await testTables()
const name = nameOf('h')
const MAX_RDATA = 400
const MAX_NAME_SIZE = 100_000

describe('the size of a name', () => {
  const rdata = (count: number) => Array.from({ length: count }, (_, i) => `192.0.${i >> 8}.${i & 255}`)
  const texts = (octets: number): RRsets => ({ TXT: { ttl: 60, rdata: ['x'.repeat(octets - frame)] } })
  const frame = JSON.stringify({ TXT: { ttl: 60, rdata: [''] } }).length
  for (const [what, rrsets, fits] of [
    [`${MAX_RDATA} records of a type`, a(60, ...rdata(MAX_RDATA)), true],
    [`${MAX_RDATA + 1} records of a type`, a(60, ...rdata(MAX_RDATA + 1)), false],
    [`${MAX_NAME_SIZE} octets`, texts(MAX_NAME_SIZE), true],
    [`${MAX_NAME_SIZE + 1} octets`, texts(MAX_NAME_SIZE + 1), false],
  ] as const) {
    test(`${what} ${fits ? 'fit' : 'are refused'}`, async () => {
      const { names } = memoryStore()
      const edited = createEditName(names, Date.now, pause)(
        apex,
        name,
        onRRsets(() => rrsets),
        'local',
      )
      if (fits) assert.equal((await edited).changed, true)
      else await assert.rejects(edited, { code: 'name_too_large', status: 422 })
      assert.deepEqual((await names.read(name))?.rrsets, fits ? rrsets : undefined)
    })
  }
})

test('who loses every race is told busy, in bounded time', async () => {
  let version = 1
  let writes = 0
  const contended: NameStore = {
    ...memoryStore().names,
    read: async () => record('h', version, a(60, '192.0.2.1')),
    async write() {
      writes++
      version++
      return { written: false, current: record('h', version, a(60, '192.0.2.1')) }
    },
  }
  const editName = createEditName(contended, Date.now, async () => {})
  await assert.rejects(editName(apex, name, upsertAddress({ type: 'A', address: '192.0.2.2', ttl: 60 }), 'local'), {
    code: 'busy',
    status: 503,
  })
  assert.ok(writes <= 1000)
})

describe('edits of one name by many at once are as if made one after the other', () => {
  test('in memory, in every order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operations, { maxLength: 12 }), fc.scheduler(), async (chosen, scheduler) => {
        const { names } = memoryStore()
        const turn = () => scheduler.schedule(Promise.resolve())
        const slow: NameStore = {
          ...names,
          async read(wanted) {
            await turn()
            return names.read(wanted)
          },
          async write(next, expected) {
            await turn()
            const outcome = await names.write(next, expected)
            await turn()
            return outcome
          },
        }
        const done = race(chosen.map((edit) => ({ edit, store: slow })))
        await scheduler.waitFor(done)
        await checkOrder(await done, names)
      }),
      { numRuns: 300 },
    )
  })

  test('32 clients of DynamoDB', async () => {
    const clients = Array.from({ length: 32 }, () => dynamoDbClient())
    const stores = clients.map((client) => dynamoDbNameStore(client, tables.names))
    const chosen = fc.sample(operations, { numRuns: 32 * 4, seed: 1 })
    const done = await race(chosen.map((edit, i) => ({ edit, store: stores[i % 32] as NameStore })))
    await checkOrder(done, stores[0] as NameStore)
    for (const client of clients) client.destroy()
  })
})

// ---------------------------------------------------------------------------

interface Done {
  readonly edit: Edit
  /** What it wrote; undefined if it was refused or changed nothing. */
  readonly written: NameRecord | undefined
}

async function race(edits: readonly { readonly edit: Edit; readonly store: NameStore }[]): Promise<Done[]> {
  return Promise.all(
    edits.map(async ({ edit, store }) => {
      try {
        const { changed, record } = await createEditName(store, Date.now, pause)(apex, name, edit, 'local')
        return { edit, written: changed ? record : undefined }
      } catch (error) {
        const code = error instanceof NamingError ? error.code : undefined
        assert.ok(code === 'record_exists' || code === 'record_not_found', String(error))
        return { edit, written: undefined }
      }
    }),
  )
}

/** Each acknowledged write has a version of its own, and made its state of the one before. */
async function checkOrder(done: readonly Done[], store: NameStore): Promise<void> {
  const written = done.flatMap(({ edit, written }) => (written ? [{ edit, written }] : []))
  written.sort((one, other) => one.written.version - other.written.version)
  let state: RRsets = {}
  for (const [i, { edit, written: record }] of written.entries()) {
    assert.equal(record.version, (written[0]?.written.version ?? 0) + i)
    state = edit({ rrsets: state, claims: {} }, name).rrsets
    assert.deepEqual(record.rrsets, state)
  }
  assert.deepEqual(await store.read(name), written.at(-1)?.written)
}

const operations: fc.Arbitrary<Edit> = fc
  .record({
    operation: fc.constantFrom(createAddress, upsertAddress, upsertAddress, updateAddress, deleteAddress),
    address: fc.constantFrom(
      { type: 'A' as const, address: '192.0.2.1', ttl: 60 },
      { type: 'A' as const, address: '192.0.2.2', ttl: 60 },
      { type: 'AAAA' as const, address: '2001:db8::1', ttl: 60 },
    ),
  })
  .map(({ operation, address }) => operation(address))
