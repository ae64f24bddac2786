import {
  AF_INET,
  CONTROL_SIZE,
  EINTR,
  IOVEC_LENGTH,
  IOVEC_SIZE,
  MMSGHDR,
  MMSGHDR_SIZE,
  MSG_DONTWAIT,
  MSG_TRUNC,
  MSG_WAITFORONE,
  PKTINFO4_INDEX,
  PKTINFO6_ADDRESS,
  PKTINFO6_INDEX,
  SOCKADDR_SIZE,
} from './layout.ts'
import type { Libc } from './libc.ts'
import { clientIn, clientWordsIn, portIn } from './sockaddr.ts'

/** Datagrams that are received, or sent, by one call. */
export const BATCH = 64
/** Octets that each may have: what is longer is cut off on its way in. */
export const SLOT_SIZE = 4096
const SPARE = 8

/**
 * Datagrams on their way in and, in the same places, the replies on their way out. The kernel is told of this memory once,
 * so a reply goes to where the datagram came from, and leaves from the address that was asked, unless somebody changes it.
 */
export class Batch {
  /** Slots of SLOT_SIZE octets, and a few octets more, so that words can be read wherever one begins. */
  readonly octets = new Uint8Array(BATCH * SLOT_SIZE + SPARE)
  readonly #libc: Libc
  readonly #addresses = new Uint8Array(BATCH * SOCKADDR_SIZE)
  readonly #controls = new Uint8Array(BATCH * CONTROL_SIZE)
  readonly #iovecs = new BigUint64Array((BATCH * IOVEC_SIZE) / 8)
  readonly #lengths = new Uint32Array(this.#iovecs.buffer)
  readonly #headers = new Uint32Array((BATCH * MMSGHDR_SIZE) / 4)
  readonly #octetsAt: bigint
  /** Where the header of each slot lies: worked out once, as arithmetic with such numbers is slow. */
  readonly #headersAt: readonly bigint[]
  /** Slots that are not as they were before they were received into. */
  #used = BATCH
  /** Replies that do not fit into their slots; they must not go away before they are sent. */
  readonly #long = new Map<number, Uint8Array>()

  /** All of it is too large for V8's heap, so it stays where it is for as long as this object is there. */
  constructor(libc: Libc) {
    this.#libc = libc
    this.#octetsAt = libc.address(this.octets)
    const headersAt = libc.address(octetsOf(this.#headers))
    this.#headersAt = Array.from({ length: BATCH }, (_, i) => headersAt + BigInt(i * MMSGHDR_SIZE))
    const iovecsAt = libc.address(octetsOf(this.#iovecs))
    const addressesAt = libc.address(this.#addresses)
    const controlsAt = libc.address(this.#controls)
    const fields = new BigUint64Array(this.#headers.buffer)
    for (let i = 0; i < BATCH; i++) {
      const header = (i * MMSGHDR_SIZE) / 8
      fields[header + MMSGHDR.name / 8] = addressesAt + BigInt(i * SOCKADDR_SIZE)
      fields[header + MMSGHDR.iov / 8] = iovecsAt + BigInt(i * IOVEC_SIZE)
      fields[header + MMSGHDR.iovCount / 8] = 1n
      fields[header + MMSGHDR.control / 8] = controlsAt + BigInt(i * CONTROL_SIZE)
      this.#setSlot(i, this.#octetsAt + BigInt(i * SLOT_SIZE), SLOT_SIZE)
    }
  }

  /** Receives what there is, or waits for it as long as the socket says. Gives how many came, or minus the error. */
  receive(socket: number, wait: boolean): number {
    for (let i = 0; i < this.#used; i++) this.#prepare(i)
    for (const i of this.#long.keys()) this.#setSlot(i, this.#octetsAt + BigInt(i * SLOT_SIZE), SLOT_SIZE)
    this.#long.clear()
    const count = this.#libc.recvmmsg(
      socket,
      this.#headersAt[0] as bigint,
      BATCH,
      wait ? MSG_WAITFORONE : MSG_DONTWAIT,
      null,
    )
    this.#used = Math.max(count, 0)
    return count < 0 ? -this.#libc.errno() : count
  }

  /** Octets of a datagram that was received. */
  length(i: number): number {
    return this.#field(i, MMSGHDR.size)
  }

  isCutOff(i: number): boolean {
    return (this.#field(i, MMSGHDR.flags) & MSG_TRUNC) !== 0
  }

  clientPort(i: number): number {
    return portIn(this.#addresses, i * SOCKADDR_SIZE)
  }

  clientAddress(i: number): string {
    return clientIn(this.#addresses, i * SOCKADDR_SIZE)
  }

  /** The same in words of 32 bits: one of IPv4, four of IPv6. Good until the next call. */
  clientWords(i: number): Uint32Array {
    return clientWordsIn(this.#addresses, i * SOCKADDR_SIZE)
  }

  /** Puts a reply where its question was. */
  put(i: number, reply: Uint8Array): void {
    if (reply.length > SLOT_SIZE) {
      this.#long.set(i, reply)
      this.#setSlot(i, this.#libc.address(reply), reply.length)
    } else {
      this.octets.set(reply, i * SLOT_SIZE)
      this.setLength(i, reply.length)
    }
  }

  /** The same for a reply that stands there already. */
  setLength(i: number, length: number): void {
    this.#lengths[(i * IOVEC_SIZE + IOVEC_LENGTH) / 4] = length
  }

  /** Lets the route decide through which link a reply leaves, unless the address that was asked is one of a single link. */
  freeRoute(i: number): void {
    const control = i * CONTROL_SIZE
    if (this.#addresses[i * SOCKADDR_SIZE] === AF_INET)
      this.#controls.fill(0, control + PKTINFO4_INDEX, control + PKTINFO4_INDEX + 4)
    else if (!isLinkLocal(this.#controls, control + PKTINFO6_ADDRESS))
      this.#controls.fill(0, control + PKTINFO6_INDEX, control + PKTINFO6_INDEX + 4)
  }

  /** Sends the replies of the slots from `start` to `end`, without ever waiting. Gives how many could not be sent. */
  send(socket: number, start: number, end: number): number {
    let failed = 0
    for (let at = start; at < end; ) {
      const count = this.#libc.sendmmsg(socket, this.#headersAt[at] as bigint, end - at, MSG_DONTWAIT)
      if (count > 0) at += count
      else if (this.#libc.errno() !== EINTR) {
        failed++ // the first of those that were left; it does not keep the others
        at++
      }
    }
    return failed
  }

  /** Slots are used from the first on, and the kernel writes what it has used of each. */
  #prepare(i: number): void {
    const header = (i * MMSGHDR_SIZE) / 4
    this.#headers[header + MMSGHDR.nameSize / 4] = SOCKADDR_SIZE
    this.#headers[header + MMSGHDR.controlSize / 4] = CONTROL_SIZE
    this.setLength(i, SLOT_SIZE)
  }

  #setSlot(i: number, at: bigint, length: number): void {
    this.#iovecs[2 * i] = at
    this.setLength(i, length)
  }

  #field(i: number, field: number): number {
    return this.#headers[(i * MMSGHDR_SIZE + field) / 4] as number
  }
}

// ---------------------------------------------------------------------------

function octetsOf({ buffer }: BigUint64Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer)
}

/** fe80::/10 */
function isLinkLocal(octets: Uint8Array, at: number): boolean {
  return octets[at] === 0xfe && ((octets[at + 1] as number) & 0xc0) === 0x80
}
