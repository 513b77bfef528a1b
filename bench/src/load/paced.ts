import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '../base/remote.ts'
import { median, quantile } from '../base/stats.ts'
import { type Connected, connectDevice, connectParty, devicesOf, type Party, topicOf } from './device.ts'
import { publishFrame, reading, STAMP_AT, STAMP_DIGITS } from './frames.ts'
import { subscribed } from './subscriber.ts'

/** The calls of the paced generator. */
export type PacedCalls = typeof calls

/** One block of paced load. */
export interface Block {
  /** Name given at `connect`. */
  readonly party: string
  /** Messages a second, over all connections of the party. */
  readonly rate: number
  readonly seconds: number
  /** Whether to wait for the subscriber to receive all of it. */
  readonly awaitDelivery: boolean
}

/** What a block came to; latencies in milliseconds from before the write to the subscriber's receipt. */
export interface BlockResult {
  readonly sent: number
  readonly delivered: number
  readonly p50: number
  readonly p99: number
}

const parties = new Map<string, Connected[]>()
let latencies: number[] = []
let lost = 0

/** Publishes at an even pace, and receives at the broker in the same process, so that both ends share one clock. */
const calls = {
  /** Connects a party under a name; its connections stay open until `close`. */
  async connect({ name, party }: { name: string; party: Party }): Promise<void> {
    devicesOf(party)
    const onLost = () => {
      if (parties.has(name)) lost++
    }
    const connected = await connectParty(party, device => connectDevice(party, device, { onLost }))
    parties.set(name, connected)
  },

  /** Subscribes at the broker behind, past gateway and haproxy. */
  async subscribe({ port }: { port: number }): Promise<void> {
    await subscribed(port, 'plant/#', payload => {
      const sentAt = Number(payload.toString('latin1', STAMP_AT, STAMP_AT + STAMP_DIGITS))
      latencies.push((microseconds() - sentAt) / 1000)
    })
  },

  /** Sends one block. */
  async run({ party, rate, seconds, awaitDelivery }: Block): Promise<BlockResult> {
    latencies = []
    const connections = parties.get(party)!
    const topics = connections.map(connection => topicOf(connection.id))
    const start = performance.now()
    const total = Math.round(rate * seconds)
    for (let sent = 0; sent < total; ) {
      const due = Math.min(total, Math.ceil(((performance.now() - start) / 1000) * rate))
      for (; sent < due; sent++) {
        const at = sent % connections.length
        connections[at]!.tls.write(publishFrame(topics[at]!, reading(microseconds())))
      }
      await sleep(1)
    }
    for (let waited = 0; awaitDelivery && latencies.length < total && waited < 1000; waited++) await sleep(2)
    if (lost > 0) throw new Error(`${lost} connections of the paced load were lost`)
    const delivered = latencies.length
    return {
      sent: total,
      delivered,
      p50: delivered > 0 ? median(latencies) : 0,
      p99: delivered > 0 ? quantile(latencies, 0.99) : 0,
    }
  },

  /** Ends the connections of a party. */
  async close({ name }: { name: string }): Promise<void> {
    const connections = parties.get(name) ?? []
    parties.delete(name)
    for (const { tls } of connections) tls.destroy()
  },
}

/** The monotonic clock, which is one for all processes. */
function microseconds(): number {
  return Number(process.hrtime.bigint() / 1000n)
}

serve(calls)
