import { emfLine, type Reading } from './emf.ts'

export interface ReportsOptions {
  readonly intervalMs: number
  readonly write: (line: string) => void
}

/** Writes a line of metrics at each interval, and a last one when it is ended, so that nothing counted goes missing. */
export function startReports(read: () => Reading, { intervalMs, write }: ReportsOptions): () => void {
  let before = read()
  const report = () => {
    const now = read()
    write(emfLine(before, now))
    before = now
  }
  const timer = setInterval(report, intervalMs)
  timer.unref()
  return () => {
    clearInterval(timer)
    report()
  }
}
