import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Answer, createAnswer } from '../../responder/answer.ts'
import type { LinkSettings } from '../../responder/chain.ts'
import { parseConfig } from '../../responder/config/config.ts'
import type { ChainParts, From } from '../../responder/link.ts'
import { Counters, createCounterMemory } from '../../responder/metrics/counters.ts'
import { TRANSPORTS } from '../../responder/metrics/families.ts'
import { readZoneText } from '../../responder/sources/zone-text.ts'
import type { Update } from '../../responder/zones/update.ts'
import { Class, Rcode } from '../../shared/dns/codes.ts'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { encodeQuery, type QueryToSend } from '../../shared/dns/encode-query.ts'
import type { Message, ResourceRecord } from '../../shared/dns/message.ts'
import { formatName, parseName } from '../../shared/dns/name.ts'
import { formatRdata, typeMnemonic, typeNumber } from '../../shared/dns/rdata.ts'
import { Chance, sameOnFastPath } from './fast-path.ts'
import { Served } from './served.ts'

/** Zone texts by origin. */
export type ZoneTexts = Readonly<Record<string, string>>

/**
 * A question and what must come back, in presentation format. Behind name and type there may be options as dig has them:
 * `+tcp +tls +https +rd +cd +edns +edns=1 +dnssec +bufsize=N +ednsopt=CODE +ednsopt=CODE:HEX class=N opcode=N from=ADDRESS`.
 * A section that is not given must be empty. Records are of class IN, or it is named.
 */
export interface Case {
  readonly ask: string
  /** The rcode, then the flags that are set. */
  readonly says: string
  readonly answer?: readonly string[]
  readonly authority?: readonly string[]
  readonly additional?: readonly string[]
  /** Options of the OPT record, as `CODE:HEX`. */
  readonly options?: readonly string[]
}

/** A test for each case: the question goes through decoder, chain and encoder, over zones that are read from text. */
export function scenario(title: string, zones: ZoneTexts, cases: readonly Case[], links?: LinkSettings): void {
  describe(title, () => {
    const answer = answering(zones, links)
    for (const expected of cases) {
      test(expected.ask, () => {
        const message = ask(answer, expected.ask)
        const { ask: _, ...said } = expected
        assert.deepEqual(show(message), { answer: [], authority: [], additional: [], options: [], ...said })
        assert.equal(message.edns !== undefined, /\+(edns|dnssec|bufsize)/.test(expected.ask), 'OPT if it was asked')
      })
    }
  })
}

/**
 * The server without sockets: the whole way from octets to octets, over zones that are read from text. By chance the
 * first is always chosen, if `parts` has nothing else.
 */
export function answering(texts: ZoneTexts, links?: LinkSettings, parts: Partial<ChainParts> = {}): Answer {
  const { zones, table } = new Served(...Object.entries(texts).flatMap(([origin, text]) => zoneUpdates(origin, text)))
  const report = (error: unknown) => {
    throw error
  }
  const counters = new Counters(createCounterMemory(1), 0)
  const chance = new Chance(parts.random ?? NODE.random)
  const answer = createAnswer({ zones, counters, report, ...NODE, ...parts, random: chance.draw }, links)
  const isWhole = parts.zones === undefined && parts.report === undefined // without faults made on purpose
  return isWhole ? sameOnFastPath(answer, table, links, chance) : answer
}

/** Settings of links as a configuration file says them. Throws an Error that begins with `file: `. */
export function linksOf(links: unknown): LinkSettings {
  return parseConfig(JSON.stringify({ links }), 'file').links
}

/** A node that is always the same, at the time of the examples of RFC 9018. */
const NODE = {
  identity: 'node-1',
  secret: Buffer.from('e5e973e5a6b2a43f48e7dc849e37bfcf', 'hex'),
  unixTime: () => 1559731985,
  idleMs: 10_000,
  random: () => 0,
}

/** A client of tests. */
export function fromTransport(transport: From['transport'], address = '192.0.2.53'): From {
  return { transport, address, port: 53000 }
}

/** What brings a replica to the zone in a text. */
export function zoneUpdates(origin: string, text: string): Update[] {
  return [...readZoneText(text, { origin: parseName(origin), file: origin })]
}

/** Asks a question in the notation of `Case`. */
export function ask(answer: Answer, question: string): Message {
  const message = askSilently(answer, question)
  if (message === undefined) throw new Error('there is no answer')
  return message
}

/** The same; undefined if there is no answer. */
export function askSilently(answer: Answer, question: string): Message | undefined {
  const [name = '', type = '', ...options] = question.split(' ')
  const transport = TRANSPORTS.find((one) => options.includes(`+${one}`)) ?? 'udp'
  const [address] = options.flatMap((option) => /^from=(.*)$/.exec(option)?.[1] ?? [])
  const message = answer(encodeQuery(toQuery(name, type, options)), fromTransport(transport, address))
  return message && decodeMessage(message)
}

/** A message as a case describes it. */
export function show(message: Message): Omit<Required<Case>, 'ask'> {
  const flags = (['aa', 'tc', 'rd', 'ra', 'ad', 'cd'] as const).filter((flag) => message[flag])
  return {
    says: [rcodeName(message.rcode), ...flags].join(' '),
    answer: message.answer.map(formatRecord),
    authority: message.authority.map(formatRecord),
    additional: message.additional.map(formatRecord),
    options: (message.edns?.options ?? []).map(({ code, body }) => `${code}:${Buffer.from(body).toString('hex')}`),
  }
}

// ---------------------------------------------------------------------------

const ID = 4711

function toQuery(name: string, type: string, options: readonly string[]): QueryToSend {
  const number = (pattern: RegExp) => options.map((option) => pattern.exec(option)?.[1]).find((digits) => digits)
  const edns = options.some((option) => /^\+(edns|dnssec|bufsize)/.test(option))
  const sent = options.flatMap((option) => {
    const [, code, hex] = /^\+ednsopt=(\d+)(?::([\da-f]*))?$/.exec(option) ?? []
    return code === undefined ? [] : [{ code: Number(code), body: Buffer.from(hex ?? '010203', 'hex') }]
  })
  return {
    id: ID,
    name: parseName(name),
    type: typeNumber(type) ?? Number.NaN,
    class: Number(number(/^class=(\d+)$/) ?? 1),
    opcode: Number(number(/^opcode=(\d+)$/) ?? 0),
    rd: options.includes('+rd'),
    cd: options.includes('+cd'),
    ...(edns && {
      edns: {
        version: Number(number(/^\+edns=(\d+)$/) ?? 0),
        udpSize: Number(number(/^\+bufsize=(\d+)$/) ?? 1232),
        dnssecOk: options.includes('+dnssec'),
        options: sent,
      },
    }),
  }
}

function rcodeName(rcode: number): string {
  return Object.entries(Rcode).find(([, number]) => number === rcode)?.[0] ?? `RCODE${rcode}`
}

function formatRecord({ owner, ttl, class: rrClass, type, rdata }: ResourceRecord): string {
  const shown = rrClass === Class.CH ? 'CH ' : ''
  return `${formatName(owner)} ${ttl} ${shown}${typeMnemonic(type)} ${formatRdata(type, rdata)}`
}
