import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Mark } from '../../shared/mirror/model.ts'
import type { MirrorStore } from '../../shared/mirror/ports.ts'
import { namesIn, odd } from './mirror-names.ts'
import type { FreshMirror } from './mirror-store.ts'
import { nameOf } from './records.ts'

const HZ = 'Z0EXAMPLE'
const OTHER = 'Z1EXAMPLE'

/** What every MirrorStore does with marks. */
export function mirrorMarkContract(adapter: string, fresh: FreshMirror): void {
  describe(`MirrorStore, marks: ${adapter}`, () => {
    test('a hosted zone begins without marks', async () => {
      const { mirror } = await fresh()
      assert.deepEqual(await mirror.marks(HZ, undefined, 10), [])
      await mirror.mark(HZ, [])
      await mirror.unmark(HZ, [], 9_000)
      assert.deepEqual(await mirror.counts(HZ), { marked: 0, refused: 0 })
    })

    test('names are marked with their times, whatever they hold, in the order of their text', async () => {
      const { mirror } = await fresh()
      await mirror.mark(
        HZ,
        odd.map((name, i) => ({ name, at: 1000 + i })),
      )
      const marks = await mirror.marks(HZ, undefined, 100)
      assert.deepEqual(
        marks.map(({ name, at }) => ({ name, at })),
        odd.map((name, i) => ({ name, at: 1000 + i })).sort((one, other) => (one.name < other.name ? -1 : 1)),
      )
      assert.equal(new Set(marks.map(({ token }) => token)).size, odd.length)
      assert.deepEqual(await mirror.marks(OTHER, undefined, 100), [])
    })

    test('a mark is taken away by who has seen it', async () => {
      const { mirror } = await fresh()
      await mirror.mark(HZ, marked('a', 'b', 'c'))
      const [first, , third] = await mirror.marks(HZ, undefined, 10)
      await mirror.unmark(HZ, [first, third] as Mark[], 9_000)
      assert.deepEqual(namesIn(await mirror.marks(HZ, undefined, 10)), [nameOf('b')])
    })

    test('a name that was marked again keeps its mark, for what came meanwhile, and no other name is in its way', async () => {
      const { mirror } = await fresh()
      await mirror.mark(HZ, marked('a', 'b', 'c'))
      const seen = await mirror.marks(HZ, undefined, 10)
      await mirror.mark(HZ, [{ name: nameOf('b'), at: 2000 }])
      await mirror.unmark(HZ, seen, 9_000)
      const left = await mirror.marks(HZ, undefined, 10)
      assert.deepEqual([namesIn(left), left[0]?.at], [[nameOf('b')], 9_000])
      await mirror.unmark(HZ, seen, 9_000)
      assert.equal((await mirror.marks(HZ, undefined, 10)).length, 1)
      await mirror.unmark(HZ, left, 9_000)
      await mirror.unmark(HZ, left, 9_000)
      assert.deepEqual(await mirror.marks(HZ, undefined, 10), [])
    })

    test('a name that is marked after its mark was taken away waits from then on', async () => {
      const { mirror } = await fresh()
      await mirror.mark(HZ, marked('a'))
      await mirror.unmark(HZ, await mirror.marks(HZ, undefined, 10), 9_000)
      await mirror.mark(HZ, [{ name: nameOf('a'), at: 2000 }])
      assert.deepEqual(await timesOf(mirror), [2000])
    })

    test('a name that is given twice is marked once, with the older time', async () => {
      const { mirror } = await fresh()
      await mirror.mark(
        HZ,
        [3000, 1000, 2000].map((at) => ({ name: nameOf('a'), at })),
      )
      assert.deepEqual(await timesOf(mirror), [1000])
    })

    test('of 16 markings of a name at once each has a new token, and one stays', async () => {
      const { mirror } = await fresh()
      await mirror.mark(HZ, marked('a'))
      const before = await mirror.marks(HZ, undefined, 10)
      await Promise.all(Array.from({ length: 16 }, (_, i) => mirror.mark(HZ, [{ name: nameOf('a'), at: 2000 + i }])))
      await mirror.unmark(HZ, before, 9_000)
      assert.deepEqual(await timesOf(mirror), [9_000])
    })

    test('hundreds of marks are read page by page, and taken away at once', async () => {
      const { mirror } = await fresh()
      const labels = Array.from({ length: 260 }, (_, i) => `n${i}`)
      await mirror.mark(HZ, marked(...labels))
      assert.deepEqual(await mirror.counts(HZ), { marked: 260, refused: 0 })
      const pages: Mark[][] = []
      for (let page: readonly Mark[] = []; pages.length === 0 || page.length === 100; pages.push([...page])) {
        page = await mirror.marks(HZ, page.at(-1)?.name, 100)
      }
      assert.deepEqual(
        pages.map(({ length }) => length),
        [100, 100, 60],
      )
      assert.deepEqual(namesIn(pages.flat()), labels.map(nameOf).sort())
      await mirror.unmark(HZ, pages.flat(), 9_000)
      assert.deepEqual(await mirror.counts(HZ), { marked: 0, refused: 0 })
    })
  })
}

// ---------------------------------------------------------------------------

async function timesOf(mirror: MirrorStore): Promise<number[]> {
  return (await mirror.marks(HZ, undefined, 10)).map(({ at }) => at)
}

function marked(...labels: string[]): Pick<Mark, 'name' | 'at'>[] {
  return labels.map((label) => ({ name: nameOf(label), at: 1000 }))
}
