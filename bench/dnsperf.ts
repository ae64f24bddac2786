import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'

/** What one run of dnsperf measured. Latencies in milliseconds. */
export interface DnsperfRun {
  readonly sent: number
  readonly completed: number
  readonly lost: number
  readonly qps: number
  readonly averageMs: number
  readonly maximumMs: number
}

export type DnsperfMode = 'udp' | 'tcp' | 'dot'

export interface DnsperfOptions {
  readonly port: number
  /** UDP if it is not given. */
  readonly mode?: DnsperfMode
  /** File of `name type` lines. */
  readonly queries: string
  readonly clients: number
  /** It ends then, whatever else it waits for. */
  readonly seconds: number
  /** It ends when it has been through the file so many times. */
  readonly passes?: number
  /** Questions under way at most, of all clients together. */
  readonly outstanding?: number
  /** Questions a second, at most. */
  readonly rate?: number
  /** What may come of a question; NOERROR if it is not given. */
  readonly rcodes?: readonly string[]
  readonly cpu: number
}

/** Loads a server on 127.0.0.1 with dnsperf, pinned to one CPU. Rejects if dnsperf fails or any answer has another rcode. */
export async function dnsperf(options: DnsperfOptions): Promise<DnsperfRun> {
  return runOf(await output('taskset', argumentsOf(options)), options)
}

/** The same, with the latencies of all answers in milliseconds, which go through `file`: dnsperf is not to wait for a reader. */
export async function dnsperfLatencies(options: DnsperfOptions, file: string): Promise<DnsperfRun & Latencies> {
  const into = openSync(file, 'w')
  try {
    await output('taskset', [...argumentsOf(options), '-v'], into)
    const text = readFileSync(file, 'latin1')
    const latencies = Float64Array.from(text.matchAll(/^> .* ([\d.]+)$/gm), ([, seconds]) => Number(seconds) * 1000)
    return { ...runOf(text, options), latencies: latencies.sort() }
  } finally {
    closeSync(into)
    rmSync(file)
  }
}

/** In rising order. */
export interface Latencies {
  readonly latencies: Float64Array
}

// ---------------------------------------------------------------------------

function argumentsOf(options: DnsperfOptions): string[] {
  const { port, mode = 'udp', queries, clients, seconds, passes, outstanding, rate, cpu } = options
  const fixed = ['-c', String(cpu), 'dnsperf', '-s', '127.0.0.1', '-T', '1', '-m', mode, '-p', String(port)]
  const option = (letter: string, value: number | undefined) => (value === undefined ? [] : [letter, String(value)])
  const bounds = [...option('-n', passes), ...option('-q', outstanding), ...option('-Q', rate)]
  return [...fixed, '-d', queries, '-c', String(clients), '-l', String(seconds), ...bounds]
}

function runOf(text: string, { rcodes = ['NOERROR'] }: DnsperfOptions): DnsperfRun {
  const codes = text.match(/Response codes:\s+(.*)/)?.[1] ?? ''
  const came = Array.from(codes.matchAll(/(\w+) \d+ \(/g), ([, rcode = '']) => rcode)
  if (came.length === 0 || came.some((rcode) => !rcodes.includes(rcode)))
    throw new Error(`dnsperf: unexpected response codes: ${codes}`)
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1])
  return {
    sent: number(/Queries sent:\s+(\d+)/),
    completed: number(/Queries completed:\s+(\d+)/),
    lost: number(/Queries lost:\s+(\d+)/),
    qps: number(/Queries per second:\s+([\d.]+)/),
    averageMs: number(/Average Latency \(s\):\s+([\d.]+)/) * 1000,
    maximumMs: number(/Average Latency.*max ([\d.]+)/) * 1000,
  }
}

/** What a command prints, unless that goes into a file. */
async function output(command: string, args: readonly string[], into: number | 'pipe' = 'pipe'): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', into, 'pipe'] })
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk) => {
    out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    err += chunk
  })
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${err.trim()}`)
  return out
}
