import { CHILDREN, GONE } from './entry.ts'
import { PAGE, type TableMemory } from './memory.ts'

/**
 * Hands out the memory behind the first page. A page holds cells of one size; what is larger than half a page gets pages
 * of its own. A page without entries is free for any size again. Known to the writer only.
 */
export class Arena {
  readonly #memory: TableMemory
  /** By number of the page; the first is not ours. */
  readonly #pages: Page[] = [{ cell: 1, used: 1, spent: 1, free: 0, listed: false }]
  /** By size of the cell, pages that have room for more. */
  readonly #roomy = new Map<number, number[]>()
  #freePages = 0
  #wasted = 0

  constructor(memory: TableMemory) {
    this.#memory = memory
  }

  /** Words that belong to cells which hold nothing, in pages that hold something. */
  get wasted(): number {
    return this.#wasted
  }

  /** Words handed out or wasted. */
  get taken(): number {
    return (this.#pages.length - 1 - this.#freePages) * PAGE
  }

  /**
   * Sees to it that there are pages for so many words, and for as many small cells as one change takes. Throws a RangeError
   * if there is no room left: so that this is known before anything has changed.
   */
  reserve(words: number): void {
    const pages = Math.ceil(words / PAGE) + RESERVE
    const room = this.#freePages + this.#memory.words.length / PAGE - this.#pages.length
    if (room < pages) this.#memory.grow(Math.max(pages - room, GROWTH))
  }

  /** The place of so many words, which hold anything. Throws a RangeError if there is no room left. */
  take(words: number): number {
    const cell = cellOf(words)
    if (cell > PAGE / 2) return this.#takePages(Math.ceil(words / PAGE)) * PAGE
    const number = this.#roomyOf(cell).at(-1) ?? this.#open(cell)
    return this.#takeCell(number, this.#pages[number] as Page)
  }

  /** Takes back what was handed out for so many words. */
  give(place: number, words: number): void {
    const cell = cellOf(words)
    const number = Math.floor(place / PAGE)
    if (cell > PAGE / 2) {
      this.#givePages(number, Math.ceil(words / PAGE))
      return
    }
    const page = this.#pages[number] as Page
    const memory = this.#memory.words
    memory[place] = page.free
    memory[place + CHILDREN] = GONE
    page.free = place
    page.used--
    this.#wasted += cell
    if (page.used === 0) this.#close(number, page)
    else this.#list(number, page)
  }

  /**
   * The entries of a page that holds few, all of which find room in other pages of their kind; it gets no more from now on.
   * Undefined if there is no such page.
   */
  evacuate(): Generator<number> | undefined {
    const number = this.#sparsest()
    if (number === 0) return undefined
    const page = this.#pages[number] as Page
    this.#unlist(number, page)
    page.evacuated = true
    return this.#entriesOf(number, page)
  }

  *#entriesOf(number: number, page: Page): Generator<number> {
    const { cell, spent } = page
    const start = number * PAGE
    for (let at = start; at < start + spent && this.#pages[number] === page; at += cell) {
      if (this.#memory.words[at + CHILDREN] !== GONE) yield at
    }
  }

  #sparsest(): number {
    const room = new Map<number, number>() // cells, by their size
    const candidates = this.#pages.map((page, number) => ({ page, number })).filter(({ page }) => hasCells(page))
    for (const { page } of candidates) room.set(page.cell, (room.get(page.cell) ?? 0) + roomIn(page))
    let least = 1
    let found = 0
    for (const { page, number } of candidates) {
      const share = page.used / (page.used + roomIn(page))
      const others = (room.get(page.cell) as number) - roomIn(page)
      if (share < least && page.used <= others) [found, least] = [number, share]
    }
    return found
  }

