import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { Account, isMutation, type Mutation } from './account.ts'

/** The account on disk: one mutation a line, in the order in which they were accepted. */
export interface Journal {
  readonly account: Account
  /** Writes a mutation down, then carries it out: what was accepted outlives this process, however it ends. */
  commit(mutation: Mutation): void
  close(): void
}

/** An account that is forgotten at the end. */
export function memoryJournal(): Journal {
  const account = new Account()
  return { account, commit: (mutation) => account.apply(mutation), close() {} }
}

/**
 * Reads the account from a file, made if missing, and writes the file anew in its shortest form. A last line that was
 * not written to its end was never acknowledged and is left out. Throws an Error of one line if that is not possible.
 */
export function openJournal(file: string): Journal {
  const account = told(file, () => readAccount(file))
  const { fd, length } = told(file, () => rewrite(file, account))
  let end = length
  return {
    account,
    commit(mutation) {
      const line = lineOf(mutation)
      try {
        writeAll(fd, line, end)
      } catch (error) {
        ftruncateSync(fd, end) // half a line would spoil the next one
        throw error
      }
      end += line.length
      account.apply(mutation)
    },
    close: () => closeSync(fd),
  }
}

// ---------------------------------------------------------------------------

function readAccount(file: string): Account {
  const account = new Account()
  if (!existsSync(file)) return account
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1) // behind the last line feed is nothing, or a torn line
  for (const [index, line] of lines.entries()) account.apply(parsed(line, index + 1))
  return account
}

function parsed(line: string, number: number): Mutation {
  try {
    const mutation: unknown = JSON.parse(line)
    if (isMutation(mutation)) return mutation
  } catch {
    // told below
  }
  throw new Error(`line ${number} is not a line of this journal`)
}

/** Under another name first, so that there is a whole file at any time. */
function rewrite(file: string, account: Account): { fd: number; length: number } {
  const fd = openSync(`${file}.new`, 'w')
  let length = 0
  for (const mutation of account.history()) {
    const line = lineOf(mutation)
    writeAll(fd, line, length)
    length += line.length
  }
  renameSync(`${file}.new`, file)
  return { fd, length }
}

function lineOf(mutation: Mutation): Buffer {
  return Buffer.from(`${JSON.stringify(mutation)}\n`)
}

function writeAll(fd: number, line: Buffer, position: number): void {
  for (let written = 0; written < line.length; ) {
    written += writeSync(fd, line, written, line.length - written, position + written)
  }
}

function told<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new Error(`cannot use ${file} for hosted zones: ${(error as Error).message}`, { cause: error })
  }
}
