import { AwsClient } from 'aws4fetch'
import type { Name } from '../../shared/dns/name.ts'
import { PROBE_LABEL } from '../../shared/probe/name.ts'
import type { Register } from './probe.ts'

export interface RegisterParts {
  /** URL of dynapi. */
  readonly api: string
  readonly zone: Name
  readonly sign: Sign
}

/** Makes a request of what it is to be. */
export type Sign = (url: string, init: RequestInit) => Promise<Request>

/** Registers as any client does, by one PUT over a connection of its own. */
export function createRegister({ api, zone, sign }: RegisterParts): Register {
  return async (address, signal) => {
    const body = JSON.stringify({ zone, name: PROBE_LABEL, type: 'A', address, TTL })
    // One that was kept would have been closed by the time of the next run, as Lambda freezes whoever should hear of it.
    const request = await sign(api, { method: 'PUT', headers: { connection: 'close' }, body })
    const { status, text } = await received(request, signal)
    if (status !== 200 || text !== 'OK')
      throw new Error(`the API answered ${status} ${JSON.stringify(text.slice(0, 200))}`)
  }
}

/** Signs by the role of the function (SigV4), whose credentials Lambda puts into the environment. Without any, signs nothing. */
export function signing(environment: Readonly<Record<string, string | undefined>>): Sign {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION: region } = environment
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return async (url, init) => new Request(url, init)
  const client = new AwsClient({
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    ...(region && { region }),
    service: 'execute-api',
  })
  return (url, init) => client.sign(url, init)
}

// ---------------------------------------------------------------------------

const TTL = 1 // seconds: whoever looks the name up through a cache sees each run

async function received(request: Request, signal: AbortSignal): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(request, { signal, redirect: 'manual' })
    return { status: response.status, text: await response.text() }
  } catch (error) {
    const { message, cause } = error as Error & { readonly cause?: NodeJS.ErrnoException }
    throw new Error(`the API gave no answer: ${cause?.message || cause?.code || message}`, { cause: error })
  }
}
