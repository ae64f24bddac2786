import { Console } from 'node:console'
import { appendFile, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Writable } from 'node:stream'

/**
 * Sends what functions write to the console, which is CloudWatch on AWS, to the end of a file, but for what `takes` takes:
 * lines of metrics. Only functions that are loaded afterwards are heard. Warnings and errors are written, or what
 * POWERTOOLS_LOG_LEVEL asks for.
 */
export function keepFunctionLog(file: string, takes: (line: string) => boolean): void {
  mkdirSync(dirname(file), { recursive: true })
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      if (takes(chunk)) done()
      else appendFile(file, chunk, () => done()) // a full disk costs lines, not the stack
    },
  })
  globalThis.console = new Console(stream)
  process.env.POWERTOOLS_DEV = 'true' // logger and metrics then use this console
  process.env.POWERTOOLS_METRICS_DISABLED = 'false' // as else they are with POWERTOOLS_DEV
  process.env.POWERTOOLS_LOG_LEVEL ??= 'WARN'
}
