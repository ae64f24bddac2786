/** Certificates of tests, signed by themselves and made without a tool: X.509 in DER (RFC 5280 4.1), by hand. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

export interface TestCertificate {
  readonly cert: string
  readonly key: string
}

export interface TestCertificateOptions {
  readonly commonName?: string
  readonly notBefore?: Date
  readonly notAfter?: Date
}

/** A certificate for `localhost` and the loopback addresses, on a fresh key. */
export function makeCertificate(options: TestCertificateOptions = {}): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { cert: pem('CERTIFICATE', certificate(options, publicKey, privateKey)), key: exported(privateKey) }
}

// ---------------------------------------------------------------------------

const DAY_MS = 24 * 3600 * 1000

const SEQUENCE = 0x30
const SET = 0x31
const INTEGER = 0x02
const BIT_STRING = 0x03
const OCTET_STRING = 0x04
const OID = 0x06
const UTF8_STRING = 0x0c
const GENERALIZED_TIME = 0x18
const DNS_NAME = 0x82
const IP_ADDRESS = 0x87

const ECDSA_WITH_SHA256 = der(SEQUENCE, oid('2a8648ce3d040302'))

function certificate(options: TestCertificateOptions, publicKey: KeyObject, privateKey: KeyObject): Buffer {
  const { commonName = 'localhost', notBefore = new Date(Date.now() - DAY_MS) } = options
  const { notAfter = new Date(Date.now() + DAY_MS) } = options
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, oid('550403'), der(UTF8_STRING, Buffer.from(commonName)))))
  const alternatives = der(
    SEQUENCE,
    der(DNS_NAME, Buffer.from('localhost')),
    der(IP_ADDRESS, Buffer.from([127, 0, 0, 1])),
    der(IP_ADDRESS, Buffer.from(`${'00'.repeat(15)}01`, 'hex')),
  )
  const signed = der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.from([2]))), // version 3
    der(INTEGER, Buffer.from([1]), randomBytes(8)),
    ECDSA_WITH_SHA256,
    name,
    der(SEQUENCE, time(notBefore), time(notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, der(SEQUENCE, oid('551d11'), der(OCTET_STRING, alternatives)))),
  )
  const signature = sign('sha256', signed, privateKey)
  return der(SEQUENCE, signed, ECDSA_WITH_SHA256, der(BIT_STRING, Buffer.from([0]), signature))
}

function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function oid(hex: string): Buffer {
  return der(OID, Buffer.from(hex, 'hex'))
}

function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  return der(GENERALIZED_TIME, Buffer.from(digits))
}

function pem(label: string, octets: Buffer): string {
  const lines = octets.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

function exported(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}
