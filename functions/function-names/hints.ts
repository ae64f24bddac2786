import { array, check, looseObject, optional, pipe, safeParse, string, union, unknown } from 'valibot'
import { besideArn, type FunctionRef, functionOfArn } from '../../shared/functions/arn.ts'

/**
 * The functions that an event of EventBridge says have changed; undefined if it is no such event. Whatever else it says is
 * not looked at: events come late, twice and out of order. `own` is the ARN of a function of this account and region.
 */
export function functionsIn(text: string, own: string): readonly FunctionRef[] | undefined {
  const { success, output } = safeParse(event, parsed(text))
  if (!success) return undefined
  const said = output.source === 'aws.tag' ? output.resources : namedIn(output.detail)
  const refs = said.flatMap((name) => refOf(name, own) ?? [])
  return refs.length === 0 ? undefined : refs
}

// ---------------------------------------------------------------------------

const call = looseObject({
  eventName: string(),
  requestParameters: optional(unknown()),
  responseElements: optional(unknown()),
})

const event = union([
  looseObject({
    source: pipe(
      string(),
      check((text) => text === 'aws.tag'),
    ),
    resources: array(string()),
    detail: looseObject({}),
  }),
  looseObject({
    source: pipe(
      string(),
      check((text) => text === 'aws.lambda'),
    ),
    detail: call,
    resources: optional(array(string()), []),
  }),
])

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** CloudTrail has what a call was about under several names; all are texts, a name or an ARN with or without qualifier. */
function namedIn({ requestParameters, responseElements }: Record<string, unknown>): string[] {
  const places = [requestParameters, responseElements].map((part) => (part ?? {}) as Record<string, unknown>)
  const texts = places.flatMap(({ functionArn, functionName, resource }) => [functionArn, functionName, resource])
  return texts.filter((text) => typeof text === 'string')
}

/** `pay`, `pay:prod`, `123456789012:function:pay:prod` or an ARN; undefined for one that is not here. */
function refOf(text: string, own: string): FunctionRef | undefined {
  if (text.startsWith('arn:')) {
    const ref = functionOfArn(text)
    return ref !== undefined && besideArn(own, ref.name)?.arn === ref.arn ? ref : undefined
  }
  const [, account, name] = /^(?:(\d{12}):(?:function:)?)?([A-Za-z0-9_-]+)(?::[A-Za-z0-9_$-]+)?$/.exec(text) ?? []
  if (name === undefined || (account !== undefined && !own.includes(`:${account}:`))) return undefined
  return besideArn(own, name)
}
