import { Console } from 'node:console'
import { appendFile, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Writable } from 'node:stream'

/**
 * Sends what functions write to the console, which is CloudWatch on AWS, to the end of a file. Only functions that are
 * loaded afterwards are heard. Warnings and errors are written, or what POWERTOOLS_LOG_LEVEL asks for.
 */
export function keepFunctionLog(file: string): void {
  mkdirSync(dirname(file), { recursive: true })
  const stream = new Writable({
    write: (chunk, _encoding, done) => appendFile(file, chunk, () => done()), // a full disk costs lines, not the stack
  })
  globalThis.console = new Console(stream)
  process.env.POWERTOOLS_DEV = 'true' // the logger then uses this console
  process.env.POWERTOOLS_LOG_LEVEL ??= 'WARN'
}
