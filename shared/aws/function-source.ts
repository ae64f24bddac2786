import {
  type FunctionConfiguration,
  LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
  paginateListAliases,
  paginateListFunctionUrlConfigs,
  paginateListVersionsByFunction,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda'
import type { FunctionRef } from '../functions/arn.ts'
import type { FoundFunction } from '../functions/model.ts'
import type { Pace } from '../functions/pace.ts'
import { isPublished, namesVersions } from '../functions/plan.ts'
import type { FunctionSource } from '../functions/ports.ts'

/** A client that slows down where Lambda throttles it. Region, credentials and endpoint come from the environment. */
export function functionReader(maxAttempts = 6): LambdaClient {
  return new LambdaClient({
    maxAttempts,
    retryMode: 'adaptive',
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  })
}

/**
 * The functions that Lambda has, each request at the given pace. A function costs one request, ListTags, and one that is
 * published two or three more. `retried` hears of requests that had to be sent again, as they do where Lambda throttles.
 */
export function lambdaFunctionSource(
  client: LambdaClient,
  pace: Pace,
  retried: (times: number) => void,
): FunctionSource {
  client.middlewareStack.add(
    (next) => async (args) => {
      await pace()
      try {
        const result = await next(args)
        tell(result.output)
        return result
      } catch (error) {
        tell(error)
        throw error
      }
    },
    { step: 'initialize' },
  )
  return {
    async *list() {
      let marker: string | undefined
      do {
        const page = await client.send(new ListFunctionsCommand({ ...(marker && { Marker: marker }) }))
        yield (page.Functions ?? []).map(refOf)
        marker = page.NextMarker || undefined
      } while (marker !== undefined)
    },

    async read({ arn, name }) {
      try {
        const { Tags: tags = {} } = await client.send(new ListTagsCommand({ Resource: arn }))
        const fn: FoundFunction = { arn, name, tags, aliases: [], versions: [], urls: [] }
        if (!isPublished(fn)) return fn
        const aliases = await aliasesOf(name)
        const urls = await urlsOf(name)
        return { ...fn, aliases, urls, versions: namesVersions(fn) ? await versionsOf(name) : [] }
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined // deleted, be it while it was being read
        throw error
      }
    },
  }

  function tell(told: unknown): void {
    const { attempts = 1 } = (told as { $metadata?: { attempts?: number } }).$metadata ?? {}
    if (attempts > 1) retried(attempts - 1)
  }

  async function aliasesOf(FunctionName: string): Promise<FoundFunction['aliases']> {
    const found: FoundFunction['aliases'][number][] = []
    for await (const { Aliases = [] } of paginateListAliases({ client }, { FunctionName })) {
      for (const { Name, FunctionVersion } of Aliases) {
        found.push({ name: held(Name, 'Name'), version: held(FunctionVersion, 'FunctionVersion') })
      }
    }
    return found
  }

  async function urlsOf(FunctionName: string): Promise<FoundFunction['urls']> {
    const found: FoundFunction['urls'][number][] = []
    for await (const { FunctionUrlConfigs = [] } of paginateListFunctionUrlConfigs({ client }, { FunctionName })) {
      for (const { FunctionArn = '', FunctionUrl, AuthType } of FunctionUrlConfigs) {
        const [, qualifier] = /:function:[^:]+:([^:]+)$/.exec(FunctionArn) ?? []
        found.push({
          ...(qualifier !== undefined && { qualifier }),
          url: held(FunctionUrl, 'FunctionUrl'),
          authType: AuthType === 'NONE' ? 'NONE' : 'AWS_IAM', // one that is not known is no reason to let everybody in
        })
      }
    }
    return found
  }

  async function versionsOf(FunctionName: string): Promise<string[]> {
    const found: string[] = []
    for await (const { Versions = [] } of paginateListVersionsByFunction({ client }, { FunctionName })) {
      found.push(...Versions.map(({ Version }) => held(Version, 'Version')).filter((version) => version !== '$LATEST'))
    }
    return found
  }
}

// ---------------------------------------------------------------------------

function refOf({ FunctionArn, FunctionName }: FunctionConfiguration): FunctionRef {
  return { arn: held(FunctionArn, 'FunctionArn'), name: held(FunctionName, 'FunctionName') }
}

/** What an answer must hold. Without it, whoever answered was not Lambda: a wrong port, a proxy. */
function held(part: string | undefined, what: string): string {
  if (!part) throw new Error(`an answer of Lambda has no ${what}`)
  return part
}
