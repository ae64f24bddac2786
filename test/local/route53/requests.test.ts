import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bench } from './emulator.ts'
import { batch, SIGNED, send } from './raw.ts'

const { emulator, zone, sets } = await bench()
const id = await zone('example.org')
const RRSET = `/2013-04-01/hostedzone/${id}/rrset`

describe('requests as they are written', () => {
  const rows: [title: string, method: string, path: string, body: string, status: number, answer: RegExp][] = [
    [
      'a list',
      'GET',
      RRSET,
      '',
      200,
      /^<\?xml version="1\.0"\?>\n<ListResourceRecordSetsResponse xmlns="https:\/\/route53\.amazonaws\.com\/doc\/2013-04-01\/">/,
    ],
    ['a slash at the end', 'GET', `${RRSET}/`, '', 200, /<ListResourceRecordSetsResponse/],
    [
      'an id with prefix',
      'GET',
      `/2013-04-01/hostedzone//hostedzone/${id}/rrset`,
      '',
      200,
      /<ListResourceRecordSetsResponse/,
    ],
    [
      'an encoded prefix',
      'GET',
      `/2013-04-01/hostedzone/%2Fhostedzone%2F${id}/rrset`,
      '',
      200,
      /<ListResourceRecordSetsResponse/,
    ],
    [
      'another path',
      'GET',
      '/2013-04-01/healthcheck',
      '',
      400,
      /<Code>NotImplemented<\/Code><Message>This emulator of Route 53 has no GET \/2013-04-01\/healthcheck</,
    ],
    ['below a hosted zone', 'GET', `/2013-04-01/hostedzone/${id}/dnssec`, '', 400, /<Code>NotImplemented</],
    ['another method', 'PUT', RRSET, '', 400, /<Code>NotImplemented</],
    ['another version', 'GET', RRSET.replace('2013', '2012'), '', 400, /<Code>NotImplemented</],
    ['an escape that is none', 'GET', '/2013-04-01/hostedzone/%zz', '', 400, /<Code>NotImplemented</],
    [
      'an id that is none',
      'GET',
      '/2013-04-01/hostedzone/<&>',
      '',
      404,
      /No hosted zone found with ID: &lt;&amp;&gt;</,
    ],
    ['no body', 'POST', RRSET, '', 400, /<Code>InvalidInput<\/Code><Message>Invalid XML ; /],
    ['garbage', 'POST', RRSET, 'garbage', 400, /<Code>InvalidInput<\/Code><Message>Invalid XML ; /],
    ['an open element', 'POST', RRSET, '<a><b></a>', 400, /<Code>InvalidInput<\/Code><Message>Invalid XML ; /],
    ['two roots', 'POST', RRSET, '<a/><b/>', 400, /exactly one root element/],
    ['deep nesting', 'POST', RRSET, '<a>'.repeat(100_000) + '</a>'.repeat(100_000), 400, /<Code>InvalidInput</],
    [
      'a document type',
      'POST',
      RRSET,
      '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
      400,
      /a document type is not allowed/,
    ],
    [
      'a name of JavaScript',
      'POST',
      RRSET,
      '<__proto__><constructor/></__proto__>',
      400,
      /<Code>(InvalidInput|MalformedInput)</,
    ],
    [
      'another root',
      'POST',
      RRSET,
      '<ChangeBatch/>',
      400,
      /<Code>MalformedInput<\/Code><Message>ChangeBatch is not valid, expected ChangeResourceRecordSetsRequest</,
    ],
    ['no batch', 'POST', RRSET, '<ChangeResourceRecordSetsRequest/>', 400, /is not complete.*:ChangeBatch}/],
    [
      'another member',
      'POST',
      RRSET,
      batch('<Name>n.example.org</Name><Type>A</Type><Ttl>1</Ttl>'),
      400,
      /starting with element &apos;Ttl|starting with element 'Ttl'/,
    ],
  ]
  for (const [title, method, path, body, status, answer] of rows) {
    test(title, async () => {
      const got = await send(emulator.url + path, method, body)
      assert.equal(got.status, status)
      assert.match(got.body, answer)
    })
  }

  test('prefixes, declarations, comments, character data and entities are understood', async () => {
    const set = '<n:Name><![CDATA[x&y]]>.example.org</n:Name><n:Type>TXT</n:Type><!-- no --><n:TTL>1</n:TTL>'
    const records =
      '<n:ResourceRecords><n:ResourceRecord><n:Value>&#34;&#x61;&amp;amp;&lt;&apos;&quot;</n:Value></n:ResourceRecord></n:ResourceRecords>'
    const body = batch(`${set}${records}`.replaceAll('n:', ''))
    const prefixed = body.replaceAll(/<(\/?)(?=[A-Z])/g, '<$1n:').replace('<n:Change', '<n:Change')
    const got = await send(emulator.url + RRSET, 'POST', `<?xml version="1.0" encoding="UTF-8"?>\n${prefixed}`)
    assert.equal(got.status, 200, got.body)
    assert.deepEqual(await sets(id), [`x\\046y.example.org. TXT 1 "a&amp;<'"`])
  })
})

