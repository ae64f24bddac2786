import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface DynamoDbOptions {
  /** The Java runtime, version 11 or later. */
  readonly java: string
  /** Folder of the database file, made if missing; absent: in memory. */
  readonly data?: string
  /** Absent: any free port. */
  readonly port?: number
}

export interface DynamoDb {
  readonly endpoint: string
  readonly pid: number
  /** Resolves when the process is gone, by `stop` or by itself. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/**
 * Starts AWS's DynamoDB Local on 127.0.0.1 and resolves once it answers requests. It keeps tables and stream records in
 * `data`, and it ends with this process, however this process ends. Throws an Error of one line if it does not start.
 */
export async function startDynamoDb(options: DynamoDbOptions): Promise<DynamoDb> {
  if (options.data !== undefined) mkdirSync(options.data, { recursive: true })
  const child = spawn('/bin/sh', ['-c', LIFELINE, 'sh', options.java, ...javaArguments(options)], {
    detached: true, // Ctrl-C goes to the whole process group; the order of the shutdown is ours
  })
  const complaints = lastErrors(child)
  const ended = new Promise<void>((gone) => child.once('close', () => gone()))
  child.once('exit', () => child.stdin?.end('\n')) // lets the lifeline go without a kill
  child.stdin?.on('error', () => {}) // the lifeline may be gone first
  const stop = async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await ended
    clearTimeout(timer)
  }
  try {
    const endpoint = await printedEndpoint(child, complaints)
    await listTables(endpoint)
    return { endpoint, pid: child.pid as number, ended, stop }
  } catch (cause) {
    await stop()
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`DynamoDB Local did not start: ${rootCause(complaints()) || rootCause(reason)}`, { cause })
  }
}

// ---------------------------------------------------------------------------

const START_MS = 60_000
const STOP_MS = 5_000
const TRACE_MS = 250 // for the rest of the stack trace, which names the cause

/**
 * The shell becomes Java, so its pid is Java's. Beside it a reader holds the other end of our pipe: at end of file
 * without a line (we are gone, even by SIGKILL) it ends Java; after a line it leaves.
 */
const LIFELINE = 'exec 3<&0; { read -r line <&3 || kill $$; } >/dev/null 2>&1 & exec "$@" </dev/null 3<&-'

function javaArguments({ data, port = 0 }: DynamoDbOptions): string[] {
  const emulator = fileURLToPath(new URL('../node_modules/amplify-dynamodb-simulator/emulator/', import.meta.url))
  return [
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1', // half the start-up time
    '-Dorg.eclipse.jetty.util.log.announce=false',
    '-Dorg.eclipse.jetty.LEVEL=WARN',
    `-Djava.library.path=${emulator}DynamoDBLocal_lib`,
    '-classpath',
    `${emulator}DynamoDBLocal.jar`,
    'org.eclipse.jetty.xml.XmlConfiguration',
    fileURLToPath(new URL('./dynamodb.xml', import.meta.url)),
    `port=${port}`,
    `memory=${data === undefined}`,
    ...(data === undefined ? [] : [`data=${resolve(data)}`]),
  ]
}

function printedEndpoint(child: ChildProcess, complaints: () => string): Promise<string> {
  const { promise, resolve: found, reject } = Promise.withResolvers<string>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${START_MS / 1000} s`)), START_MS)
  let printed = ''
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    printed += part
    const endpoint = /^(http:.*?)\/?\n/m.exec(printed)?.[1]
    if (endpoint !== undefined) found(endpoint)
  })
  child.stderr?.on('data', () => {
    if (!complaints().includes('Exception in thread "main"')) return
    setTimeout(() => reject(new Error('Java gave up')), TRACE_MS) // threads already started keep it alive
  })
  child.once('error', reject)
  child.once('close', (code, signal) => reject(new Error(`Java ended with ${code ?? signal}`)))
  return promise.finally(() => clearTimeout(timer))
}

/** The first request opens the database, so an answer to it is what "started" means. */
async function listTables(endpoint: string): Promise<void> {
  const response = await fetch(endpoint, {
    method: 'POST',
    body: '{}',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': 'DynamoDB_20120810.ListTables',
      Authorization:
        'AWS4-HMAC-SHA256 Credential=local/20000101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
    },
    signal: AbortSignal.timeout(START_MS),
  })
  const body = await response.text()
  if (!response.ok) throw new Error(body)
}

/** Keeps the end of what the process writes to stderr, for the error message. */
function lastErrors(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    text = (text + part).slice(-64_000)
  })
  return () => text
}

/** The last cause of a Java stack trace, or its first exception; of other output the last line. */
function rootCause(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const cause = lines.findLast((line) => line.startsWith('Caused by: '))?.slice('Caused by: '.length)
  const exception = lines.find((line) => EXCEPTION.test(line))
  return (cause ?? exception ?? lines.at(-1) ?? '').replace(EXCEPTION, '')
}

const EXCEPTION = /^(?:[\w$]+\.)+\w+(?:Exception|Error): /
