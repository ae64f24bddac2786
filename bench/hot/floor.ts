import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { freePort, hasTool } from '../../test/machine.ts'
import { ready, startOn, stop } from '../process.ts'
import type { StartServer } from '../servers.ts'

/**
 * What no server can be cheaper than that takes its questions as ours does: a program in C that sends each back as it
 * came, marked as a response. Undefined where there is no C compiler, which is told.
 */
export function buildFloor(folder: string): StartServer | undefined {
  if (!hasTool('cc')) {
    process.stdout.write('\nThere is no C compiler (cc): the floor is not measured, and there are no ratios to it.\n')
    return undefined
  }
  const program = join(folder, 'floor')
  execFileSync('cc', ['-O2', '-o', program, join(import.meta.dirname, 'floor.c')])
  return async (_zone, _folder, cpu) => {
    const port = await freePort()
    const child = startOn(cpu, program, [String(port)])
    await ready(child)
    return { pid: child.pid as number, port, loadSeconds: Number.NaN, stop: () => stop(child) }
  }
}
