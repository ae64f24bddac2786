import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { expiryWords, readCertificate } from '../../../responder/listeners/certificate.ts'
import { makeCertificate } from '../certificate.ts'

const folder = mkdtempSync(join(tmpdir(), 'certificate-test-'))
after(() => rmSync(folder, { recursive: true }))
const ours = makeCertificate()
const other = makeCertificate()
const certificate = write('cert.pem', ours.cert)
const key = write('key.pem', ours.key)

test('a certificate with its chain, and its key', () => {
  const chain = write('chain.pem', ours.cert + other.cert)
  const read = readCertificate({ certificate: chain, key })
  assert.deepEqual([read.chain, read.key, read.ticketKeys.length], [ours.cert + other.cert, ours.key, 48])
  assert.notDeepEqual(readCertificate({ certificate, key }).ticketKeys, read.ticketKeys)
})

test('when it ends, and that it ended', () => {
  const dates = { notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01T12:00:00Z') }
  const old = makeCertificate(dates)
  const files = { certificate: write('old.pem', old.cert), key: write('old-key.pem', old.key) }
  assert.equal(expiryWords(readCertificate(files)), 'but it ended 2021-01-01T12:00:00.000Z')
  assert.match(expiryWords(readCertificate({ certificate, key })), /^it ends \d{4}-/)
})

describe('refuses, naming the file', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const encrypted = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
  const noise = write('noise.pem', 'noise')
  const broken = write('broken.pem', ours.cert.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA'))
  for (const [title, files, message] of [
    ['what is not there', { certificate: join(folder, 'absent'), key }, `${folder}/absent: there is no such file`],
    ['a folder', { certificate, key: folder }, `${folder}: cannot be read (EISDIR)`],
    ['what is no certificate', { certificate: noise, key }, `${noise}: holds nothing in PEM that belongs there`],
    ['a key for a certificate', { certificate: key, key }, `${key}: holds nothing in PEM that belongs there`],
    ['what is no key', { certificate, key: noise }, `${noise}: holds nothing in PEM that belongs there`],
    ['a broken certificate', { certificate: broken, key }, /broken\.pem: [^:]+$/],
    [
      'the key of another',
      { certificate, key: write('other.pem', other.key) },
      `${folder}/other.pem: is not the key of ${certificate}`,
    ],
    [
      'an encrypted key',
      { certificate, key: write('encrypted.pem', String(encrypted)) },
      `${folder}/encrypted.pem: is encrypted; the key is needed without a passphrase`,
    ],
  ] as const) {
    test(title, () => assert.throws(() => readCertificate(files), { message }))
  }
})

// ---------------------------------------------------------------------------

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
