import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isAtOrBelow, isWildcard, orderText, readName } from '../../../local/route53/names.ts'
import { bench, change, times } from './emulator.ts'

const { zone, change: send, refusal, sets } = await bench()
const id = await zone('example.org')
const label63 = 'l'.repeat(63)

describe('names as they are sent and as they are listed', () => {
  const rows: [sent: string, listed: string][] = [
    ['plain.example.org', 'plain.example.org.'],
    ['dot.example.org.', 'dot.example.org.'],
    ['UPPER.Example.ORG', 'upper.example.org.'],
    ['*.example.org', '\\052.example.org.'],
    ['\\052.wild.example.org', '\\052.wild.example.org.'],
    ['a*b.example.org', 'a\\052b.example.org.'],
    ['in.*.example.org', 'in.\\052.example.org.'],
    ['_sip._tcp.example.org', '_sip._tcp.example.org.'],
    ['a@b.example.org', 'a\\100b.example.org.'],
    ['a\\056b.example.org', 'a\\056b.example.org.'],
    ['a\\134b.example.org', 'a\\134b.example.org.'],
    ['a\\040b.example.org', 'a\\040b.example.org.'],
    ['\\101\\102.example.org', 'ab.example.org.'],
    ['\\303\\204.example.org', '\\303\\204.example.org.'],
    ['\\000\\377.example.org', '\\000\\377.example.org.'],
    ['1.example.org', '1.example.org.'],
    ['a/b<&>"c".example.org', 'a\\057b\\074\\046\\076\\042c\\042.example.org.'],
    [`${label63}.example.org`, `${label63}.example.org.`],
    [
      `${times(3, () => label63).join('.')}.${'x'.repeat(49)}.example.org`,
      `${times(3, () => label63).join('.')}.${'x'.repeat(49)}.example.org.`,
    ],
  ]
  for (const [sent, listed] of rows) {
    test(sent.slice(0, 80), async () => {
      await send(id, [change('CREATE', sent, 'TXT', ['"x"'])])
      assert.deepEqual(await sets(id), [`${listed} TXT 60 "x"`])
      await send(id, [change('DELETE', listed, 'TXT', ['"x"'])])
    })
  }
})

describe('names that are refused', () => {
  const rows: [sent: string, problem: string][] = [
    ['a..example.org', "DomainLabelEmpty (Domain label is empty) encountered with 'a..example.org'"],
    ['.example.org', "DomainLabelEmpty (Domain label is empty) encountered with '.example.org'"],
    ['example.org..', "DomainLabelEmpty (Domain label is empty) encountered with 'example.org..'"],
    ['', "DomainLabelEmpty (Domain label is empty) encountered with ''"],
    [`${label63}l.example.org`, `DomainLabelTooLong (Domain label is too long) encountered with '${label63}l'`],
    ['a b.example.org', "UnsupportedCharacter (Value contains unsupported characters) encountered with ' '"],
    ['ä.example.org', "UnsupportedCharacter (Value contains unsupported characters) encountered with 'ä'"],
    ['a\\.b.example.org', "UnsupportedCharacter (Value contains unsupported characters) encountered with '\\'"],
    ['a\\400.example.org', "UnsupportedCharacter (Value contains unsupported characters) encountered with '\\'"],
    ['a\\09.example.org', "UnsupportedCharacter (Value contains unsupported characters) encountered with '\\'"],
  ]
  for (const [sent, problem] of rows) {
    test(`"${sent.slice(0, 80)}"`, async () => {
      const told = await refusal(id, [change('CREATE', sent, 'A', ['192.0.2.1'])])
      assert.equal(told, `InvalidChangeBatch FATAL problem: ${problem}`)
    })
  }

  test('a name of more than 255 octets', async () => {
    const long = `${times(3, () => label63).join('.')}.${'x'.repeat(50)}.example.org`
    const told = await refusal(id, [change('CREATE', long, 'A', ['192.0.2.1'])])
    assert.equal(
      told,
      `InvalidChangeBatch FATAL problem: DomainNameTooLong (Domain name is too long) encountered with '${long}'`,
    )
  })
})

test('a name is in a zone at a label boundary only', () => {
  const zoneName = readName('example.org')
  const rows: [name: string, inside: boolean][] = [
    ['example.org', true],
    ['a.example.org', true],
    ['a.b.example.org', true],
    ['aexample.org', false],
    ['a\\056example.org', false],
    ['org', false],
    ['.', false],
  ]
  for (const [name, inside] of rows) assert.equal(isAtOrBelow(readName(name), zoneName), inside, name)
})

test('only a whole leftmost asterisk is a wildcard', () => {
  for (const name of ['*.example.org', '\\052.example.org']) assert.equal(isWildcard(readName(name)), true, name)
  for (const name of ['a*.example.org', 'a.*.example.org', '**.org'])
    assert.equal(isWildcard(readName(name)), false, name)
})

test('names are in the order of their labels reversed, the final dot included', () => {
  // A hyphen comes before the dot that ends a label, a digit and a letter after it; a backslash between the two.
  const ordered = [
    'org',
    'example.org',
    'a-b.example.org',
    'z.a-b.example.org',
    'a.example.org',
    'b.a.example.org',
    'a0.example.org',
    'aa.example.org',
    'b.example.org',
    'example0.org',
  ]
  const escaped = ['1.example.org', '*.example.org', '_x.example.org', 'a.example.org']
  for (const names of [ordered, escaped]) {
    const texts = names.map((name) => orderText(readName(name)))
    assert.deepEqual(texts.toSorted(), texts)
  }
})
