import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { RRType } from '@aws-sdk/client-route-53'
import { bench, change } from './emulator.ts'

const { zone, change: send, refusal, emulator } = await bench()
const id = await zone('example.org')
const long = 'x'.repeat(255)
const put = (type: string, value: string) => [change('UPSERT', 'v.example.org', type as RRType, [value])]
const remove = (type: string, value: string) => [change('DELETE', 'v.example.org', type as RRType, [value])]

describe('values that are taken, listed as they came, and deleted however they are written', () => {
  const rows: [type: string, value: string, other?: string][] = [
    ['A', '192.0.2.1'],
    ['AAAA', '2001:db8:0:0:0:0:0:1', '2001:DB8::1'],
    ['CAA', '0 issue "ca.example.net"'],
    ['CNAME', 'Target.example.net', 'target.EXAMPLE.net.'],
    ['CNAME', '\\052.x.example.net', '*.X.example.net.'],
    ['CNAME', 'a\\100b.example.net.', 'a\\100B.example.net'],
    ['DS', '60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118', '60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118'],
    ['HTTPS', '1 . alpn="h2,h3" port=8443', '1 . port=8443 alpn=h2,h3'],
    ['MX', '10 mail.example.net', '10 MAIL.example.net.'],
    ['NAPTR', '100 10 "S" "SIP+D2U" "" _sip._udp.example.net.'],
    ['NS', 'ns1.example.net'],
    ['PTR', 'host.example.net'],
    ['SPF', '"v=spf1 -all"'],
    ['SRV', '1 10 5269 xmpp.example.net', '1  10 5269 xmpp.example.net.'],
    ['SSHFP', '2 1 123456789ABCDEF67890123456789ABCDEF67890'],
    ['SVCB', '0 svc.example.net.'],
    ['TLSA', '3 1 1 0123456789ABCDEF', '3 1 1 0123456789abcdef'],
    ['TXT', '"one" "two"', '"one""two"'],
    ['TXT', '""'],
    ['TXT', `"${long}" "${long}"`],
    ['TXT', '"say \\"hi\\" \\\\"', '"say \\042hi\\042 \\134"'],
    ['TXT', '"\\303\\244 \\000"'],
    ['TXT', '"a;b (c) & <d>"'],
  ]
  for (const [type, value, other = value] of rows) {
    test(`${type} ${value.slice(0, 60)}`, async () => {
      await send(id, put(type, value))
      const [set] = emulator.sets(id).filter(({ name }) => name === 'v.example.org.')
      assert.deepEqual(set?.values, [value])
      await send(id, remove(type, other))
    })
  }

  test('letter case matters in text', async () => {
    await send(id, put('TXT', '"Case"'))
    assert.match(await refusal(id, remove('TXT', '"case"')), /the values provided do not match/)
    await send(id, remove('TXT', '"Case"'))
  })
})

describe('values that are refused', () => {
  const rows: [type: string, value: string, code: string][] = [
    ['A', '192.0.2', 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)'],
    ['A', '192.0.2.256', 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)'],
    ['A', '', 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)'],
    ['A', '192.0.2.1 192.0.2.2', 'ARRDATANotSingleField (Value contains spaces)'],
    ['A', '\\# 4 c0000201', 'ARRDATANotSingleField (Value contains spaces)'],
    ['AAAA', '192.0.2.1', 'AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)'],
    ['CAA', '\\# 1 00', 'CAARRDATAInvalid'],
    ['CNAME', 'a..b', 'CNAMERRDATAInvalid'],
    ['CNAME', `${'x'.repeat(64)}.example.net`, 'CNAMERRDATAInvalid'],
    ['CNAME', 'ä.example.net', 'UnsupportedCharacter (Value contains unsupported characters)'],
    ['MX', 'mail.example.net', 'MXRRDATAInvalid'],
    ['SRV', '1 1 65536 a.example.net', 'SRVRRDATAInvalid'],
    ['TXT', 'plain', 'InvalidCharacterString (Value should be enclosed in quotation marks)'],
    ['TXT', '"open', 'InvalidCharacterString (Value should be enclosed in quotation marks)'],
    ['TXT', '"a" b', 'InvalidCharacterString (Value should be enclosed in quotation marks)'],
    ['TXT', '"a"b"', 'InvalidCharacterString (Value should be enclosed in quotation marks)'],
    ['TXT', '"\\400"', 'InvalidCharacterString (Value should be enclosed in quotation marks)'],
    ['TXT', '"\\99"', 'InvalidCharacterString (Value should be enclosed in quotation marks)'],
    ['TXT', '', 'InvalidCharacterString (Value should be enclosed in quotation marks)'],
    ['TXT', `"${long}x"`, 'CharacterStringTooLong (Value is too long)'],
    ['TXT', '"ä"', 'UnsupportedCharacter (Value contains unsupported characters)'],
    ['TXT', '"a\tb"', 'UnsupportedCharacter (Value contains unsupported characters)'],
  ]
  for (const [type, value, code] of rows) {
    test(`${type} ${JSON.stringify(value).slice(0, 60)}`, async () => {
      const told = await refusal(id, put(type, value))
      assert.ok(told.startsWith(`InvalidChangeBatch [Invalid Resource Record: 'FATAL problem: ${code}`), told)
      assert.ok(told.endsWith(`']`), told)
    })
  }

  test('each is told', async () => {
    const two = [...put('A', 'x'), change('UPSERT', 'w.example.org', 'A', ['192.0.2.1', 'y'])]
    const problem = (value: string) =>
      `Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address) encountered with '${value}''`
    assert.equal(await refusal(id, two), `InvalidChangeBatch [${problem('x')}, ${problem('y')}]`)
  })
})

