/** Functions as Lambda tells of them, written short. */

import { canonicalName } from '../../shared/dns/name.ts'
import type { FoundFunction, FunctionNames, Publication } from '../../shared/functions/model.ts'
import type { Registration } from '../../shared/registrations/model.ts'

export const HOME = 'arn:aws:lambda:eu-west-1:123456789012:function:'
export const PUBLISHED = { 'namestream:publish': 'true' }

/** Behind the addresses of a gateway. */
export const byAddress: FunctionNames = {
  zone: canonicalName('example.org'),
  gateway: { kind: 'address', a: ['192.0.2.1'], aaaa: ['2001:db8::1'], port: 80 },
  ttl: 30,
}

/** Behind a load balancer with a name. */
export const byName: FunctionNames = {
  ...byAddress,
  gateway: { kind: 'cname', target: canonicalName('lb.example.net'), port: 80 },
}

export function functionNamed(name: string, more: Partial<FoundFunction> = {}): FoundFunction {
  const { tags, ...rest } = more
  return { arn: HOME + name, name, aliases: [], versions: [], urls: [], ...rest, tags: { ...PUBLISHED, ...tags } }
}

/** What is registered, a line an RRset: `pay.fn.example.org. 30 A 192.0.2.1`. */
export function linesOf(publications: readonly (Publication | Registration)[]): string[] {
  const lines = publications.flatMap(({ name, rrsets }) =>
    Object.entries(rrsets).flatMap(([type, { ttl, rdata }]) => rdata.map((one) => `${name} ${ttl} ${type} ${one}`)),
  )
  return lines.sort()
}
