import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Further } from '../../responder/control/server.ts'
import { isCrossSite } from '../http/request.ts'
import type { Assets } from './assets.ts'
import { QueryError } from './range.ts'

export interface PagesParts {
  /** What the page is made of. */
  readonly assets: () => Promise<Assets>
  /** What body.json says; undefined as long as the stack is starting, and so with data.json. */
  readonly body: () => object | undefined
  /** Throws QueryError for a query that cannot be answered. */
  readonly data: (query: URLSearchParams, assets: Assets) => object | undefined
}

/**
 * The pages of the dashboard. They tell names and figures of this machine to its users only: a page of another site, or a
 * name of somebody else's that was made to point here, is refused.
 */
export function dashboardPages(parts: PagesParts): Further['pages'] {
  return (request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?')
    if (path !== '/' && !/^\/dashboard(\/|$)/.test(path)) return false
    void answer(request, path, new URLSearchParams(query))
      .catch((error: Error) => text(500, `the dashboard cannot be shown: ${error.message.split('\n', 1)[0]}`))
      .then((page) => send(response, page))
    return true
  }

  async function answer(request: IncomingMessage, path: string, query: URLSearchParams): Promise<Page> {
    if (isCrossSite(request))
      return text(403, 'the dashboard is for browsers on this machine, under a loopback address')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return { ...text(405, 'GET and HEAD only'), headers: { allow: 'GET, HEAD' } }
    }
    if (path === '/') return { ...text(302, 'see /dashboard'), headers: { location: '/dashboard' } }
    if (path === '/dashboard/body.json') return json(parts.body())
    const assets = await parts.assets()
    if (path === '/dashboard/data.json') return data(query, assets)
    const asset = assets.files.get(path)
    return asset === undefined ? text(404, 'not found') : { status: 200, headers: {}, ...asset }
  }

  function data(query: URLSearchParams, assets: Assets): Page {
    try {
      return json(parts.data(query, assets))
    } catch (error) {
      if (error instanceof QueryError) return text(400, error.message)
      throw error
    }
  }
}

// ---------------------------------------------------------------------------

interface Page {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** All that the page needs comes from here. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

function text(status: number, line: string): Page {
  return { status, type: 'text/plain; charset=utf-8', body: `${line}\n` }
}

function json(value: object | undefined): Page {
  if (value === undefined) return text(503, 'the stack is starting')
  return { status: 200, type: 'application/json', body: JSON.stringify(value) }
}

function send(response: ServerResponse, { status, type, body, headers }: Page): void {
  response.writeHead(status, {
    ...HEADERS,
    ...headers,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}
