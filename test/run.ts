import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startDynamoDb } from '../local/dynamodb.ts'
import { findJava } from '../local/java.ts'

// npm test -- [--interop] [FILE...]: the tests on one DynamoDB Local in memory; without files all but the interop suite.

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const args = process.argv.slice(2)
const interop = args.includes('--interop')
const chosen = args.filter((arg) => arg !== '--interop')
const files = chosen.length > 0 ? chosen : testFiles()

if (chosen.length === 0 && !interop)
  say('skipped: test/interop (dig, kdig, drill, nslookup, curl, chromium); npm test -- --interop runs it too')
if (!process.env.CONFORMANCE_DATA)
  say('skipped: the recorded answers of other name servers; CONFORMANCE_DATA must name them')

try {
  const java = await findJava(join(ROOT, '.namestream'), say)
  const dynamoDb = await startDynamoDb({ java })
  const code = await run(dynamoDb.endpoint)
  await dynamoDb.stop()
  process.exit(code)
} catch (error) {
  say((error as Error).message)
  process.exit(1)
}

// ---------------------------------------------------------------------------

/** Runs the files two at a time; gives the exit code. A signal ends the runner, and so this. */
function run(endpoint: string): Promise<number> {
  const runner = spawn(process.execPath, ['--test', '--test-concurrency=2', '--test-timeout=180000', ...files], {
    stdio: 'inherit',
    env: { ...process.env, NAMESTREAM_TEST_DYNAMODB: endpoint },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => runner.kill('SIGTERM'))
  process.on('disconnect', () => runner.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    runner.on('error', reject)
    runner.on('exit', (code) => resolve(code ?? 1))
  })
}

/** The slow ones first, so that they do not end alone. */
function testFiles(): string[] {
  const found = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  const tests = found.filter((path) => path.endsWith('.test.ts') && (interop || !path.startsWith('interop')))
  const slowFirst = tests.sort((a, b) => Number(isSlow(b)) - Number(isSlow(a)) || a.localeCompare(b))
  return slowFirst.map((path) => join(ROOT, 'test', path))
}

function isSlow(path: string): boolean {
  return path.startsWith('e2e') || path.startsWith('interop')
}

function say(line: string): void {
  process.stderr.write(`npm test: ${line}\n`)
}
