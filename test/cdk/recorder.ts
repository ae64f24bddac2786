/** Stands where AWS stands for a function that runs in a test, and notes what IAM would have to allow. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import type { TableNames } from '../dynamodb.ts'

export interface Recorder {
  readonly url: string
  /** Each as `action on resource`, the resource as in a written-out template. */
  readonly asked: Set<string>
  /** The change batches for Route 53, by the keys that IAM has for conditions on them. */
  readonly batches: ChangeKeys[]
}

export type ChangeKeys = Readonly<Record<string, readonly string[]>>

export interface Behind {
  readonly dynamoDb: string
  readonly route53: string
  readonly tables: TableNames
  /** URL of what stands for Lambda, where functions are listed and read. */
  readonly lambda?: string
  /** Hears of each registration. */
  readonly registered?: (record: unknown) => Promise<void>
  /** Answers for a function that is waited for. */
  readonly invoked?: (fn: string, event: unknown) => Promise<unknown>
}

/**
 * DynamoDB and Route 53 are passed on to what stands behind. A message for a queue is taken and goes nowhere. An invocation of another function that is not waited for is
 * taken and goes nowhere, and so does an answer that is meant for CloudFormation, a PUT as registrations are.
 */
export async function startRecorder(behind: Behind): Promise<Recorder> {
  const asked = new Set<string>()
  const batches: ChangeKeys[] = []
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    const { method, url = '' } = request
    const target = request.headers['x-amz-target']
    const invoked = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(url)?.[1]
    if (method === 'PUT') {
      if (url !== '/dynapi') return void response.end()
      asked.add(`execute-api:Invoke on ${API}/$default/PUT/dynapi`)
      await behind.registered?.(JSON.parse(body.toString()))
      return void response.end('OK')
    }
    if (invoked !== undefined) {
      asked.add(`lambda:InvokeFunction on ${invoked}.Arn`)
      if (request.headers['x-amz-invocation-type'] === 'Event') return void response.writeHead(202).end()
      return void response.end(JSON.stringify(await behind.invoked?.(invoked, JSON.parse(body.toString()))))
    }
    const reads = method === 'GET' && behind.lambda !== undefined ? lambdaAction(url) : undefined
    if (reads !== undefined && behind.lambda !== undefined) {
      asked.add(reads)
      return passOn(behind.lambda, request, body, response)
    }
    if (String(target).startsWith('AmazonSQS.')) {
      const { QueueUrl, MessageBody } = JSON.parse(body.toString())
      asked.add(`sqs:${String(target).slice('AmazonSQS.'.length)} on ${QueueUrl.split('/').at(-1)}.Arn`)
      const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex')
      return void response.end(JSON.stringify({ MessageId: '1', MD5OfMessageBody }))
    }
    if (target !== undefined) {
      for (const action of dynamoDbActions(String(target), body, behind.tables)) asked.add(action)
      return passOn(behind.dynamoDb, request, body, response)
    }
    asked.add(route53Action(`${method} ${url.replace(/^\/2013-04-01|\?.*$/g, '')}`))
    if (method === 'POST') batches.push(changeKeys(body.toString()))
    return passOn(behind.route53, request, body, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, batches }
}

// ---------------------------------------------------------------------------

/** The one API that is asked for by signature. */
const API = 'arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:ApiHttpApi'

async function passOn(
  to: string,
  { method = '', url, headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
) {
  const kept = ['authorization', 'content-type', 'x-amz-target'].flatMap((name) =>
    headers[name] === undefined ? [] : [[name, String(headers[name])] as [string, string]],
  )
  const answer = await fetch(to + url, { method, headers: kept, ...(body.length > 0 && { body }) })
  const told = ['content-type', 'x-amzn-errortype'].flatMap((name) => {
    const value = answer.headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  response.writeHead(answer.status, Object.fromEntries(told)).end(Buffer.from(await answer.arrayBuffer()))
}

interface Input {
  readonly TableName?: string
  readonly RequestItems?: Readonly<Record<string, unknown>>
  readonly TransactItems?: readonly Readonly<Record<string, { readonly TableName: string }>>[]
}

/** The actions that a call needs; those of a transaction are the ones of its parts. */
function dynamoDbActions(target: string, body: Buffer, tables: TableNames): string[] {
  const operation = target.replace(/^.*\./, '')
  const { TableName = '', RequestItems, TransactItems }: Input = JSON.parse(body.toString())
  const action = (name: string, table: string) => {
    const id = Object.entries(tables).find(([, one]) => one === table)?.[0] ?? 'none'
    return `dynamodb:${name} on Tables${id.charAt(0).toUpperCase()}${id.slice(1)}.Arn`
  }
  if (RequestItems !== undefined) return Object.keys(RequestItems).map((table) => action(operation, table))
  if (TransactItems === undefined) return [action(operation, TableName)]
  return TransactItems.flatMap((item) => Object.entries(item)).map(([kind, part]) =>
    action(kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`, part.TableName),
  )
}

/** The action of a request that reads of functions, which a policy can narrow to functions but for their list. */
function lambdaAction(url: string): string | undefined {
  const functions = 'arn:AWS::Partition:lambda:AWS::Region:AWS::AccountId:function:*'
  const rules: readonly [pattern: RegExp, action: string][] = [
    [/^\/2015-03-31\/functions\/?(\?|$)/, 'ListFunctions on *'],
    [/^\/2017-03-31\/tags\//, `ListTags on ${functions}`],
    [/\/aliases(\?|$)/, `ListAliases on ${functions}`],
    [/\/versions(\?|$)/, `ListVersionsByFunction on ${functions}`],
    [/\/urls(\?|$)/, `ListFunctionUrlConfigs on ${functions}`],
  ]
  const action = rules.find(([pattern]) => pattern.test(url))?.[1]
  return action && `lambda:${action}`
}

/** The action of a request to Route 53, which a policy can narrow to a hosted zone, but not to a change. */
function route53Action(request: string): string {
  const rules: readonly [pattern: RegExp, action: string][] = [
    [/^GET \/hostedzone\/(\w+)$/, 'GetHostedZone on arn:AWS::Partition:route53:::hostedzone/'],
    [/^GET \/hostedzone\/(\w+)\/rrset$/, 'ListResourceRecordSets on arn:AWS::Partition:route53:::hostedzone/'],
    [/^POST \/hostedzone\/(\w+)\/rrset\/?$/, 'ChangeResourceRecordSets on arn:AWS::Partition:route53:::hostedzone/'],
    [/^GET \/change\/\w+()$/, 'GetChange on arn:AWS::Partition:route53:::change/*'],
  ]
  for (const [pattern, action] of rules) {
    const found = pattern.exec(request)
    if (found !== null) return `route53:${action}${found[1]}`
  }
  return request
}

/** As the Developer Guide has it: names without final dot, what is not plain in octal, a wildcard, too. */
function changeKeys(xml: string): ChangeKeys {
  const all = (element: string) =>
    Array.from(xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g')), ([, text]) => text ?? '')
  return {
    'route53:ChangeResourceRecordSetsActions': all('Action'),
    'route53:ChangeResourceRecordSetsRecordTypes': all('Type'),
    'route53:ChangeResourceRecordSetsNormalizedRecordNames': all('Name').map((name) =>
      name.replace(/\.$/, '').replaceAll('*', '\\052'),
    ),
  }
}
