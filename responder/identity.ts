import { hostname } from 'node:os'

/** What tells this node from others: on ECS the id of the task, elsewhere the name of the host. Never rejects. */
export async function nodeIdentity(environment: NodeJS.ProcessEnv): Promise<string> {
  const metadata = environment.ECS_CONTAINER_METADATA_URI_V4
  const candidates = [metadata && (await taskId(metadata)), environment.HOSTNAME, hostOf()]
  return candidates.find(isPlain) ?? 'unknown'
}

// ---------------------------------------------------------------------------

const PATIENCE_MS = 1000

/** The last part of the task's ARN (Amazon ECS task metadata endpoint version 4). */
async function taskId(metadata: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${metadata}/task`, { signal: AbortSignal.timeout(PATIENCE_MS) })
    const { TaskARN } = (await response.json()) as { readonly TaskARN?: unknown }
    return typeof TaskARN === 'string' ? TaskARN.split('/').at(-1) : undefined
  } catch {
    return undefined
  }
}

function hostOf(): string | undefined {
  try {
    return hostname()
  } catch {
    return undefined // it is longer than the system call allows
  }
}

/** It is to be read by people, and must fit into a character-string (RFC 1035 3.3). */
function isPlain(text: string | undefined): text is string {
  return text !== undefined && /^[!-~]{1,255}$/.test(text)
}
