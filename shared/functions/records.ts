import { Type } from '../dns/codes.ts'
import { canonicalName, formatName, type Name, parseName } from '../dns/name.ts'
import { canonicalRdata } from '../dns/rdata.ts'
import type { RRsets } from '../records/model.ts'
import type { NamedFunction } from '../registrations/model.ts'
import type { FunctionNames, Publication } from './model.ts'

/** Below which all names of functions stand: `fn.ZONE`. */
export function functionsApex(zone: Name): Name {
  return formatName(parseName('fn', parseName(zone)))
}

/**
 * All that is published of one function, alias or version under its name. With addresses of the gateway the TXT stands at
 * the name itself; beside a CNAME nothing may stand (RFC 2181 10.1), so then it is at `_fn.NAME`.
 */
export function publicationsOf(name: Name, fn: NamedFunction, alias: string | undefined, names: FunctionNames) {
  const { gateway, ttl } = names
  const about = { TXT: { ttl, rdata: [txt(fn, alias)] } }
  const at = (label: string, rrsets: RRsets): Publication => ({ name: below(label, name), rrsets })
  const srv = (port: number, target: string) => ({
    SRV: { ttl, rdata: [canonicalRdata(Type.SRV, `0 0 ${port} ${target}`)] },
  })
  const published: Publication[] =
    gateway.kind === 'cname'
      ? [{ name, fn, rrsets: { CNAME: { ttl, rdata: [gateway.target] } } }, at('_fn', about)]
      : [{ name, fn, rrsets: { ...addresses('A', gateway.a, ttl), ...addresses('AAAA', gateway.aaaa, ttl), ...about } }]
  // The function URL itself: its certificate is for its own name, so a CNAME would not do, and clients of SRV take the target.
  if (fn.url !== undefined) published.push(at('_https._tcp', srv(443, canonicalName(new URL(fn.url).hostname))))
  // Its target must not be an alias (RFC 2782).
  if (gateway.port !== HTTP) {
    published.push(at('_http._tcp', srv(gateway.port, gateway.kind === 'cname' ? gateway.target : name)))
  }
  return published
}

// ---------------------------------------------------------------------------

const HTTP = 80
const MAX_STRING = 255 // octets, RFC 1035 3.3

function below(label: string, name: Name): Name {
  return formatName(parseName(label, parseName(name)))
}

function addresses(type: 'A' | 'AAAA', rdata: readonly string[], ttl: number): RRsets {
  return rdata.length === 0 ? {} : { [type]: { ttl, rdata: rdata.toSorted() } }
}

/** One RR of several strings, `v=fn1` first, each `KEY=VALUE`: nothing in them needs to be told apart or escaped. */
function txt({ arn, url, auth }: NamedFunction, alias: string | undefined): string {
  const strings = ['v=fn1', `arn=${arn}`, url && `url=${url}`, `auth=${auth}`, alias && `alias=${alias}`]
  const given = strings.filter((text): text is string => Boolean(text) && String(text).length <= MAX_STRING)
  return canonicalRdata(Type.TXT, given.map((text) => JSON.stringify(text)).join(' '))
}
