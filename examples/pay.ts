/**
 * A function as one writes it for a function URL (payload format 2.0), to be called by its name:
 *
 *     npm start -- --function pay=examples/pay.ts
 *     curl --connect-to ::127.0.0.1:8092 'http://pay.fn.rpc.szbd-uc.uaebd.local/invoices/7?currency=EUR'
 */
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda'

export async function handler(event: LambdaFunctionURLEvent): Promise<LambdaFunctionURLResult> {
  const { method } = event.requestContext.http
  const body = event.body === undefined ? undefined : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8')

  if (event.rawPath === '/receipt.png') {
    return { statusCode: 200, headers: { 'content-type': 'image/png' }, body: RECEIPT, isBase64Encoded: true }
  }
  if (method === 'POST') {
    const order = readJson(body)
    if (order === undefined) return json(400, { error: 'the body must be JSON' })
    return { ...json(201, { paid: order }), cookies: ['session=1; HttpOnly'] }
  }
  const { rawPath: path, queryStringParameters: query = {}, cookies = [] } = event
  return json(200, { method, path, query, cookies })
}

// ---------------------------------------------------------------------------

/** A pixel. */
const RECEIPT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

function json(statusCode: number, value: unknown) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

function readJson(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(body?.toString('utf8') ?? '')
  } catch {
    return undefined
  }
}
