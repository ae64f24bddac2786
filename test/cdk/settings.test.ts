import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { App } from 'aws-cdk-lib'
import { readSettings, SettingsError } from '../../cdk/settings.ts'

const read = (zones: unknown) => readSettings(new App({ context: { zones } }).node).zones

describe('zones that can be served', () => {
  const good: readonly [given: unknown, zones: readonly string[]][] = [
    [['rpc.example.org'], ['rpc.example.org.']],
    [['Rpc.Example.ORG.'], ['rpc.example.org.']],
    [
      ['example.org', 'sub.example.org'],
      ['example.org.', 'sub.example.org.'],
    ],
    ['a.example.org', ['a.example.org.']], // -c zones=a.example.org
    ['a.example.org, b.example.org', ['a.example.org.', 'b.example.org.']],
    [['2.0.192.in-addr.arpa'], ['2.0.192.in-addr.arpa.']],
  ]
  for (const [given, zones] of good) {
    test(JSON.stringify(given), () => assert.deepEqual(read(given), zones))
  }
})

describe('zones that cannot, with the reason', () => {
  const bad: readonly [given: unknown, reason: RegExp][] = [
    [undefined, /^zones must be a list of zone names such as \["rpc\.example\.org"\], it is undefined$/],
    [[], /must be a list .*, it is \[\]$/],
    [{ zone: 'example.org' }, /must be a list/],
    [7, /must be a list .*, it is 7$/],
    ['', /^zones holds "": the name is empty$/],
    ['a.example.org,', /^zones holds "": the name is empty$/],
    [[7], /^zones holds 7, which is not a text$/],
    [['a..example.org'], /^zones holds "a\.\.example\.org": the name has an empty label$/],
    [['ex ample.org'], /^zones holds "ex ample\.org": .*character " "/],
    [[`${'a'.repeat(64)}.example.org`], /a label has 64 octets, at most 63 are allowed$/],
    [[`${'a.'.repeat(127)}example.org`], /octets on the wire, at most 255 are allowed$/],
    [['.'], /^zones holds "\.": the root cannot be served$/],
    [['*.example.org'], /^zones holds "\*\.example\.org": a zone cannot be a wildcard$/],
    [['a.example.org', 'A.EXAMPLE.ORG.'], /^zones names a\.example\.org\. twice$/],
  ]
  for (const [given, reason] of bad) {
    test(`${JSON.stringify(given)?.slice(0, 40)}`, () => {
      assert.throws(
        () => read(given),
        (error) => error instanceof SettingsError && reason.test(error.message),
      )
    })
  }
})
