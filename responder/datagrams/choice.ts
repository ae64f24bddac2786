import { type Libc, loadLibc } from './libc.ts'

/**
 * What serves UDP in batches; undefined where Node's own sockets serve it: if NAMESTREAM_UDP=node says so, or there is no koffi
 * or no Linux. That is told. Rejects if the variable says something else.
 */
export async function udpInBatches(
  { NAMESTREAM_UDP }: NodeJS.ProcessEnv,
  tell: (line: string) => void,
): Promise<Libc | undefined> {
  const choice = NAMESTREAM_UDP || 'native'
  if (choice !== 'native' && choice !== 'node')
    throw new Error(`NAMESTREAM_UDP: "${choice}" is neither native nor node`)
  const found = choice === 'node' ? 'NAMESTREAM_UDP=node' : await loadLibc().catch(reason)
  if (typeof found !== 'string') return found
  tell(`${found}: UDP is served by Node's own sockets`)
  return undefined
}

// ---------------------------------------------------------------------------

function reason({ code, message }: NodeJS.ErrnoException): string {
  return code === 'ERR_MODULE_NOT_FOUND' ? 'koffi is not there' : (message.split('\n', 1)[0] ?? '')
}
