import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { hasTool } from '../machine.ts'

/** A test that needs programs of the machine: without one skipped, or failed where NAMESTREAM_REQUIRE_TOOLS=1 asks for it. */
export function testWith(tools: readonly string[], title: string, body: () => Promise<void>): void {
  test(`${tools.join(', ')}: ${title}`, async (t) => {
    const absent = tools.filter((tool) => !hasTool(tool))
    if (absent.length === 0) return body()
    const missing = `not installed: ${absent.join(', ')}`
    if (process.env.NAMESTREAM_REQUIRE_TOOLS === '1') throw new Error(missing)
    t.skip(missing)
  })
}

/** What a command writes to standard output; rejects if it fails, unless that is expected. */
export async function output(command: string, args: readonly string[], expectedCode = 0): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text) => {
      said[name] += text
    })
  }
  const [code] = await once(child, 'close')
  if (code !== expectedCode)
    throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${said.stdout}${said.stderr}`)
  return said.stdout
}
