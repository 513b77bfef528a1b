import { freePort } from '../base/child.ts'
import { Remote } from '../base/remote.ts'
import type { SinkCalls } from '../load/sink.ts'
import { subscribed } from '../load/subscriber.ts'

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
