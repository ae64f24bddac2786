import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, beforeEach, describe, test } from 'node:test'
import { awsHostedZones } from '../../shared/aws/hosted-zones.ts'
import { awsRoute53 } from '../../shared/aws/route53.ts'
import { route53Client } from '../../shared/aws/route53-client.ts'
import { canonicalName } from '../../shared/dns/name.ts'

/** What the server does with the next requests, in turn: an answer, or `hang up`. */
type Answer = readonly [status: number, body: string] | 'hang up'

let answers: Answer[] = []
let requests: string[] = []
const server = createServer((request, reply) => {
  requests.push(`${request.method} ${request.url}`)
  const answer = answers.shift() ?? 'hang up'
  if (answer === 'hang up') return void request.socket.destroy()
  reply.writeHead(answer[0], { 'Content-Type': 'text/xml' }).end(answer[1])
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
process.env.AWS_ENDPOINT_URL_ROUTE_53 = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
process.env.AWS_REGION = 'us-east-1'
process.env.AWS_ACCESS_KEY_ID = 'test'
process.env.AWS_SECRET_ACCESS_KEY = 'test'
const client = route53Client()
after(() => {
  client.destroy()
  server.close().closeAllConnections()
})
beforeEach(() => {
  answers = []
  requests = []
})

const route53 = awsRoute53(client)
const zone = canonicalName('example.org')
const rrset = { ttl: 60, rdata: ['192.0.2.1'] }
const calls = {
  change: () => route53.change('Z1', [{ action: 'CREATE', name: zone, type: 'A', rrset }]),
  list: () => route53.list('Z1', undefined, 1),
  changeStatus: () => route53.changeStatus('C1'),
}

describe('what an error means', () => {
  const fault = (code: string, message = 'by the test') => ({ kind: 'fault', code, message })
  const rows: [what: string, answer: Answer, outcome: object][] = [
    ['Throttling', error(400, 'Throttling', 'Rate exceeded'), { kind: 'throttled' }],
    ['ThrottlingException', error(400, 'ThrottlingException'), { kind: 'throttled' }],
    ['RequestLimitExceeded', error(503, 'RequestLimitExceeded'), { kind: 'throttled' }],
    ['429', error(429, 'Unheard'), { kind: 'throttled' }],
    ['PriorRequestNotComplete', error(400, 'PriorRequestNotComplete'), { kind: 'busy' }],
    ['NoSuchHostedZone', error(404, 'NoSuchHostedZone'), fault('NoSuchHostedZone')],
    ['AccessDenied', error(403, 'AccessDenied'), fault('AccessDenied')],
    ['InvalidClientTokenId', error(403, 'InvalidClientTokenId'), fault('InvalidClientTokenId')],
    ['ExpiredToken', error(403, 'ExpiredToken'), fault('ExpiredToken')],
    ['several lines', error(400, 'Odd', ' by\n  the\ttest '), fault('Odd')],
  ]
  for (const [call, run] of Object.entries(calls)) {
    for (const [what, answer, outcome] of rows) {
      test(`${call}: ${what}`, async () => {
        answers = [answer]
        assert.deepEqual(await run(), outcome)
      })
    }

    const unknown: [what: string, answer: Answer][] = [
      ['a connection that is lost', 'hang up'],
      ['an internal failure', error(500, 'InternalFailure')],
      ['an error of a machine in between', [502, '<html>']],
      ['an empty answer', [503, '']],
      ['an answer that cannot be read', [200, 'nonsense']],
      ['nothing at all from whoever listens there', [200, '']],
      ['the page of a web server', [200, '<html><body>It works!</body></html>']],
    ]
    for (const [what, answer] of unknown) {
      test(`${call}: ${what} leaves open what was done, and nothing is repeated`, async () => {
        answers = [answer]
        const outcome = await run()
        assert.equal(outcome.kind, 'unknown')
        assert.match(outcome.kind === 'unknown' ? outcome.reason : '', /^.+$/)
        assert.equal(requests.length, 1)
      })
    }
  }
})

describe('a batch that is refused', () => {
  const exists = "Tried to create resource record set [name='a.', type='A'] but it already exists"
  const outside = 'RRSet with DNS name b. is not permitted in zone example.org.'
  const rows: [what: string, answer: Answer, messages: string[]][] = [
    ['one message', error(400, 'InvalidChangeBatch', `[${exists}]`), [exists]],
    ['several messages', error(400, 'InvalidChangeBatch', `[${exists}, ${outside}]`), [exists, outside]],
    ['no brackets', error(400, 'InvalidChangeBatch', outside), [outside]],
    ['InvalidInput', error(400, 'InvalidInput', 'Invalid request'), ['Invalid request']],
    ['the form of earlier years', [400, invalidBatch(exists, outside)], [exists, outside]],
    ['the same with one message', [400, invalidBatch(exists)], [exists]],
  ]
  for (const [what, answer, messages] of rows) {
    test(what, async () => {
      answers = [answer]
      assert.deepEqual(await calls.change(), { kind: 'refused', messages })
    })
  }

  test('InvalidInput is a fault where nothing is to be changed', async () => {
    answers = [error(400, 'InvalidInput')]
    assert.deepEqual(await calls.list(), { kind: 'fault', code: 'InvalidInput', message: 'by the test' })
  })
})

describe('listed sets', () => {
  const value = (text: string) =>
    `<ResourceRecords><ResourceRecord><Value>${text}</Value></ResourceRecord></ResourceRecords>`
  const rows: [what: string, type: string, content: string, rrset: object | undefined][] = [
    ['a simple set', 'A', `<TTL>60</TTL>${value('192.0.2.1')}`, rrset],
    ['a value in another form', 'AAAA', `<TTL>0</TTL>${value('2001:DB8:0::1')}`, { ttl: 0, rdata: ['2001:db8::1'] }],
    [
      'a weighted set',
      'A',
      `<SetIdentifier>x</SetIdentifier><Weight>1</Weight><TTL>60</TTL>${value('192.0.2.1')}`,
      undefined,
    ],
    [
      'an alias',
      'A',
      '<AliasTarget><HostedZoneId>Z2</HostedZoneId><DNSName>a.example.net.</DNSName><EvaluateTargetHealth>false</EvaluateTargetHealth></AliasTarget>',
      undefined,
    ],
    [
      'a set of a traffic policy',
      'A',
      `<TTL>60</TTL>${value('192.0.2.1')}<TrafficPolicyInstanceId>t</TrafficPolicyInstanceId>`,
      undefined,
    ],
    ['a value that cannot be read', 'CAA', `<TTL>60</TTL>${value('0 is-sue &quot;ca&quot;')}`, undefined],
    ['a type to come', 'NEWTYPE', `<TTL>60</TTL>${value('x')}`, undefined],
  ]
  for (const [what, type, content, expected] of rows) {
    test(what, async () => {
      answers = [
        listing(`<ResourceRecordSet><Name>\\052.Example.ORG.</Name><Type>${type}</Type>${content}</ResourceRecordSet>`),
      ]
      const set = { name: canonicalName('*.example.org'), type, rrset: expected }
      assert.deepEqual(await calls.list(), { kind: 'listed', sets: [set], next: undefined })
    })
  }

  test('an identifier says where the next page begins', async () => {
    const next =
      '<NextRecordName>\\052.example.org.</NextRecordName><NextRecordType>A</NextRecordType><NextRecordIdentifier>x y</NextRecordIdentifier>'
    answers = [listing('', next), listing('')]
    const from = { name: canonicalName('*.example.org'), type: 'A', identifier: 'x y' }
    assert.deepEqual(await calls.list(), { kind: 'listed', sets: [], next: from })
    await route53.list('Z1', from, 7)
    const query = new URL(requests[1]?.split(' ')[1] ?? '', 'http://x').searchParams
    assert.deepEqual(Object.fromEntries(query), { name: '*.example.org.', type: 'A', identifier: 'x y', maxitems: '7' })
  })

  test('a name that cannot be read is a fault', async () => {
    answers = [listing('<ResourceRecordSet><Name>a..b.</Name><Type>A</Type></ResourceRecordSet>')]
    const outcome = await calls.list()
    assert.deepEqual([outcome.kind, outcome.kind === 'fault' && outcome.code], ['fault', 'NameError'])
  })
})

describe('hosted zones', () => {
  test('all pages are read, as long as the name is the same', async () => {
    const more = (next: string, id: string) =>
      `<IsTruncated>true</IsTruncated><NextDNSName>${next}</NextDNSName><NextHostedZoneId>${id}</NextHostedZoneId>`
    answers = [
      zones(['Z1', 'example.org.', false], more('example.org.', 'Z2')),
      zones(['Z2', 'example.org.', true], more('a.example.org.', 'Z3')),
      zones(['Z3', 'a.example.org.', false], more('b.example.org.', 'Z4')),
    ]
    assert.deepEqual(await awsHostedZones(client).find(zone), [
      { id: 'Z1', private: false },
      { id: 'Z2', private: true },
    ])
    assert.equal(requests.length, 3)
  })

  test('refusals and lost answers are errors of one line', async () => {
    const registry = awsHostedZones(client)
    answers = [error(403, 'AccessDenied', 'no\n way')]
    await assert.rejects(registry.find(zone), { message: 'AccessDenied: no way' })
    answers = [error(400, 'TooManyHostedZones')]
    await assert.rejects(registry.create(zone), { message: 'TooManyHostedZones: by the test' })
    await assert.rejects(registry.create(zone), /^Error: .*(ECONNRESET|socket hang up)/)
  })

  test('a zone that somebody else created meanwhile is not taken for ours', async () => {
    answers = [error(409, 'HostedZoneAlreadyExists'), zones(['Z1', 'example.org.', false])]
    await assert.rejects(awsHostedZones(client).create(zone), /HostedZoneAlreadyExists/)
  })
})

// ---------------------------------------------------------------------------

function error(status: number, code: string, message = 'by the test'): Answer {
  const content = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId>`
  return [status, xml('ErrorResponse', content)]
}

function invalidBatch(...messages: string[]): string {
  const list = messages.map((message) => `<Message>${message}</Message>`).join('')
  return xml('InvalidChangeBatch', `<Messages>${list}</Messages><RequestId>r</RequestId>`)
}

function listing(sets: string, next = ''): Answer {
  const content = `<ResourceRecordSets>${sets}</ResourceRecordSets><IsTruncated>${next !== ''}</IsTruncated><MaxItems>1</MaxItems>${next}`
  return [200, xml('ListResourceRecordSetsResponse', content)]
}

function zones([id, name, isPrivate]: [string, string, boolean], more = '<IsTruncated>false</IsTruncated>'): Answer {
  const config = `<Config><PrivateZone>${isPrivate}</PrivateZone></Config>`
  const zone = `<HostedZone><Id>/hostedzone/${id}</Id><Name>${name}</Name><CallerReference>r</CallerReference>${config}</HostedZone>`
  return [200, xml('ListHostedZonesByNameResponse', `<HostedZones>${zone}</HostedZones>${more}<MaxItems>1</MaxItems>`)]
}

function xml(root: string, content: string): string {
  return `<?xml version="1.0"?>\n<${root} xmlns="https://route53.amazonaws.com/doc/2013-04-01/">${content}</${root}>`
}

describe('whoever answers is not Route 53', () => {
  const registry = awsHostedZones(client)
  for (const [what, body] of [
    ['nothing', ''],
    ['a web page', '<html><body>It works!</body></html>'],
  ] as const) {
    test(`${what}: no hosted zone is found, and none counts as created`, async () => {
      answers = [[200, body]]
      await assert.rejects(registry.find(zone))
      answers = [[200, body]]
      await assert.rejects(registry.create(zone))
    })
  }
})
