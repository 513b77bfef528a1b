import { createServer, type Socket } from 'node:net'
import { serve } from '../base/remote.ts'
import { Frames, TYPE } from './frames.ts'

/** The calls of the sink. */
export type SinkCalls = typeof calls

const CONNACK = Buffer.from([0x20, 2, 0, 0])
const PINGRESP = Buffer.from([0xd0, 0])

let received = 0
let waiting: { count: number; resolve: () => void } | null = null

/**
 * A broker that takes everything and keeps nothing: it answers CONNECT, SUBSCRIBE, PINGREQ and QoS 1, and counts
 * PUBLISH frames by their headers. It stands behind gateway and haproxy alike.
 */
const calls = {
  /** Listens on `port` of 127.0.0.1. */
  listen: ({ port }: { port: number }) =>
    new Promise<void>(resolve => {
      createServer({ noDelay: true }, take).listen({ port, host: '127.0.0.1', backlog: 4096 }, resolve)
    }),

  /** PUBLISH frames received so far. */
  received: () => received,

  /** Answers when `count` frames have been received in all. */
  reach: ({ count }: { count: number }) =>
    new Promise<void>(resolve => {
      waiting = { count, resolve }
      settle()
    }),
}

function take(socket: Socket): void {
  let acks: number[] = []
  const frames = new Frames((first, bytes, start) => {
    const type = first >> 4
    if (type === TYPE.publish) {
      received++
      if ((first & 6) !== 0) {
        const at = start + 2 + bytes.readUInt16BE(start)
        acks.push(0x40, 2, bytes[at]!, bytes[at + 1]!)
      }
    } else if (type === TYPE.connect) socket.write(CONNACK)
    else if (type === TYPE.pingreq) socket.write(PINGRESP)
    else if (type === TYPE.subscribe) socket.write(Buffer.from([0x90, 3, bytes[start]!, bytes[start + 1]!, 0]))
  })
  socket.on('data', (chunk: Buffer) => {
    frames.feed(chunk)
    if (acks.length > 0) {
      socket.write(Buffer.from(acks))
      acks = []
    }
    settle()
  })
  socket.on('error', () => socket.destroy())
}

function settle(): void {
  if (waiting === null || received < waiting.count) return
  const { resolve } = waiting
  waiting = null
  resolve()
}

serve(calls)
