import { getSystemErrorMessage, getSystemErrorName } from 'node:util'

/** The calls to the kernel that UDP in batches is made of, as libc has them (see their pages in section 2 of the manual). */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number
  setsockopt(socket: number, level: number, option: number, value: Uint8Array, size: number): number
  getsockopt(socket: number, level: number, option: number, value: Uint8Array, size: Uint8Array): number
  bind(socket: number, address: Uint8Array, size: number): number
  getsockname(socket: number, address: Uint8Array, size: Uint8Array): number
  close(descriptor: number): number
  poll(sockets: Uint8Array, count: bigint, timeoutMs: number): number
  recvmmsg(socket: number, headers: bigint, count: number, flags: number, timeout: null): number
  sendmmsg(socket: number, headers: bigint, count: number, flags: number): number
  if_nametoindex(name: string): number
  /** What went wrong in the last call that gave -1. */
  errno(): number
  /** Where octets lie. They must stay referenced for as long as the kernel is told of them, and lie outside of V8's heap. */
  address(octets: Uint8Array): bigint
}

/** Loads koffi, which takes time and memory, and what it calls. Rejects where there is no koffi, or no Linux to call. */
export async function loadLibc(): Promise<Libc> {
  if (process.platform !== 'linux' || !LP64.has(process.arch))
    throw new Error(`not on ${process.platform} ${process.arch}`)
  const { default: koffi } = await import('koffi')
  const own = koffi.load(null) // Node itself is linked with the C library of this system, whichever that is
  return {
    socket: own.func('int socket(int, int, int)'),
    setsockopt: own.func('int setsockopt(int, int, int, void *, uint32_t)'),
    getsockopt: own.func('int getsockopt(int, int, int, void *, void *)'),
    bind: own.func('int bind(int, void *, uint32_t)'),
    getsockname: own.func('int getsockname(int, void *, void *)'),
    close: own.func('int close(int)'),
    poll: own.func('int poll(void *, unsigned long, int)'),
    recvmmsg: own.func('int recvmmsg(int, void *, unsigned int, int, void *)'),
    sendmmsg: own.func('int sendmmsg(int, void *, unsigned int, int)'),
    if_nametoindex: own.func('unsigned int if_nametoindex(const char *)'),
    errno: () => koffi.errno(),
    address: (octets) => koffi.address(octets),
  }
}

/** The error of a call that gave -1, as Node's own sockets have it. */
export function systemError(call: string, errno: number): NodeJS.ErrnoException {
  const code = getSystemErrorName(-errno)
  return Object.assign(new Error(`${call} ${code}: ${getSystemErrorMessage(-errno)}`), { code, errno, syscall: call })
}

// ---------------------------------------------------------------------------

/** Where the structures lie in memory as `layout.ts` has them, low octets first. */
const LP64: ReadonlySet<string> = new Set(['x64', 'arm64'])
