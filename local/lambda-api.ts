import { functionArn, type LocalFunction } from './lambda.ts'
import { type LambdaReply, lambdaError, listed } from './lambda-reply.ts'

/**
 * The answer to a request that reads of functions what they are (Lambda API reference, "ListFunctions", "ListTags" and so
 * on), in pages as there; undefined if it is another request. A function is named by its name or ARN.
 */
export function functionsReply(
  method: string,
  url: string,
  functions: ReadonlyMap<string, LocalFunction>,
): LambdaReply | undefined {
  const { pathname, searchParams } = new URL(url, 'http://lambda')
  const found = OPERATIONS.flatMap(({ path, ...operation }) => {
    const match = method === 'GET' ? path.exec(pathname) : null
    return match === null ? [] : [{ ...operation, named: match[1] }]
  })[0]
  if (found === undefined) return undefined
  const page = pageOf(searchParams)
  if (page === undefined) return lambdaError('InvalidParameterValueException', 'Marker or MaxItems is not valid')
  if (found.named === undefined) return found.answer([...functions.values()], page)
  const name = nameOf(found.named)
  const fn = functions.get(name)
  if (fn === undefined) return lambdaError('ResourceNotFoundException', `Function not found: ${functionArn(name)}`)
  return found.answer([fn], page)
}

/** The name of a function in a path, where it may stand as an ARN. */
export function nameOf(text: string): string {
  const decoded = decodeURIComponent(text)
  return decoded.replace(ARN, '$<name>')
}

// ---------------------------------------------------------------------------

const ARN = /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:function:(?<name>[^:]+)(?::[^:]+)?$/
const MOST = 50 // of a page

interface Page {
  readonly from: number
  readonly most: number
}

interface Operation {
  readonly path: RegExp
  /** Of the functions that it is about: all, or the one that it names. */
  readonly answer: (functions: readonly LocalFunction[], page: Page) => LambdaReply
}

const OPERATIONS: readonly Operation[] = [
  {
    path: /^\/2015-03-31\/functions\/?$/,
    answer: (functions, page) => listed(inPages('Functions', functions.map(configurationOf), page)),
  },
  {
    path: /^\/2015-03-31\/functions\/([^/]+)$/,
    answer: (functions) => listed({ Configuration: functions.map(configurationOf)[0], Tags: tagsOf(functions) }),
  },
  { path: /^\/2017-03-31\/tags\/([^/]+)$/, answer: (functions) => listed({ Tags: tagsOf(functions) }) },
  {
    path: /^\/2015-03-31\/functions\/([^/]+)\/aliases$/,
    answer: (functions, page) => listed(inPages('Aliases', functions.flatMap(aliasesOf), page)),
  },
  {
    path: /^\/2015-03-31\/functions\/([^/]+)\/versions$/,
    answer: (functions, page) => listed(inPages('Versions', functions.flatMap(versionsOf), page)),
  },
  {
    path: /^\/2021-10-31\/functions\/([^/]+)\/urls$/,
    answer: (functions, page) => listed(inPages('FunctionUrlConfigs', functions.flatMap(urlsOf), page)),
  },
]

function pageOf(parameters: URLSearchParams): Page | undefined {
  const [from, most] = [parameters.get('Marker') || '0', parameters.get('MaxItems') || String(MOST)]
  if (![from, most].every((text) => /^\d{1,6}$/.test(text)) || Number(most) === 0) return undefined
  return { from: Number(from), most: Math.min(MOST, Number(most)) }
}

function inPages(member: string, all: readonly object[], { from, most }: Page): object {
  const next = from + most
  return { [member]: all.slice(from, next), ...(next < all.length && { NextMarker: String(next) }) }
}

function configurationOf({ name, timeoutMs }: LocalFunction) {
  return {
    FunctionName: name,
    FunctionArn: functionArn(name),
    Runtime: 'nodejs24.x',
    Handler: 'handler',
    Timeout: timeoutMs / 1000,
    MemorySize: 512,
    Version: '$LATEST',
  }
}

function tagsOf([fn]: readonly LocalFunction[]): Readonly<Record<string, string>> {
  return fn?.published?.tags ?? {}
}

function aliasesOf({ name, published }: LocalFunction) {
  return (published?.aliases ?? []).map((alias) => ({
    AliasArn: `${functionArn(name)}:${alias.name}`,
    Name: alias.name,
    FunctionVersion: alias.version,
  }))
}

function versionsOf(fn: LocalFunction) {
  const numbers = fn.published?.versions ?? []
  return ['$LATEST', ...numbers].map((Version) => ({ ...configurationOf(fn), Version }))
}

function urlsOf({ name, published }: LocalFunction) {
  return (published?.urls ?? []).map(({ qualifier, url, authType }) => ({
    FunctionUrl: url,
    FunctionArn: functionArn(name) + (qualifier === undefined ? '' : `:${qualifier}`),
    AuthType: authType,
  }))
}
