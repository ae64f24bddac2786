import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseAccessOptions } from '../../../local/access/options.ts'

const ROLE = 'iam:arn:aws:iam::123456789012:role/x'
const DAY = 86_400_000
const split = (text: string) => text.split(' ').filter((word) => word !== '')
const read = (text: string) => parseAccessOptions(split(text))?.command
const NEEDED = `grant add --principal ${ROLE} --zone example.org --name *`

describe('commands', () => {
  const grant = {
    principal: ROLE,
    zones: ['example.org.'],
    names: ['*'],
    types: ['A', 'AAAA'],
    actions: ['write'],
  }
  const commands: readonly [line: string, command: object][] = [
    [NEEDED, { kind: 'grant add', grant, lifetime: undefined }],
    [
      `grant add --principal iam:arn:aws:iam::123456789012:role/path/x --zone Example.ORG. --zone a.example --zone example.org
        --name *.APP --name @ --type aaaa --type TYPE65400 --action mirror --action write --expires 1d12h`,
      {
        kind: 'grant add',
        grant: {
          principal: ROLE,
          zones: ['example.org.', 'a.example.'],
          names: ['*.app', '@'],
          types: ['AAAA', 'TYPE65400'],
          actions: ['mirror', 'write'],
        },
        lifetime: 1.5 * DAY,
      },
    ],
    ['grant list', { kind: 'grant list', principal: undefined }],
    [`grant list --principal ${ROLE}`, { kind: 'grant list', principal: ROLE }],
    ['grant remove abc', { kind: 'grant remove', id: 'abc' }],
    ['token create --label ci', { kind: 'token create', label: 'ci', lifetime: 90 * DAY }],
    ['token create --expires 30m --label ci', { kind: 'token create', label: 'ci', lifetime: DAY / 48 }],
    ['token list', { kind: 'token list' }],
    ['token rotate abc', { kind: 'token rotate', id: 'abc', grace: DAY, lifetime: 90 * DAY }],
    ['token rotate abc --grace 0s --expires 1w', { kind: 'token rotate', id: 'abc', grace: 0, lifetime: 7 * DAY }],
    ['who Host.Example.ORG', { kind: 'who', name: 'host.example.org.' }],
    [
      `grant add --principal ${ROLE} --zone example.org --action mirror`,
      { kind: 'grant add', grant: { ...grant, actions: ['mirror'] }, lifetime: undefined },
    ],
    [
      `grant add --principal ${ROLE} --zone example.org --name *.fn --action invoke --action mirror`,
      { kind: 'grant add', grant: { ...grant, names: ['*.fn'], actions: ['invoke', 'mirror'] }, lifetime: undefined },
    ],
    ['token revoke abc', { kind: 'token revoke', id: 'abc' }],
  ]
  for (const [line, command] of commands) {
    test(line.slice(0, 60), () => assert.deepEqual(parseAccessOptions(line.split(/\s+/))?.command, command))
  }

  test('and where: a folder, or a DynamoDB', () => {
    const options = parseAccessOptions(split('token list --data d --dynamodb http://127.0.0.1:1'))
    assert.deepEqual([options?.data, options?.dynamoDb], ['d', 'http://127.0.0.1:1'])
  })

  test('--help', () => assert.equal(read('grant add --help'), undefined))
})

describe('what is refused, in one line', () => {
  const lines: readonly [line: string, message: RegExp][] = [
    ['', /^"" is no command; npm run access -- --help tells them all$/],
    ['grant', /^"grant" is no command; /],
    ['grant delete x', /^"grant delete x" is no command; /],
    ['grant remove', /^grant remove takes one ID; /],
    ['token revoke a b', /^token revoke takes one ID; /],
    ['who', /^who takes one NAME; /],
    ['who a..b', /^NAME: the name has an empty label$/],
    ['token list x', /^token list takes no argument; /],
    ['token list --label x', /^token list does not take --label; /],
    ['grant remove x --expires 1d', /^grant remove does not take --expires; /],
    ['token create', /^--label is needed; /],
    ['token create --label=', /^--label is needed; /],
    ['grant add', /^--principal is needed; /],
    [`grant add --principal ${ROLE} --name *`, /^--zone is needed; /],
    [`grant add --principal ${ROLE} --zone example.org`, /^--name is needed; /],
    [`grant add --principal ${ROLE} --zone example.org --action invoke --action mirror`, /^--name is needed; /],
    ['grant add --principal * --zone example.org --name *', /^--principal: "\*" is no principal: give iam:ARN /],
    ['grant list --principal local', /^--principal: "local" is no principal: /],
    [NEEDED.replace('example.org', 'a..b'), /^--zone: the name has an empty label$/],
    [`${NEEDED} --name h.`, /^--name: a name of a grant is relative to its zones, without a final dot$/],
    [`${NEEDED} --type X`, /^--type: "X" is no type such as A or AAAA, nor \*$/],
    [`${NEEDED} --action read`, /^--action: "read" is none of write, mirror, invoke$/],
    [`${NEEDED} --expires 0s`, /^--expires: "0s" is no duration such as 90d or 12h, of 10 years at most$/],
    ['token create --label x --expires 90', /^--expires: "90" is no duration/],
    ['token create --label x --expires 3651d', /^--expires: "3651d" is no duration/],
    ['token rotate x --grace never', /^--grace: "never" is no duration/],
    ['token list --nonsense', /^Unknown option '--nonsense'; npm run access -- --help tells them all$/],
  ]
  for (const [line, message] of lines) {
    test(line || 'nothing', () => assert.throws(() => read(line), { message }))
  }
})