describe('what the schema refuses', () => {
  const rows: [what: string, part: object, message: RegExp][] = [
    [
      'a type that is not stored',
      { Type: 'DNAME' },
      /cvc-enumeration-valid: Value 'DNAME' .* '\[A, AAAA, CAA, .*, TXT\]'/,
    ],
    ['no type', { Type: undefined }, /element 'ResourceRecordSet' is not complete.*:Type}/],
    ['a negative TTL', { TTL: -1 }, /cvc-minInclusive-valid: Value '-1' .* '0' for type 'TTL'/],
    [
      'a large TTL',
      { TTL: 2_147_483_648 },
      /cvc-maxInclusive-valid: Value '2147483648' .* '2147483647' for type 'TTL'/,
    ],
    [
      'no TTL',
      { TTL: undefined },
      /Expected exactly one of \[AliasTarget, .*\], but found none in Change with \[Action=CREATE, Name=x.example.org, Type=A, SetIdentifier=null\]/,
    ],
    ['no values', { ResourceRecords: [] }, /element 'ResourceRecords' is not complete/],
    [
      'an alias with a TTL',
      { AliasTarget: { HostedZoneId: 'Z1', DNSName: 'x', EvaluateTargetHealth: true } },
      /but found more than one/,
    ],
    ['a policy without identifier', { Weight: 1 }, /Missing field 'SetIdentifier' in Change with \[Action=CREATE, /],
    ['an identifier without policy', { SetIdentifier: 'x' }, /Expected exactly one of \[Weight, .*but found none/],
    ['two policies', { SetIdentifier: 'x', Weight: 1, Failover: 'PRIMARY' }, /but found more than one/],
    ['a weight above 255', { SetIdentifier: 'x', Weight: 256 }, /Value '256' .* '255'/],
    ['what is not emulated', { SetIdentifier: 'x', GeoLocation: { CountryCode: '*' } }, /GeoLocation is not supported/],
    ['a long name', { Name: 'x'.repeat(1025) }, /with length = '1025' .* '1024' for type 'DNSName'/],
  ]
  for (const [what, part, message] of rows) {
    test(what, async () => {
      const ResourceRecords = [{ Value: '192.0.2.1' }]
      const ResourceRecordSet = { Name: 'x.example.org', Type: 'A' as const, TTL: 60, ResourceRecords, ...part }
      const told = await refusal(id, [{ Action: 'CREATE', ResourceRecordSet }])
      assert.match(told, /^InvalidInput /)
      assert.match(told, message)
    })
  }

  test('an unknown action', async () => {
    const told = await refusal(id, [change('REPLACE' as 'CREATE', 'x.example.org', 'A', ['192.0.2.1'])])
    assert.match(
      told,
      /^InvalidInput Invalid XML ; cvc-enumeration-valid: Value 'REPLACE' .*'\[CREATE, DELETE, UPSERT\]'/,
    )
  })

  test('a health check, which does not exist', async () => {
    const [plain] = put('A', '192.0.2.1')
    const set = { ...plain, ResourceRecordSet: { ...plain?.ResourceRecordSet, HealthCheckId: 'h' } }
    assert.match(await refusal(id, [set as typeof plain & object]), /^NoSuchHealthCheck /)
  })
})
