/** What the process, with all its threads, has taken of the machine so far. */
export interface Usage {
  readonly cpuSeconds: number
  readonly residentOctets: number
}

export function readUsage(): Usage {
  const { user, system } = process.cpuUsage()
  return { cpuSeconds: (user + system) / 1e6, residentOctets: process.memoryUsage.rss() }
}
