/** A header as SDKs make it; nobody looks at the signature. */
export const SIGNED =
  'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/route53/aws4_request, SignedHeaders=host;x-amz-date, Signature=00ff'

/** Sends a request as it is, for what the SDK would not send. */
export async function send(url: string, method: string, body = '', headers: Record<string, string> = {}) {
  const init = method === 'GET' ? { method } : { method, body }
  const response = await fetch(url, { ...init, headers: { authorization: SIGNED, ...headers } })
  return { status: response.status, headers: response.headers, body: await response.text() }
}

/** A batch with one CREATE of a set with this content. */
export function batch(set: string): string {
  const change = `<Change><Action>CREATE</Action><ResourceRecordSet>${set}</ResourceRecordSet></Change>`
  const content = `<ChangeBatch><Changes>${change}</Changes></ChangeBatch>`
  return `<ChangeResourceRecordSetsRequest xmlns:n="https://route53.amazonaws.com/doc/2013-04-01/">${content}</ChangeResourceRecordSetsRequest>`
}
