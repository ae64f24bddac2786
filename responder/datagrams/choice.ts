import { type Libc, loadLibc } from './libc.ts'

/**
 * What serves UDP in batches, or why Node's own sockets do it: NAMESTREAM_UDP=node says so, or there is no koffi or no Linux.
 * Rejects if the variable says something else.
 */
export async function udpInBatches({ NAMESTREAM_UDP }: NodeJS.ProcessEnv): Promise<Libc | string> {
  const choice = NAMESTREAM_UDP || 'native'
  if (choice !== 'native' && choice !== 'node')
    throw new Error(`NAMESTREAM_UDP: "${choice}" is neither native nor node`)
  return choice === 'node' ? 'NAMESTREAM_UDP=node' : loadLibc().catch(reason)
}

// ---------------------------------------------------------------------------

function reason({ code, message }: NodeJS.ErrnoException): string {
  return code === 'ERR_MODULE_NOT_FOUND' ? 'koffi is not there' : (message.split('\n', 1)[0] ?? '')
}
