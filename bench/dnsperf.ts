import { spawn } from 'node:child_process'

/** What one run of dnsperf measured. Latencies in milliseconds. */
export interface DnsperfRun {
  readonly sent: number
  readonly completed: number
  readonly lost: number
  readonly qps: number
  readonly averageMs: number
  readonly maximumMs: number
}

export interface DnsperfOptions {
  readonly port: number
  readonly transport: 'udp' | 'tcp'
  /** File of `name type` lines. */
  readonly queries: string
  readonly clients: number
  readonly seconds: number
  readonly cpu: number
}

/** Loads a server on 127.0.0.1 with dnsperf, pinned to one CPU. Rejects if dnsperf fails or any answer is not NOERROR. */
export async function dnsperf(options: DnsperfOptions): Promise<DnsperfRun> {
  const { port, transport, queries, clients, seconds, cpu } = options
  const fixed = ['-c', String(cpu), 'dnsperf', '-s', '127.0.0.1', '-T', '1', '-p', String(port), '-m', transport]
  const text = await output('taskset', [...fixed, '-d', queries, '-c', String(clients), '-l', String(seconds)])
  const codes = text.match(/Response codes:\s+(.*)/)?.[1] ?? ''
  if (!/^NOERROR \d+ \(100\.00%\)$/.test(codes.trim())) throw new Error(`dnsperf: unexpected response codes: ${codes}`)
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

// ---------------------------------------------------------------------------

async function output(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${err.trim()}`)
  return out
}
