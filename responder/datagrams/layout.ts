/** Numbers and structures of Linux, the same on x86-64 and arm64 (asm-generic/socket.h, linux/socket.h, linux/in6.h). */

export const EINTR = 4
export const EBADF = 9
export const EAGAIN = 11

export const AF_INET = 2
export const AF_INET6 = 10
export const SOCK_DGRAM = 2
export const SOCK_CLOEXEC = 0o2000000

export const SOL_SOCKET = 1
export const SO_SNDBUF = 7
export const SO_RCVBUF = 8
export const SO_REUSEPORT = 15
export const SO_RCVTIMEO = 20
/** What the socket holds in memory, and how much it has dropped. */
export const SO_MEMINFO = 55
export const MEMINFO_SIZE = 36
export const MEMINFO_DROPS = 32

export const IPPROTO_IP = 0
export const IP_PKTINFO = 8
export const IPPROTO_IPV6 = 41
export const IPV6_V6ONLY = 26
export const IPV6_RECVPKTINFO = 49

export const MSG_TRUNC = 0x20
export const MSG_DONTWAIT = 0x40
export const MSG_WAITFORONE = 0x10000

/** struct pollfd: the descriptor, the events that are waited for, those that have happened. */
export const POLLFD_SIZE = 8
export const POLLFD_EVENTS = 4
export const POLLFD_HAPPENED = 6
export const POLLIN = 1

/** struct sockaddr_in6, the longer one of the two. */
export const SOCKADDR_SIZE = 28

/** struct iovec: where octets lie, and how many. */
export const IOVEC_SIZE = 16
export const IOVEC_LENGTH = 8

/** struct mmsghdr, a struct msghdr and the length of what was received. Where its fields are, in octets. */
export const MMSGHDR_SIZE = 64
export const MMSGHDR = {
  name: 0,
  nameSize: 8,
  iov: 16,
  iovCount: 24,
  control: 32,
  controlSize: 40,
  flags: 48,
  size: 56,
}

/** A control message: 16 octets of header, then a struct in_pktinfo (index, own address, address asked) or in6_pktinfo (address, index). */
export const CONTROL_SIZE = 40
export const PKTINFO4_INDEX = 16
export const PKTINFO6_ADDRESS = 16
export const PKTINFO6_INDEX = 32
