import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { dropped, udpErrors } from '../metrics/families.ts'
import { clientAddress } from './client.ts'
import type { Endpoint } from './endpoint.ts'
import type { Listener, ListenerParts } from './listener.ts'

/** Answers datagrams by a socket of Node, where there are none in batches. Rejects if the port cannot be had. */
export async function listenUdp({ host, port }: Endpoint, parts: ListenerParts): Promise<Listener> {
  const { answer, counters, reusePort } = parts
  const family = isIPv6(host) ? 6 : 4
  const socket = createSocket({
    type: `udp${family}`,
    reusePort,
    recvBufferSize: BUFFER_SIZE,
    sendBufferSize: BUFFER_SIZE,
    lookup: (address, _options, callback) => callback(null, address, family), // it is an address, not a name to look up
  })
  socket.on('message', (packet, from) => {
    // Nothing listens on port 0: such a source is forged, and there are systems that refuse to send there.
    if (from.port === 0) return counters.add(dropped)
    const reply = answer(packet, { transport: 'udp', address: clientAddress(from.address), port: from.port })
    if (reply !== undefined) socket.send(reply, from.port, from.address)
  })
  const listening = once(socket, 'listening') // rejects on 'error'
  socket.bind(port, host)
  await listening
  socket.on('error', () => counters.add(udpErrors))
  return {
    port: socket.address().port,
    async close() {
      const closed = once(socket, 'close')
      setImmediate(() => socket.close()) // what was received in this turn of the loop is answered before
      await closed
    },
  }
}

// ---------------------------------------------------------------------------

const BUFFER_SIZE = 4 << 20 // octets, to outlast a pause of the collector; the kernel takes less if it is told to
