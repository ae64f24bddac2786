import type { Principal } from '../shared/access/model.ts'
import { PrincipalError, parsePrincipal } from '../shared/access/principal.ts'
import { readChoice } from './setting-values.ts'
import { repeated, SettingsError } from './settings-error.ts'

export type Auth = (typeof AUTH)[number]

const AUTH = ['iam', 'iam+tokens'] as const

export function readAuth(given: unknown): Auth {
  return readChoice('auth', given, AUTH)
}

/** A list of ARNs of IAM users, roles and whole accounts; `-c admins=ARN ARN` on the command line gives it as one text. */
export function readAdmins(given: unknown = []): readonly Principal[] {
  const texts = typeof given === 'string' ? given.split(/\s+/).filter((text) => text !== '') : given
  if (!Array.isArray(texts)) {
    throw new SettingsError(
      `admins must be a list of ARNs such as ["arn:aws:iam::123456789012:role/Operator"], it is ${JSON.stringify(given)}`,
    )
  }
  if (texts.length > MAX_ADMINS) {
    throw new SettingsError(`admins has ${texts.length} ARNs, at most ${MAX_ADMINS} fit where functions find them`)
  }
  const admins = texts.map(readAdmin)
  const twice = repeated(admins)
  if (twice) throw new SettingsError(`admins names ${twice.slice('iam:'.length)} twice`)
  return admins
}

// ---------------------------------------------------------------------------

const MAX_ADMINS = 20 // the environment of a function takes 4 KB

function readAdmin(text: unknown): Principal {
  const [, account] = /^(arn:[^:]+:iam::\d{12}):root$/.exec(String(text)) ?? []
  if (account !== undefined) {
    throw new SettingsError(
      `admins holds ${JSON.stringify(text)}, which is one user; the whole account is ${account}:*`,
    )
  }
  try {
    return parsePrincipal(`iam:${String(text)}`)
  } catch (error) {
    if (!(error instanceof PrincipalError)) throw error
    throw new SettingsError(
      `admins holds ${JSON.stringify(text)}: it must be the ARN of an IAM user or role, or arn:aws:iam::ACCOUNT:* for a whole account`,
    )
  }
}
