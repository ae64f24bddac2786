import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeMessage } from '../../shared/dns/decode-message.ts'
import { formatName } from '../../shared/dns/name.ts'
import { formatRdata } from '../../shared/dns/rdata.ts'
import { WireError } from '../../shared/dns/wire.ts'
import { octets } from './octets.ts'

const ONE_ANSWER = '1234 8400 0000 0001 0000 0000'
const ONE_ADDITIONAL = '1234 8400 0000 0000 0000 0001'
const FIXED = '0001 0000003c' // class and TTL
const label = (length: number) => `${length.toString(16).padStart(2, '0')}'${'a'.repeat(length)}'`

describe('what is read', () => {
  test('names are expanded and in lower case, in owners and in rdata of any type that has names', () => {
    const srv = "03'Srv' 07'Example' 03'ORG' 00 0021" // at 12; example.org at 16
    const message = decodeMessage(octets(`${ONE_ANSWER} ${srv} ${FIXED} 000c 0001 0002 0003 03'Sip' c010`))
    assert.equal(formatName(message.answer[0]?.owner ?? ('' as never)), 'srv.example.org.')
    assert.equal(formatRdata(33, message.answer[0]?.rdata ?? new Uint8Array(0)), '1 2 3 sip.example.org.')
  })

  test('rdata of other types is left as it is, even where it cannot be right', () => {
    const { answer } = decodeMessage(octets(`${ONE_ANSWER} 00 0001 ${FIXED} 0003 c00c00`))
    assert.deepEqual([...(answer[0]?.rdata ?? [])], [0xc0, 0x0c, 0])
  })

  test('rdata may be empty in UPDATE: RFC 2136 2.4, 2.5', () => {
    for (const rrClass of ['00ff', '00fe']) {
      const { answer } = decodeMessage(octets(`1234 2800 0000 0001 0000 0000 00 0002 ${rrClass} 00000000 0000`))
      assert.equal(answer[0]?.rdata.length, 0)
    }
    assert.throws(() => decodeMessage(octets(`1234 2800 0000 0001 0000 0000 00 0002 ${FIXED} 0000`)), WireError)
  })

  test('a name of 255 octets put together by a pointer', () => {
    const tail = `${label(63)} ${label(63)} ${label(61)} 00`
    const packet = `1234 8400 0002 0000 0000 0000 ${tail} 0001 0001 ${label(63)} c00c 0001 0001`
    assert.equal(decodeMessage(octets(packet)).questions[1]?.name.length, 255)
  })
})

describe('what is refused', () => {
  const tail = `${label(63)} ${label(63)} ${label(62)} 00`
  const rows: [what: string, reason: RegExp, packet: string][] = [
    ['a header cut off', /octets expected/, '1234 8400 0000 0000 0000 00'],
    ['a record that is missing', /a name ends early/, ONE_ANSWER],
    ['octets behind the last record', /2 octets follow/, `${ONE_ANSWER} 00 0001 ${FIXED} 0000 0000`],
    [
      'a name of 256 octets put together by a pointer',
      /longer than 255/,
      `1234 8400 0002 0000 0000 0000 ${tail} 0001 0001 ${label(63)} c00c 0001 0001`,
    ],
    ['a pointer to itself', /does not lead back/, `${ONE_ANSWER} c00c 0001 ${FIXED} 0000`],
    ['a pointer forward', /does not lead back/, `${ONE_ANSWER} c00e 00 0001 ${FIXED} 0000`],
    ['a pointer into the header', /does not lead back/, `${ONE_ANSWER} c003 0001 ${FIXED} 0000`],
    [
      'two names that point at each other',
      /does not lead back/,
      `1234 8400 0002 0000 0000 0000 01'a' c012 0001 0001 c00c 0001 0001`,
    ],
    [
      'a name that runs into the pointer to it',
      /label ends early/,
      `1234 8400 0000 0002 0000 0000 00 0010 ${FIXED} 0001 05 c017 0001 ${FIXED} 0000`,
    ],
    ['a label of an unknown kind', /unknown kind/, `${ONE_ANSWER} 80 0001 ${FIXED} 0000`],
    ['a pointer cut in half', /pointer ends early/, `${ONE_ANSWER} c0`],
    ['a name longer than its rdata', /label ends early/, `${ONE_ANSWER} 00 0002 ${FIXED} 0002 03'abc' 00`],
    ['rdata longer than its name', /1 octets of rdata are left over/, `${ONE_ANSWER} 00 0002 ${FIXED} 0002 00 00`],
    ['rdata longer than the message', /octets expected/, `${ONE_ANSWER} 00 0010 ${FIXED} 0002 00`],
    ['MX with nothing but a preference', /a name ends early/, `${ONE_ANSWER} 00 000f ${FIXED} 0002 0001`],
    ['two OPT', /two OPT/, '1234 8400 0000 0000 0000 0002 00 0029 0200 00000000 0000 00 0029 0200 00000000 0000'],
    ['OPT among the answers', /wrong section/, `${ONE_ANSWER} 00 0029 0200 00000000 0000`],
    ['OPT not at the root', /not at the root/, `${ONE_ADDITIONAL} 01'a' 00 0029 0200 00000000 0000`],
    ['an option that ends early', /octets expected/, `${ONE_ADDITIONAL} 00 0029 0200 00000000 0005 0003 0002 00`],
  ]
  for (const [what, reason, packet] of rows) {
    test(what, () => {
      assert.throws(
        () => decodeMessage(octets(packet)),
        (error) => error instanceof WireError && reason.test(error.message),
      )
    })
  }

  test('more than 127 pointers for one name, so that time is bounded', () => {
    /** A root name at 12, from 28 on pointers to it and to each other, an owner that points at the last of them. */
    const packet = (pointers: number) => {
      const chain = Array.from({ length: pointers }, (_, i) => (0xc000 | (i === 0 ? 12 : 26 + 2 * i)).toString(16))
      const length = (2 * pointers).toString(16).padStart(4, '0')
      const last = (0xc000 | (26 + 2 * pointers)).toString(16)
      const records = `00 0010 ${FIXED} ${length} ${chain.join(' ')} ${last} 0010 ${FIXED} 0000`
      return octets(`1234 8400 0001 0002 0000 0000 00 0001 0001 ${records}`)
    }
    assert.equal(decodeMessage(packet(126)).answer.length, 2)
    assert.throws(() => decodeMessage(packet(127)), /does not lead back/)
  })
})
