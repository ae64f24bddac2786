import { ApiError } from './api-error.ts'

/** Demands a header of the form of Signature Version 4 for this service. Any key will do, and no signature is checked. */
export function checkAuthorization(header: string | undefined): void {
  const service = SIGV4.exec(header ?? '')?.[1]
  if (service === undefined) throw new ApiError('MissingAuthenticationToken', 'Missing Authentication Token')
  if (service !== 'route53') {
    throw new ApiError('SignatureDoesNotMatch', "Credential should be scoped to correct service: 'route53'.")
  }
}

// ---------------------------------------------------------------------------

const SIGV4 =
  /^AWS4-HMAC-SHA256 Credential=[^/,\s]+\/\d{8}\/[^/,\s]+\/([^/,\s]+)\/aws4_request, ?SignedHeaders=[^,\s]+, ?Signature=[0-9a-f]+$/
