import type { CloudFormationCustomResourceEvent } from 'aws-lambda'

/** The properties of the resource as the template states them. */
export type Properties = Readonly<Record<string, unknown>>

/**
 * The handler of a CloudFormation custom resource: `apply` creates and updates, deletion changes nothing.
 * CloudFormation learns the outcome at a URL, an error of `apply` by its message. Throws if that URL does not take the
 * answer, and Lambda tries the event again.
 */
export function createCustomResource(id: string, apply: (properties: Properties) => Promise<void>) {
  return async (event: CloudFormationCustomResourceEvent): Promise<void> => {
    const error = event.RequestType === 'Delete' ? undefined : await errorOf(apply(event.ResourceProperties))
    await answer(event.ResponseURL, {
      Status: error === undefined ? 'SUCCESS' : 'FAILED',
      ...(error !== undefined && { Reason: error.slice(0, MAX_REASON) }),
      PhysicalResourceId: id,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
    })
  }
}

// ---------------------------------------------------------------------------

/** Characters; CloudFormation takes answers of 4,096 bytes. */
const MAX_REASON = 800

async function errorOf(work: Promise<void>): Promise<string | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    return String(error)
  }
}

async function answer(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': '' }, // the URL is signed for a request without one
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`CloudFormation's URL answered ${response.status}`)
}
