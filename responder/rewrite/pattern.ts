import { type Characters, CODES, type Node, parsePattern } from './pattern-syntax.ts'

/**
 * A regular expression whose matching takes time linear in the text, whatever the pattern and whoever chose the text:
 * RegExp goes back and tries again, which a name made for it can draw out to minutes. Here all ways of matching go on
 * side by side, one place of the program being in each at most once (Thompson's construction, with captures after Pike).
 */
export interface Pattern {
  /** Groups that capture, the whole match counted. */
  readonly groups: number
  /** The whole match and what each group captured, the last time that it did; undefined if nothing matches. */
  match(text: string): readonly string[] | undefined
}

/** Throws an Error that says what is wrong. */
export function compilePattern(text: string): Pattern {
  const { node, groups } = parsePattern(text)
  const program: Instruction[] = []
  emit({ kind: 'group', number: 0, of: node }, program)
  program.push({ kind: 'match' })
  const machine = new Machine(program, 2 * groups)
  return { groups, match: (subject) => machine.run(subject) }
}

// ---------------------------------------------------------------------------

type Instruction =
  | { readonly kind: 'one'; readonly of: Characters }
  | { readonly kind: 'start' | 'end' | 'match' }
  | { readonly kind: 'save'; readonly slot: number }
  /** Goes on at both places; what comes of the first is preferred. */
  | { readonly kind: 'split'; first: number; second: number }

/** What bounds the time for a name: so many steps for each of its characters. */
const MAX_PROGRAM = 500

function emit(node: Node, program: Instruction[]): void {
  if (program.length > MAX_PROGRAM)
    throw new Error('the pattern is too large: repetitions count as often as they repeat')
  switch (node.kind) {
    case 'one':
    case 'start':
    case 'end':
      program.push(node)
      return
    case 'sequence':
      for (const each of node.of) emit(each, program)
      return
    case 'group':
      program.push({ kind: 'save', slot: 2 * node.number })
      emit(node.of, program)
      program.push({ kind: 'save', slot: 2 * node.number + 1 })
      return
    case 'either':
      emitEither(node.of, program)
      return
    case 'repeat':
      if (isNothing(node.of)) return
      for (let i = 0; i < node.least; i++) emit(node.of, program)
      if (node.most === Number.POSITIVE_INFINITY) emitLoop(node, program)
      else for (let i = node.least; i < node.most; i++) emitOptional(node, program)
  }
}

/** True if no instruction comes of it, so that nothing would bound its repetitions. */
function isNothing(node: Node): boolean {
  if (node.kind === 'repeat') return node.most === 0 || isNothing(node.of)
  return node.kind === 'sequence' && node.of.every(isNothing)
}

function emitEither([first, ...others]: readonly Node[], program: Instruction[]): void {
  if (first === undefined) return
  if (others.length === 0) {
    emit(first, program)
    return
  }
  const split = fork(program, false)
  emit(first, program)
  const jump = fork(program, false)
  split.end()
  emitEither(others, program)
  jump.end(true)
}

type Repeat = Extract<Node, { kind: 'repeat' }>

function emitLoop({ of, lazy }: Repeat, program: Instruction[]): void {
  const start = program.length
  const split = fork(program, lazy)
  emit(of, program)
  program.push({ kind: 'split', first: start, second: start })
  split.end()
}

function emitOptional({ of, lazy }: Repeat, program: Instruction[]): void {
  const split = fork(program, lazy)
  emit(of, program)
  split.end()
}

/** A split whose one way is the next instruction, and whose other is where `end` is called; `end(true)`: both are there. */
function fork(program: Instruction[], otherFirst: boolean): { end(both?: boolean): void } {
  const split = { kind: 'split' as const, first: program.length + 1, second: program.length + 1 }
  program.push(split)
  return {
    end(both = false) {
      if (both || otherFirst) split.first = program.length
      if (both || !otherFirst) split.second = program.length
    },
  }
}

/** The places that are reached at one character, the preferred ones first, with what was captured on the way. */
class Places {
  readonly at: Int32Array
  readonly captured: Int32Array
  count = 0

  constructor(size: number, slots: number) {
    this.at = new Int32Array(size)
    this.captured = new Int32Array(size * slots)
  }

  add(place: number, captured: Int32Array): void {
    const start = this.count * captured.length
    for (let slot = 0; slot < captured.length; slot++) this.captured[start + slot] = captured[slot] as number
    this.at[this.count++] = place
  }
}

class Machine {
  readonly #program: readonly Instruction[]
  readonly #slots: number
  #now: Places
  #next: Places
  /** The step in which a place was reached last. */
  readonly #reached: Float64Array
  #step = 0
  readonly #captured: Int32Array
  /** All ways begin with ^. */
  readonly #atStart: boolean
  #length = 0

  constructor(program: readonly Instruction[], slots: number) {
    this.#program = program
    this.#slots = slots
    this.#now = new Places(program.length, slots)
    this.#next = new Places(program.length, slots)
    this.#reached = new Float64Array(program.length)
    this.#captured = new Int32Array(slots)
    this.#atStart = program[1]?.kind === 'start' // behind the save of the whole match
  }

  run(text: string): readonly string[] | undefined {
    let found: Int32Array | undefined
    this.#length = text.length
    this.#now.count = 0
    this.#step++
    for (let at = 0; at <= text.length; at++) {
      if (found === undefined) {
        this.#captured.fill(-1)
        this.#reach(this.#now, 0, at) // a match may begin here, but one that began before is preferred
      }
      this.#step++
      this.#next.count = 0
      found = this.#advance(text.charCodeAt(at), at + 1) ?? found
      const now = this.#now
      this.#now = this.#next
      this.#next = now
      if (this.#now.count === 0 && (found !== undefined || this.#atStart)) break
    }
    return found && Array.from({ length: this.#slots / 2 }, (_, i) => captureIn(text, found, i))
  }

  /** Takes all places one character on. Gives what a match captured, which ends all that is less preferred. */
  #advance(code: number, at: number): Int32Array | undefined {
    const { at: places, captured, count } = this.#now
    const slots = this.#slots
    for (let i = 0; i < count; i++) {
      const place = places[i] as number
      const instruction = this.#program[place] as Instruction
      const start = i * slots
      if (instruction.kind === 'match') return captured.slice(start, start + slots)
      if (instruction.kind !== 'one' || !(code < CODES) || instruction.of[code] !== 1) continue
      for (let slot = 0; slot < slots; slot++) this.#captured[slot] = captured[start + slot] as number
      this.#reach(this.#next, place + 1, at)
    }
    return undefined
  }

  /** Adds the place, or those that it leads to without a character. */
  #reach(places: Places, place: number, at: number): void {
    if (this.#reached[place] === this.#step) return
    this.#reached[place] = this.#step
    const instruction = this.#program[place] as Instruction
    switch (instruction.kind) {
      case 'split':
        this.#reach(places, instruction.first, at)
        this.#reach(places, instruction.second, at)
        return
      case 'save': {
        const before = this.#captured[instruction.slot] as number
        this.#captured[instruction.slot] = at
        this.#reach(places, place + 1, at)
        this.#captured[instruction.slot] = before
        return
      }
      case 'start':
        if (at === 0) this.#reach(places, place + 1, at)
        return
      case 'end':
        if (at === this.#length) this.#reach(places, place + 1, at)
        return
      default:
        places.add(place, this.#captured)
    }
  }
}

function captureIn(text: string, captured: Int32Array, group: number): string {
  const [start, end] = [captured[2 * group] as number, captured[2 * group + 1] as number]
  return start === -1 || end === -1 ? '' : text.slice(start, end)
}
