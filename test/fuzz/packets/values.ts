/** What damage is done with: values that parsers are often wrong about, and records of every shape. */

export const DAMAGES = [0, 0, 1, 1, 1, 2, 3, 6] // how often there is one so large
export const OCTETS = [0, 1, 0x3f, 0x40, 0x80, 0xc0, 0xff]
export const VALUES = [0, 1, 2, 6, 41, 249, 250, 251, 252, 254, 255, 0x7fff, 0x8000, 0xffff]
export const TYPES = [1, 2, 5, 6, 12, 15, 16, 28, 33, 35, 39, 41, 43, 48, 64, 65, 250, 251, 252, 255, 257, 65400]
export const CLASSES = [0, 3, 4, 254, 255, 256]

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
export const OPT_RECORD = hex('00 0029 04d0 00 00 8000 0000')
export const RECORDS = [
  hex('016b00 00fa 00ff 00000000 003a 0b686d61632d73686132353600 000065000000 012c 0020'), // TSIG, cut short
  hex(
    `016b00 00fa 00ff 00000000 003d 0b686d61632d73686132353600 000065000000 012c 0020 ${'aa'.repeat(32)} 1267 0000 0000`,
  ),
  hex('c00c 0001 00ff 00000000 0000'), // UPDATE: the RRset A is to go
  hex('c00c 00ff 00ff 00000000 0000'), // all RRsets are to go
  hex('c00c 0001 00fe 00000000 0004 c0000201'), // one RR is to go
  hex('c00c 0001 0001 0000003c 0004 c0000202'), // one more A
  hex('c00c 0006 0001 00000000 0016 c00c c00c 000007e8 00000e10 00000258 00015180 0000003c'), // SOA, as of NOTIFY and IXFR
  hex('00 0000 00ff 00000000 0011 0005 00 65000000 66000000 1234 00 aabbccdd'), // SIG(0)
]
