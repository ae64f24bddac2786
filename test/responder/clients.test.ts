import assert from 'node:assert/strict'
import { BlockList } from 'node:net'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import * as v from 'valibot'
import { blocks, clientsIn } from '../../responder/clients.ts'
import { formatAddress6, parseAddress4, parseAddress6 } from '../../shared/dns/address.ts'

describe('a block holds', () => {
  for (const [block, inside, outside] of [
    [
      '192.0.2.0/24',
      ['192.0.2.0', '192.0.2.255', '::ffff:192.0.2.7'],
      ['192.0.1.255', '192.0.3.0', '::ffff:192.0.3.0'],
    ],
    ['192.0.2.77/24', ['192.0.2.1'], ['192.0.3.77']],
    ['192.0.2.1', ['192.0.2.1', '::ffff:192.0.2.1'], ['192.0.2.2']],
    ['0.0.0.0/0', ['0.0.0.0', '255.255.255.255', '::ffff:198.51.100.1'], ['::', '::1', '2001:db8::1']],
    ['2001:db8::/32', ['2001:db8::', '2001:db8:ffff::1'], ['2001:db9::', '32.1.13.184']],
    ['2001:db8:8000::/33', ['2001:db8:8000::', '2001:db8:ffff::'], ['2001:db8:7fff::', '2001:db8::']],
    ['::1', ['::1'], ['::2', '0.0.0.1']],
    ['::/0', ['::', '2001:db8::1', 'fe80::1%lo'], ['192.0.2.1', '::ffff:192.0.2.1']],
    ['fe80::/10', ['fe80::1%lo', 'febf::1'], ['fec0::1%lo']],
    ['0.0.0.0/0', [], ['']], // a TCP client that is gone already has no address
  ] as const) {
    test(block, () => {
      const holds = clientsIn([block])
      for (const address of inside) assert.ok(holds(address), address)
      for (const address of outside) assert.ok(!holds(address), address)
    })
  }
})

describe('is no block', () => {
  for (const [text, complaint] of [
    ['', /is not an address block/],
    ['192.0.2.0/33', /at most 32 bits/],
    ['2001:db8::/129', /at most 128 bits/],
    ['192.0.2/24', /is not an address block/],
    ['192.0.2.0/', /is not an address block/],
    ['192.0.2.0/-1', /is not an address block/],
    ['192.0.2.0/24/8', /is not an address block/],
    ['fe80::1%lo/64', /is not an address block/],
    ['example.org', /is not an address block/],
    ['::ffff:192.0.2.0/120', /IPv4 is written as IPv4/],
    ['0:0:0:0:0:ffff:c000:200', /IPv4 is written as IPv4/],
  ] as const) {
    test(JSON.stringify(text), () => assert.match(v.safeParse(blocks, [text]).issues?.[0]?.message ?? '', complaint))
  }
})

test('any number of blocks hold what BlockList finds in those of the same family', () => {
  const address = fc.oneof(fc.ipV4(), fc.uint8Array({ minLength: 16, maxLength: 16 }).map(formatAddress6))
  const block = fc
    .tuple(address, fc.nat(128))
    .map(([text, prefix]) => [text, text.includes(':') ? prefix : prefix % 33] as const)
    .filter(([text]) => !text.startsWith('::ffff:'))
  // Addresses near a block, or nearly all would be outside of all.
  const near = fc.tuple(fc.array(block, { minLength: 1, maxLength: 20 }), fc.nat(), fc.nat(127), address)
  fc.assert(
    fc.property(near, ([list, pick, bit, far]) => {
      const holds = clientsIn(list.map(([text, prefix]) => `${text}/${prefix}`))
      const [base] = list[pick % list.length] as readonly [string, number]
      for (const client of [base, flip(base, bit), far, mapped(base), mapped(far)]) {
        assert.equal(holds(client), oracle(list, client), client)
      }
    }),
    { numRuns: 1000 },
  )
})

// ---------------------------------------------------------------------------

/** The bits of an address: 32 of IPv4, which may be written as IPv6, 128 of IPv6. */
function bits(text: string): string {
  const quad = parseAddress4(text.replace(/^::ffff:(?=.*\.)/, ''))
  if (quad !== undefined) return quad.toString(2).padStart(32, '0')
  return Array.from(parseAddress6(text) ?? assert.fail(text), (octet) => octet.toString(2).padStart(8, '0')).join('')
}

function oracle(list: readonly (readonly [string, number])[], client: string): boolean {
  const family = familyOf(client)
  const blocks = new BlockList()
  for (const [text, prefix] of list) if (familyOf(text) === family) blocks.addSubnet(text, prefix, family)
  return blocks.check(client.replace(/^::ffff:(?=.*\.)/, ''), family)
}

function familyOf(text: string): 'ipv4' | 'ipv6' {
  return bits(text).length === 32 ? 'ipv4' : 'ipv6'
}

function flip(text: string, bit: number): string {
  const all = bits(text)
  const at = bit % all.length
  const flipped = `${all.slice(0, at)}${all[at] === '0' ? '1' : '0'}${all.slice(at + 1)}`
  const octets = Array.from({ length: flipped.length / 8 }, (_, i) =>
    Number.parseInt(flipped.slice(8 * i, 8 * i + 8), 2),
  )
  return octets.length === 4 ? octets.join('.') : formatAddress6(Uint8Array.from(octets))
}

function mapped(text: string): string {
  return text.includes(':') ? text : `::ffff:${text}`
}
