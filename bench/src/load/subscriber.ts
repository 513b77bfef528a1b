import { connect, type Socket } from 'node:net'
import { connectFrame, Frames, subscribeFrame, TYPE } from './frames.ts'

/** A plain MQTT client that hands over the payloads of one filter's messages (QoS 0). */
export function subscribed(port: number, filter: string, onPayload: (payload: Buffer) => void): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const frames = new Frames((first, bytes, start, end) => {
      const type = first >> 4
      if (type === TYPE.connack) socket.write(subscribeFrame(filter))
      else if (type === TYPE.suback) resolve(socket)
      else if (type === TYPE.publish) onPayload(bytes.subarray(start + 2 + bytes.readUInt16BE(start), end))
    })
    socket.write(connectFrame(`bench-${process.pid}-${port}`, 0))
    socket.on('data', (chunk: Buffer) => frames.feed(chunk))
    socket.once('error', reject)
  })
}
