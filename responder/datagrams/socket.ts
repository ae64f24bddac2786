import { isIPv6 } from 'node:net'
import type { Endpoint } from '../listeners/endpoint.ts'
import {
  AF_INET,
  AF_INET6,
  IP_PKTINFO,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_RECVPKTINFO,
  IPV6_V6ONLY,
  MEMINFO_DROPS,
  MEMINFO_SIZE,
  SO_MEMINFO,
  SO_RCVBUF,
  SO_RCVTIMEO,
  SO_REUSEPORT,
  SO_SNDBUF,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCKADDR_SIZE,
  SOL_SOCKET,
} from './layout.ts'
import { type Libc, systemError } from './libc.ts'
import { portIn, writeSockaddr } from './sockaddr.ts'

/** A bound socket. Its descriptor is the process's, so one thread may open it and another serve it. */
export interface DatagramSocket {
  readonly descriptor: number
  readonly port: number
  /** It is on all addresses, so each datagram comes with the one that was asked. */
  readonly everywhere: boolean
}

/** How long a receiver waits for a datagram before it looks at what else there is to do. */
export const WAIT_MS = 20

/** Opens and binds a socket. Throws an error as Node's own sockets have it. */
export function openSocket(libc: Libc, endpoint: Endpoint, reusePort: boolean): DatagramSocket {
  const family6 = isIPv6(endpoint.host)
  const address = writeSockaddr(endpoint, (link) => libc.if_nametoindex(link))
  const everywhere = address.subarray(4).every((octet) => octet === 0) // but for family and port
  const descriptor = checked('socket', libc.socket(family6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0))
  try {
    if (reusePort) set(SOL_SOCKET, SO_REUSEPORT, flag(1))
    set(SOL_SOCKET, SO_RCVBUF, flag(BUFFER_SIZE))
    set(SOL_SOCKET, SO_SNDBUF, flag(BUFFER_SIZE))
    set(SOL_SOCKET, SO_RCVTIMEO, timeval(WAIT_MS))
    if (family6) set(IPPROTO_IPV6, IPV6_V6ONLY, flag(0)) // `::` is IPv4 as well, whatever the system thinks is usual
    if (everywhere && family6) set(IPPROTO_IPV6, IPV6_RECVPKTINFO, flag(1))
    if (everywhere && !family6) set(IPPROTO_IP, IP_PKTINFO, flag(1))
    checked('bind', libc.bind(descriptor, address, address.length))
    return { descriptor, port: boundPort(), everywhere }
  } catch (error) {
    libc.close(descriptor)
    throw error
  }

  function set(level: number, option: number, value: Uint8Array): void {
    checked('setsockopt', libc.setsockopt(descriptor, level, option, value, value.length))
  }

  function boundPort(): number {
    const bound = new Uint8Array(SOCKADDR_SIZE)
    checked('getsockname', libc.getsockname(descriptor, bound, flag(SOCKADDR_SIZE)))
    return portIn(bound, 0)
  }

  function checked(call: string, result: number): number {
    if (result < 0) throw systemError(call, libc.errno())
    return result
  }
}

export function closeSocket(libc: Libc, { descriptor }: DatagramSocket): void {
  libc.close(descriptor)
}

/** Datagrams that the kernel has dropped because they came faster than they were taken; 0 where it does not tell. */
export function dropsOf(libc: Libc, { descriptor }: DatagramSocket): number {
  const told = new Uint8Array(MEMINFO_SIZE)
  if (libc.getsockopt(descriptor, SOL_SOCKET, SO_MEMINFO, told, flag(MEMINFO_SIZE)) < 0) return 0
  return new DataView(told.buffer).getUint32(MEMINFO_DROPS, true)
}

// ---------------------------------------------------------------------------

const BUFFER_SIZE = 4 << 20 // octets, to outlast a pause of the collector; the kernel takes less if it is told to

/** An int. */
function flag(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer)
}

/** A struct timeval: seconds, microseconds. */
function timeval(ms: number): Uint8Array {
  return new Uint8Array(BigInt64Array.of(BigInt(Math.floor(ms / 1000)), BigInt((ms % 1000) * 1000)).buffer)
}
