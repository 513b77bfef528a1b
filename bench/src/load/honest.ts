import { serve } from '../base/remote.ts'
import { median, quantile } from '../base/stats.ts'
import { connectDevice, connectParty, devicesOf, type Party, topicOf } from './device.ts'
import { publishFrame, reading, TYPE } from './frames.ts'

/** The calls of the honest devices. */
export type HonestCalls = typeof calls

/** How the devices fared; times in milliseconds from PUBLISH to PUBACK. */
export interface Fared {
  readonly answered: number
  readonly unanswered: number
  readonly p50: number
  readonly p99: number
  /** Devices disconnected since they connected. */
  readonly lost: number
}

/** Milliseconds that an acknowledgement may take at the end of a block before it counts as missing. */
const PATIENCE = 5000

interface Honest {
  readonly send: () => void
  readonly pending: Map<number, number>
}

const devices: Honest[] = []
let times: number[] = []
let lost = 0

/** Devices that publish at QoS 1, each at its own even pace, and time the broker's acknowledgement. */
const calls = {
  async connect(party: Party): Promise<void> {
    devicesOf(party)
    await connectParty(party, device => {
      const pending = new Map<number, number>()
      const onFrame = (first: number, bytes: Buffer, start: number) => {
        if (first >> 4 !== TYPE.puback) return
        const packetId = bytes.readUInt16BE(start)
        const sentAt = pending.get(packetId)
        if (sentAt === undefined) return
        times.push(performance.now() - sentAt)
        pending.delete(packetId)
      }
      const joined = connectDevice(party, device, {
        onFrame,
        onLost: () => {
          lost++
        },
      })
      return joined.then(one => {
        let packetId = 0
        const send = () => {
          packetId = (packetId % 65_535) + 1
          pending.set(packetId, performance.now())
          one.tls.write(publishFrame(topicOf(one.id), reading(packetId), packetId))
        }
        devices.push({ send, pending })
        return one
      })
    })
  },

  /** Each device publishes `rate` times a second; no two at the same moment. */
  async run({ rate, seconds }: { rate: number; seconds: number }): Promise<Fared> {
    times = []
    const total = Math.round(devices.length * rate * seconds)
    const start = performance.now()
    for (let sent = 0; sent < total; ) {
      const due = Math.min(total, Math.ceil(((performance.now() - start) / 1000) * rate * devices.length))
      for (; sent < due; sent++) devices[sent % devices.length]!.send()
      await new Promise(resolve => setTimeout(resolve, 1))
    }
    const until = performance.now() + PATIENCE
    const unanswered = () => devices.reduce((sum, device) => sum + device.pending.size, 0)
    while (unanswered() > 0 && performance.now() < until) await new Promise(resolve => setTimeout(resolve, 5))
    const answered = times.length
    const missing = unanswered()
    for (const device of devices) device.pending.clear()
    return { answered, unanswered: missing, p50: median(times), p99: quantile(times, 0.99), lost }
  },
}

serve(calls)
