import { constants, createPrivateKey, randomBytes, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, type TlsOptions } from 'node:tls'

/** The files of a certificate, in PEM. */
export interface CertificateFiles {
  /** The certificate of the server, then those that lead from it to one that clients know. */
  readonly certificate: string
  readonly key: string
}

/** What a server shows of itself, in a form that passes between threads. */
export interface Certificate {
  readonly chain: string
  readonly key: string
  /** Shared by all workers, for a client may meet another one when it comes back with its ticket. */
  readonly ticketKeys: Uint8Array
}

/** Reads and checks both files. Throws an Error of one line that names the file. */
export function readCertificate(files: CertificateFiles): Certificate {
  const chain = readText(files.certificate)
  const key = readText(files.key)
  const certificate = from(files.certificate, () => new X509Certificate(chain))
  const privateKey = from(files.key, () => createPrivateKey(key))
  if (!certificate.checkPrivateKey(privateKey)) throw new Error(`${files.key}: is not the key of ${files.certificate}`)
  const read = { chain, key, ticketKeys: newTicketKeys() }
  from(files.certificate, () => createSecureContext(tlsOptions(read))) // what OpenSSL finds too weak
  return read
}

/** Fresh keys for the tickets by which clients resume a session. Old tickets then lead to a whole handshake. */
export function newTicketKeys(): Uint8Array {
  return randomBytes(TICKET_KEYS_SIZE)
}

/** When a certificate ends. */
export function expiryOf({ chain }: Certificate): Date {
  return new Date(new X509Certificate(chain).validTo)
}

export function expiryWords(certificate: Certificate): string {
  const end = expiryOf(certificate)
  return `${end.getTime() < Date.now() ? 'but it ended' : 'it ends'} ${end.toISOString()}`
}

/** TLS 1.3, and 1.2 with forward secrecy and authenticated encryption only (RFC 9325 3.1.1, 4.2). */
export function tlsOptions({ chain, key, ticketKeys }: Certificate): TlsOptions {
  return {
    cert: chain,
    key,
    ticketKeys: Buffer.from(ticketKeys),
    minVersion: 'TLSv1.2',
    ciphers: CIPHERS,
    honorCipherOrder: true,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION, // it costs the server more than the client (RFC 9325 3.5)
  }
}

// ---------------------------------------------------------------------------

const TICKET_KEYS_SIZE = 48 // as Node takes them

const CIPHERS = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new Error(`${file}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`}`, { cause })
  }
}

/** OpenSSL's reason, which stands behind its numbers. */
function from<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw new Error(`${file}: ${REASONS[code ?? ''] ?? message.split(':').at(-1)}`, { cause })
  }
}

const ENCRYPTED = 'is encrypted; the key is needed without a passphrase'

const REASONS: Readonly<Record<string, string>> = {
  ERR_OSSL_PEM_NO_START_LINE: 'holds nothing in PEM that belongs there',
  ERR_OSSL_UNSUPPORTED: 'holds nothing in PEM that belongs there',
  ERR_MISSING_PASSPHRASE: ENCRYPTED,
  ERR_OSSL_CRYPTO_INTERRUPTED_OR_CANCELLED: ENCRYPTED,
}
