import type { RecordedMessage } from './records.ts'
import { Values } from './values.ts'

/** Intervals of fewer messages say nothing. */
const ENOUGH = 20

/** Messages of one device on one topic. */
export class TopicStatistics {
  readonly device: string
  /** What stands behind the device's level: `telemetry`, `state/door`. */
  readonly leaf: string
  messages = 0
  /** Payloads that are JSON, and those that are not. */
  json = 0
  readonly values = new Values()
  largest = 0
  retained = 0
  qos = 0
  /** Most messages within any second, by the recorder's clock. */
  busiest = 0
  #second = 0
  #inSecond = 0
  #first = Number.NaN
  #last = Number.NaN
  #squares = 0

  constructor(device: string, leaf: string) {
    this.device = device
    this.leaf = leaf
  }

  add(message: RecordedMessage, site: string): void {
    const { time, payload, qos, retain } = message
    this.messages++
    this.largest = Math.max(this.largest, payload.length)
    this.qos = Math.max(this.qos, qos)
    if (retain) this.retained++
    this.#pace(time)
    const value = parsed(payload)
    if (value === undefined) return
    this.json++
    this.values.add(value, { device: this.device, site, time })
  }

  /** Mean milliseconds from one message to the next; 0 where there are too few. */
  get period(): number {
    return this.messages < 2 ? 0 : (this.#last - this.#first) / (this.messages - 1)
  }

  /** Whether messages come at a beat of their own rather than when something happens: intervals vary by less than half. */
  get steady(): boolean {
    const { period, messages } = this
    if (messages < ENOUGH || period === 0) return false
    return this.#squares / (messages - 1) - period ** 2 < (period / 2) ** 2
  }

  #pace(time: number): void {
    const second = Math.floor(time / 1000)
    this.#inSecond = second === this.#second ? this.#inSecond + 1 : 1
    this.#second = second
    this.busiest = Math.max(this.busiest, this.#inSecond)
    if (Number.isNaN(this.#first)) this.#first = time
    else this.#squares += (time - this.#last) ** 2
    this.#last = time
  }
}

/** Undefined where the bytes are no JSON object or array: a bare word or number has no fields to learn. */
function parsed(payload: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
