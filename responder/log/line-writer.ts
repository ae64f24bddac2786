import { constants, fstatSync, openSync, write } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Writes lines in the order in which they come, and never waits in this thread for who reads them. */
export interface LineWriter {
  /** Takes whole lines; `written` is called once they are out, or lost. */
  write(lines: string, written: () => void): void
  /** Resolves when all is written, or after half a second. */
  end(): Promise<void>
}

/** Node itself writes to a pipe and waits meanwhile, and all that the thread has to do would wait for a reader that does not read. */
export function lineWriter(fd: number): LineWriter {
  const to = isPipe(fd) ? unblocked(fd) : fd
  const queue: (readonly [lines: string, written: () => void])[] = []
  let writing = Promise.resolve()

  async function proceed(): Promise<void> {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const [lines, written] = next
      for (const chunk of chunks(lines)) if (!(await writeChunk(to, chunk))) break
      queue.shift()
      written()
    }
  }

  return {
    write(lines, written) {
      if (queue.push([lines, written]) === 1) writing = proceed()
    },
    end: () => Promise.race([writing, sleep(END_MS)]),
  }
}

// ---------------------------------------------------------------------------

const END_MS = 500
const PAUSE_MS = 20
/** Octets that are written to a pipe as a whole or not at all, so that lines of other threads do not come between (POSIX, PIPE_BUF). */
const PIPE_BUF = 4096

function isPipe(fd: number): boolean {
  return process.platform === 'linux' && fstatSync(fd).isFIFO()
}

/** The same pipe, opened again for this alone: a thread that waits in a write would keep the process from ending. */
function unblocked(fd: number): number {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch {
    return fd // of another user
  }
}

function* chunks(lines: string): Generator<Buffer> {
  const octets = Buffer.from(lines)
  for (let start = 0; start < octets.length; ) {
    const last = octets.lastIndexOf('\n', start + PIPE_BUF - 1) + 1
    const end = octets.length - start <= PIPE_BUF ? octets.length : last > start ? last : start + PIPE_BUF
    yield octets.subarray(start, end)
    start = end
  }
}

/** False if nobody reads any more. */
async function writeChunk(fd: number, chunk: Buffer): Promise<boolean> {
  for (let at = 0; at < chunk.length; ) {
    const outcome = await new Promise<number | NodeJS.ErrnoException>((resolve) => {
      write(fd, chunk, at, (error, written) => resolve(error ?? written))
    })
    if (typeof outcome === 'number') at += outcome
    else if (outcome.code === 'EAGAIN') await sleep(PAUSE_MS)
    else return false
  }
  return true
}