describe('who may ask', () => {
  const rows: [title: string, headers: Record<string, string>, status: number, code: RegExp][] = [
    [
      'no authorization',
      { authorization: '' },
      403,
      /<Code>MissingAuthenticationToken<\/Code><Message>Missing Authentication Token</,
    ],
    ['another scheme', { authorization: 'Basic dGVzdDp0ZXN0' }, 403, /<Code>MissingAuthenticationToken</],
    ['another service', { authorization: SIGNED.replace('route53', 'dynamodb') }, 403, /<Code>SignatureDoesNotMatch</],
    ['any region', { authorization: SIGNED.replace('us-east-1', 'eu-north-7') }, 200, /./],
    ['another site', { origin: 'http://evil.example' }, 403, /<Code>AccessDenied</],
    ['a site like ours', { origin: 'http://127.0.0.1.evil.example' }, 403, /<Code>AccessDenied</],
    ['a page without site', { origin: 'null' }, 403, /<Code>AccessDenied</],
    ['a page of this machine', { origin: 'http://localhost:3000' }, 200, /./],
  ]
  for (const [title, headers, status, code] of rows) {
    test(title, async () => {
      const got = await send(`${emulator.url}/2013-04-01/hostedzone`, 'GET', '', headers)
      assert.equal(got.status, status)
      assert.match(got.body, code)
    })
  }

  test('errors have the form of AWS', async () => {
    const got = await send(`${emulator.url}/2013-04-01/hostedzone`, 'GET', '', { authorization: '' })
    assert.match(
      got.body,
      /^<\?xml version="1\.0"\?>\n<ErrorResponse xmlns="https:\/\/route53\.amazonaws\.com\/doc\/2013-04-01\/"><Error><Type>Sender<\/Type><Code>\w+<\/Code><Message>[^<]+<\/Message><\/Error><RequestId>[0-9a-f-]{36}<\/RequestId><\/ErrorResponse>$/,
    )
    assert.equal(got.headers.get('content-type'), 'text/xml')
    assert.match(got.headers.get('x-amzn-requestid') ?? '', /^[0-9a-f-]{36}$/)
  })
})

test('a refused batch may be told as AWS documents it', async () => {
  const other = await bench({ batchErrors: 'listed' })
  const own = await other.zone('example.org')
  const set =
    '<Name>n.example.org</Name><Type>A</Type><TTL>1</TTL><ResourceRecords><ResourceRecord><Value>x</Value></ResourceRecord></ResourceRecords>'
  const { body } = await send(`${other.emulator.url}/2013-04-01/hostedzone/${own}/rrset`, 'POST', batch(set))
  assert.match(
    body,
    /<InvalidChangeBatch xmlns="[^"]+"><Messages><Message>Invalid Resource Record: [^<]+<\/Message><\/Messages><RequestId>[^<]+<\/RequestId><\/InvalidChangeBatch>$/,
  )
})
