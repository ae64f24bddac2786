import { readFile } from 'node:fs/promises'
import type { Credentials } from './model.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Credentials that are valid now; undefined where there are none. Rejects if they cannot be got. */
export type CredentialSource = () => Promise<Credentials | undefined>

export interface SourceParts {
  readonly environment: Environment
  readonly fetch: typeof fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * The credentials of the environment as AWS puts them there: in variables (Lambda, a shell), or behind the endpoint of an
 * ECS task or an EKS pod, whose credentials are kept until five minutes before they expire.
 */
export function environmentCredentials({ environment, fetch, now }: SourceParts): CredentialSource {
  let kept: Expiring | undefined
  let asking: Promise<Expiring> | undefined // by whoever came first: the others wait for the same answer
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment
    if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY)
      return checked({
        accessKeyId: AWS_ACCESS_KEY_ID,
        secretAccessKey: AWS_SECRET_ACCESS_KEY,
        ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
      })
    if (!environment[RELATIVE] && !environment[FULL]) return undefined
    if (kept && now() < kept.expires - EARLY_MS) return kept
    asking ??= askContainer(environment, fetch).finally(() => {
      asking = undefined
    })
    try {
      kept = await asking
    } catch (error) {
      if (!kept || now() >= kept.expires) throw error // else they are good for some minutes yet
    }
    return kept
  }
}

/** Throws an Error, which does not show them, for what no header can carry. */
export function checked<T extends Credentials>(credentials: T): T {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  for (const [name, value] of Object.entries({ accessKeyId, secretAccessKey, sessionToken }))
    if (value !== undefined && !VISIBLE.test(value)) throw new Error(`the credentials have no proper ${name}`)
  return credentials
}

/** What a secret consists of that goes into a header: a line feed would have it shown in an error message. */
export const VISIBLE = /^[\x21-\x7e]+$/

// ---------------------------------------------------------------------------

type Expiring = Credentials & { /** Milliseconds since the epoch. */ readonly expires: number }

const RELATIVE = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'
const FULL = 'AWS_CONTAINER_CREDENTIALS_FULL_URI'
const EARLY_MS = 5 * 60_000
const ASK_MS = 2_000
const ECS = 'http://169.254.170.2'

/** This machine, ECS and EKS: to nobody else is the authorization token shown (AWS SDKs Reference Guide, "Container credential provider"). */
const TRUSTED = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|169\.254\.170\.2|169\.254\.170\.23|\[fd00:ec2::23\])$/

async function askContainer(environment: Environment, fetch: SourceParts['fetch']): Promise<Expiring> {
  const url = endpointOf(environment)
  const authorization = await authorizationOf(environment)
  let text: string
  try {
    const response = await fetch(url, {
      headers: authorization ? { authorization } : {},
      redirect: 'error',
      signal: AbortSignal.timeout(ASK_MS),
    })
    if (response.status !== 200) throw new Error(`status ${response.status}`)
    text = await response.text()
  } catch (cause) {
    throw new Error('the endpoint of the container gave no credentials', { cause })
  }
  return expiring(text)
}

function endpointOf(environment: Environment): URL {
  const text = environment[RELATIVE] ? `${ECS}${environment[RELATIVE]}` : (environment[FULL] ?? '')
  if (!URL.canParse(text)) throw new Error(`${FULL} is no URL`)
  const url = new URL(text)
  if (!TRUSTED.test(url.hostname) || url.username || url.password)
    throw new Error('the credentials of a container are asked for on this machine, ECS or EKS only')
  return url
}

async function authorizationOf(environment: Environment): Promise<string | undefined> {
  const file = environment.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
  const token = file ? (await readFile(file, 'utf8')).trim() : environment.AWS_CONTAINER_AUTHORIZATION_TOKEN
  if (token && /[^\x20-\x7e]/.test(token))
    throw new Error('the authorization token of the container is no header value')
  return token
}

function expiring(text: string): Expiring {
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = parsed(text)
  if (!AccessKeyId || !SecretAccessKey) throw new Error('the endpoint of the container answered without credentials')
  const expires = Date.parse(Expiration ?? '')
  return checked({
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(Token && { sessionToken: Token }),
    expires: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires,
  })
}

/** The error of JSON.parse would show some of the text. */
function parsed(text: string): Readonly<Record<string, string | undefined>> {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
