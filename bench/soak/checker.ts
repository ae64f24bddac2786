import type { Answer, DecodedPacket } from 'dns-packet'
import { addressesIn, type DnsClient, dnsClient } from '../dns-client.ts'
import { addressOf, BENCH_ZONE } from '../zone.ts'
import type { Changes } from './changes.ts'

/** What became of the questions that were checked. */
export interface Checked {
  asked: number
  lost: number
  /** What was wrong, in words. */
  readonly wrong: string[]
}

/** Asks one question after the other, while the load goes on, until it is told to end, and checks each answer. */
export async function checkAnswers(
  port: number,
  stable: number,
  changes: Changes,
  checked: Checked,
  isOver: () => boolean,
) {
  const client = await dnsClient(port)
  while (!isOver()) await checkOne(client, stable, changes, checked)
  client.close()
}

// ---------------------------------------------------------------------------

const WITHIN_MS = 2000
const TOLD = 20
const NXDOMAIN = 3

/** A question as it comes ordinarily, without and with EDNS, and one that is left to the chain, for its option. */
const opt = (options: { code: 'PADDING'; length: number }[]) =>
  ({ type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options }) as unknown as Answer
const forms = [[], [opt([])], [opt([{ code: 'PADDING', length: 4 }])]]

async function checkOne(client: DnsClient, stable: number, changes: Changes, checked: Checked): Promise<void> {
  const { name, expected } = choose(stable, changes)
  const form = forms[Math.floor(Math.random() * forms.length)]
  const { served } = changes
  const reply = await client.query(`${name}.${BENCH_ZONE}`, WITHIN_MS, form)
  checked.asked++
  if (reply === undefined) {
    checked.lost++
    return
  }
  const said = saidIn(reply, `${name}.${BENCH_ZONE}`)
  const may = expected(served)
  if (!may.includes(said) && checked.wrong.length < TOLD)
    checked.wrong.push(`${name}: "${said}" instead of ${may.map((one) => `"${one}"`).join(' or ')}`)
}

/** A name of the three kinds, and what may be said of it, nothing where it does not exist. */
function choose(stable: number, changes: Changes): { name: string; expected: (served: number) => string[] } {
  const kind = Math.floor(Math.random() * 10)
  if (kind === 0) return { name: `absent${Math.floor(Math.random() * 1e6)}`, expected: () => [''] }
  if (kind < 4) {
    const i = Math.floor(Math.random() * stable)
    return { name: `n${i}`, expected: () => [addressOf(i)] }
  }
  const i = Math.floor(Math.random() * changes.names)
  return { name: changes.nameOf(i), expected: (served) => changes.maySay(i, served) }
}

/** All that a reply says in one line; the addresses alone where it is as it ought to be. */
function saidIn(reply: DecodedPacket, name: string): string {
  const { flags = 0, answers = [], authorities = [] } = reply
  const rcode = flags & 0xf
  const addresses = addressesIn(reply)
  const isAnswer = rcode === 0 && addresses.length > 0 && authorities.length === 0
  const isDenial = rcode === NXDOMAIN && answers.length === 0 && authorities.length === 1
  const isOurs = answers.every((rr) => `${rr.name}.` === name) && answers.length === addresses.length
  if (reply.flag_aa && !reply.flag_tc && isOurs && (isAnswer || isDenial)) return addresses.toSorted().join(' ')
  return `rcode ${rcode}, AA ${reply.flag_aa}, TC ${reply.flag_tc}, ${JSON.stringify({ answers, authorities })}`
}
