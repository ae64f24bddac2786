/** `NAMESTREAM_UDP=node npm test -- FILE...` runs tests with Node's own sockets in place of native ones. */
export const nativeUdp = process.platform === 'linux' && process.env.NAMESTREAM_UDP !== 'node'

/** A worker has one for streams and one for datagrams, or one for both. */
export const threadsPerWorker = nativeUdp ? 2 : 1
