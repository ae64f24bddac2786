import type { Answer } from '../answer.ts'
import type { Counters } from '../metrics/counters.ts'
import type { Certificate } from './certificate.ts'

/** A socket that takes requests. */
export interface Listener {
  readonly port: number
  /** Takes no new requests, finishes what it has, and resolves when the socket is gone. */
  close(): Promise<void>
}

export interface SecureListener extends Listener {
  /** Shows this certificate to those who come from now on. */
  show(certificate: Certificate): void
}

export interface ListenerParts {
  readonly answer: Answer
  readonly counters: Counters
  /** Other workers listen on the same port, and the kernel shares out the requests (SO_REUSEPORT). */
  readonly reusePort: boolean
}
