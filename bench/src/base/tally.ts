import { connect, type Socket } from 'node:net'
import { connectFrame, Frames, subscribeFrame, TYPE } from '../load/frames.ts'
import type { SinkCalls } from '../load/sink.ts'
import { freePort } from './child.ts'
import { Remote } from './remote.ts'

/** Counts the PUBLISH frames that a broker has really received. */
export interface Tally {
  /** Answers when `count` have arrived in all; throws after a minute without, or if more have. */
  reach(count: number): Promise<void>
  /** How many have arrived so far, as far as it is known. */
  received(): Promise<number>
  stop(): Promise<void>
}

const PATIENCE = 60_000

/** The counting sink as an upstream. */
export interface Sink extends Tally {
  readonly port: number
  readonly pid: number
}

/** Starts the counting sink in a process of its own. */
export async function startSink(): Promise<Sink> {
  const remote = new Remote<SinkCalls>('sink')
  const port = await freePort()
  await remote.call('listen', { port })
  const received = async () => remote.call('received', undefined as never)
  return {
    port,
    pid: remote.pid,
    received,
    reach: count => exactly(count, remote.call('reach', { count }), received),
    stop: () => remote.stop(),
  }
}

/** Follows mosquitto's own count of received PUBLISH packets, which it tells every second on `$SYS`. */
export async function followBroker(plainPort: number): Promise<Tally> {
  let count = 0
  let change = () => {}
  const socket = await subscribed(plainPort, '$SYS/broker/publish/messages/received', payload => {
    count = Number(payload.toString('latin1'))
    change()
  })
  const reaches = (target: number) =>
    new Promise<void>(resolve => {
      change = () => {
        if (count >= target) resolve()
      }
      change()
    })
  const received = async () => count
  return {
    received,
    reach: target => exactly(target, reaches(target), received),
    stop: async () => {
      socket.destroy()
    },
  }
}

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

async function exactly(count: number, reached: Promise<void>, received: () => Promise<number>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>(resolve => {
    timer = setTimeout(() => resolve('late'), PATIENCE)
  })
  await Promise.race([reached, late])
  clearTimeout(timer)
  const arrived = await received()
  if (arrived !== count) throw new Error(`the broker received ${arrived} messages where ${count} were sent`)
}