  #roomyOf(cell: number): number[] {
    let roomy = this.#roomy.get(cell)
    if (roomy === undefined) {
      roomy = []
      this.#roomy.set(cell, roomy)
    }
    return roomy
  }

  #takeCell(number: number, page: Page): number {
    const { cell } = page
    let place = page.free
    if (place === 0) {
      place = number * PAGE + page.spent
      page.spent += cell
    } else {
      page.free = this.#memory.words[place] as number
    }
    page.used++
    this.#wasted -= cell
    if (page.free === 0 && page.spent + cell > PAGE) this.#unlist(number, page)
    return place
  }

  #list(number: number, page: Page): void {
    if (page.listed || page.evacuated) return
    page.listed = true
    this.#roomyOf(page.cell).push(number)
  }

  #unlist(number: number, page: Page): void {
    if (!page.listed) return
    page.listed = false
    const roomy = this.#roomyOf(page.cell)
    roomy.splice(roomy.lastIndexOf(number), 1)
  }

  #open(cell: number): number {
    const number = this.#takePages(1)
    const page: Page = { cell, used: 0, spent: 0, free: 0, listed: false }
    this.#pages[number] = page
    this.#wasted += Math.floor(PAGE / cell) * cell
    this.#list(number, page)
    return number
  }

  #close(number: number, page: Page): void {
    this.#unlist(number, page)
    this.#wasted -= Math.floor(PAGE / page.cell) * page.cell
    this.#givePages(number, 1)
  }

  /** The number of the first of so many pages side by side. */
  #takePages(count: number): number {
    let first = this.#freeRun(count)
    if (first === 0) {
      first = this.#pages.length
      while (first > 1 && (this.#pages[first - 1] as Page).cell === 0) first--
      const more = first + count - this.#pages.length
      const room = this.#memory.words.length / PAGE - this.#pages.length
      if (room < more) this.#memory.grow(Math.max(more - room, GROWTH))
      for (let i = 0; i < more; i++) this.#pages.push(FREE)
      this.#freePages += more
    }
    this.#pages.fill(LARGE, first, first + count)
    this.#freePages -= count
    return first
  }

  #givePages(first: number, count: number): void {
    this.#pages.fill(FREE, first, first + count)
    this.#freePages += count
  }

  #freeRun(count: number): number {
    if (this.#freePages < count) return 0
    let run = 0
    for (let i = 1; i < this.#pages.length; i++) {
      run = (this.#pages[i] as Page).cell === 0 ? run + 1 : 0
      if (run === count) return i - count + 1
    }
    return 0
  }
}

// ---------------------------------------------------------------------------

const GROWTH = 64 // pages, 4 MiB: what is not written to takes nothing
/** Pages: the names above a name, and itself without RRsets, take cells of 32 sizes at most. */
const RESERVE = 40

interface Page {
  /** Words of each cell; 0 in a free page, more than half a page in one that has no cells. */
  readonly cell: number
  /** Cells that hold something. */
  used: number
  /** Words from the beginning of the page that were handed out once. */
  spent: number
  /** The first of the cells that were given back, each of which says where the next is; 0 is none. */
  free: number
  /** It stands in the list of pages that have room. */
  listed: boolean
  /** It gets no more, so that it will be free when what it holds has moved. */
  evacuated?: true
}

function hasCells({ cell, evacuated }: Page): boolean {
  return cell > 1 && cell <= PAGE / 2 && !evacuated
}

/** Cells of a page that hold nothing. */
function roomIn({ cell, used }: Page): number {
  return Math.floor(PAGE / cell) - used
}

const FREE: Page = { cell: 0, used: 0, spent: 0, free: 0, listed: false }
const LARGE: Page = { cell: PAGE, used: 1, spent: PAGE, free: 0, listed: false }

/** Sizes of cells: even numbers of words, and from 128 on eight between a power of two and the next. */
function cellOf(words: number): number {
  const step = words <= 128 ? 2 : 1 << (28 - Math.clz32(words - 1))
  return Math.ceil(words / step) * step
}
