import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { cookieJudge, parseSecret } from '../../responder/cookies.ts'
import { sipHash, sipKey } from '../../shared/dns/siphash.ts'

const SECRET = 'e5e973e5a6b2a43f48e7dc849e37bfcf'
const judge = cookieJudge([parseSecret(SECRET)])

describe('RFC 9018 appendix A', () => {
  for (const { title, secrets, address, option, now, verdict, answer } of [
    {
      title: 'A.1: a new server cookie',
      secrets: [SECRET],
      address: '198.51.100.100',
      option: '2464c4abcf10c957',
      now: 1559731985,
      verdict: 'client-only',
      answer: '2464c4abcf10c957010000005cf79f111f8130c3eee29480',
    },
    {
      title: 'A.2: it is renewed',
      secrets: [SECRET],
      address: '198.51.100.100',
      option: '2464c4abcf10c957010000005cf79f111f8130c3eee29480',
      now: 1559734385,
      verdict: 'valid',
      answer: '2464c4abcf10c957010000005cf7a871d4a564a1442aca77',
    },
    {
      title: 'A.3: reserved octets are hashed as they came; it is too old by the time of the example',
      secrets: [SECRET],
      address: '203.0.113.203',
      option: 'fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5',
      now: 1559734700,
      verdict: 'invalid',
      answer: 'fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e',
    },
    {
      title: 'A.3, within the hour',
      secrets: [SECRET],
      address: '203.0.113.203',
      option: 'fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5',
      now: 1559727985 + 60,
      verdict: 'valid',
      answer: 'fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5',
    },
    {
      title: 'A.4: IPv6, and a secret that follows another',
      secrets: ['445536bcd2513298075a5d379663c962', 'dd3bdf9344b678b185a6f5cb60fca715'],
      address: '2001:db8:220:1:59de:d0f4:8769:82b8',
      option: '22681ab97d52c298010000005cf7c57926556bd0934c72f8',
      now: 1559741961,
      verdict: 'valid',
      answer: '22681ab97d52c298010000005cf7c609a6bb79d16625507a',
    },
  ]) {
    test(title, () => {
      const judged = cookieJudge(secrets.map(parseSecret))(Buffer.from(option, 'hex'), address, now)
      assert.deepEqual([judged?.verdict, hex(judged?.answer)], [verdict, answer])
    })
  }
})

describe('RFC 7873 5.2.2: lengths', () => {
  for (const length of [0, 1, 7, 9, 15, 41, 255]) {
    test(`${length}: malformed`, () => assert.equal(judge(new Uint8Array(length), '192.0.2.1', 0), undefined))
  }
  for (const [length, verdict] of [
    [8, 'client-only'],
    [16, 'invalid'],
    [24, 'invalid'],
    [40, 'invalid'],
  ] as const) {
    test(`${length}: ${verdict}`, () => {
      const judged = judge(new Uint8Array(length), '192.0.2.1', 1559731985)
      assert.equal(judged?.verdict, verdict)
      assert.match(hex(judged?.answer), /^0{16}010000005cf79f11[0-9a-f]{16}$/)
    })
  }
})

describe('RFC 9018 4.3: how long a cookie holds', () => {
  const made = judge(Buffer.from('0102030405060708', 'hex'), '192.0.2.1', 1559731985)?.answer
  for (const [seconds, verdict, kept] of [
    [0, 'valid', true],
    [1800, 'valid', true],
    [1801, 'valid', false],
    [3600, 'valid', false],
    [3601, 'invalid', false],
    [-300, 'valid', true],
    [-301, 'invalid', false],
  ] as const) {
    test(`${seconds} s: ${verdict}, ${kept ? 'kept' : 'renewed'}`, () => {
      const now = 1559731985 + seconds
      const judged = judge(made ?? assert.fail(), '192.0.2.1', now)
      assert.equal(judged?.verdict, verdict)
      assert.equal(hex(judged?.answer) === hex(made), kept)
      assert.equal(judge(judged?.answer ?? assert.fail(), '192.0.2.1', now)?.verdict, 'valid', 'the new one is good')
    })
  }

  test('times are serial numbers: the end of the 32 bits is none of the cookies', () => {
    const client = Buffer.from('0102030405060708', 'hex')
    const before = judge(client, '192.0.2.1', 2 ** 32 - 10)?.answer ?? assert.fail()
    assert.equal(judge(before, '192.0.2.1', 2 ** 32 + 10)?.verdict, 'valid')
  })
})

describe('a cookie belongs to one client', () => {
  const option = judge(Buffer.from('0102030405060708', 'hex'), 'fe80::1', 1559731985)?.answer ?? assert.fail()
  const verdictOf = (cookie: Uint8Array, address: string) => judge(cookie, address, 1559731985)?.verdict

  test('its address', () => {
    assert.equal(verdictOf(option, 'fe80::1'), 'valid')
    assert.equal(verdictOf(option, 'fe80::1%eth0'), 'valid')
    assert.equal(verdictOf(option, 'fe80::2'), 'invalid')
    assert.equal(verdictOf(option, '192.0.2.1'), 'invalid')
  })

  test('each of its octets', () => {
    for (let at = 0; at < option.length; at++) {
      const other = Uint8Array.from(option)
      other[at] = (other[at] as number) ^ 1
      assert.equal(verdictOf(other, 'fe80::1'), 'invalid', `octet ${at}`)
    }
  })

  test('another version, whose hash may mean something else', () => {
    const other = option.with(8, 2)
    const key = sipKey(parseSecret(SECRET))
    const address = Buffer.from('fe800000000000000000000000000001', 'hex')
    sipHash(key, Buffer.concat([other.subarray(0, 16), address]), other, 16)
    assert.equal(verdictOf(other, 'fe80::1'), 'invalid')
  })

  test('its secret, until that is forgotten', () => {
    const [next, second] = ['00112233445566778899aabbccddeeff', SECRET].map(parseSecret)
    const verdictBy = (...secrets: (Uint8Array | undefined)[]) =>
      cookieJudge(secrets.filter((secret) => secret !== undefined))(option, 'fe80::1', 1559731985)?.verdict
    assert.equal(verdictBy(second, next), 'valid')
    assert.equal(verdictBy(next, second), 'valid')
    assert.equal(verdictBy(next), 'invalid')
  })
})

describe('what is no secret is not shown', () => {
  for (const text of ['', 'e5e973', `${SECRET}00`, `x${SECRET.slice(1)}`]) {
    test(text, () => {
      const message = 'a secret must be 32 hexadecimal digits'
      assert.throws(() => parseSecret(text), { message })
    })
  }
})

// ---------------------------------------------------------------------------

function hex(octets: Uint8Array | undefined): string {
  return Buffer.from(octets ?? []).toString('hex')
}
