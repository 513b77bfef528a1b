import { PAYLOAD_LIMITS, type PayloadLimits } from '../validator.ts'
import type { SparkplugFault } from './fault.ts'
import { type Metric, MetricReader, type Place, TOP } from './metric.ts'
import { Proto } from './proto.ts'

const TIMESTAMP = 0
const SEQ = 1

/**
 * Reads the payload of a Sparkplug B message: first its envelope with `open`, then metric by metric with `next`. Strict:
 * unknown fields and extensions, repeated fields, numbers that are not in their shortest form and numbers that are not
 * finite are refused. Allocates nothing for a good payload, never throws.
 *
 * @example
 * if (reader.open(bytes, start, end, 256)) while (reader.next(place) !== null) judge(reader.metric)
 * if (reader.fault !== null) refuse(reader.fault)
 */
export class SparkplugReader {
  readonly proto: Proto
  /** How many metrics the payload has. */
  metrics = 0
  readonly #numbers = new Float64Array(2)
  readonly #metrics: MetricReader
  #at = 0
  #end = 0

  constructor(limits: PayloadLimits = PAYLOAD_LIMITS) {
    this.proto = new Proto(limits)
    this.#metrics = new MetricReader(this.proto)
  }

  get fault(): SparkplugFault | null {
    return this.proto.fault
  }

  /** Milliseconds since the Unix epoch, -1 where the payload has none. */
  get timestamp(): number {
    return this.#numbers[TIMESTAMP]
  }

  /** The sequence number, -1 where the payload has none. */
  get seq(): number {
    return this.#numbers[SEQ]
  }

  /** Reads all but the metrics. False after a fault. */
  open(bytes: Uint8Array, start: number, end: number, mostMetrics: number): boolean {
    const proto = this.proto
    proto.begin(bytes, start)
    this.#numbers.fill(-1)
    this.metrics = 0
    this.#at = start
    this.#end = end
    let seen = 0
    while (proto.at < end) {
      if (!proto.tag(end)) return false
      if (proto.field > 5) return proto.unknown('a Payload')
      if (proto.field === 2) {
        if (++this.metrics > mostMetrics) {
          return proto.fail('payload_length', `the payload has more than ${mostMetrics} metrics`, '')
        }
        if (!proto.delimited(end)) return false
        continue
      }
      seen = proto.once(seen, 'a Payload')
      if (seen < 0 || !this.#field(end)) return false
    }
    proto.index = -1
    return true
  }

  /** The next metric, or null behind the last one and after a fault. */
  next(place: Place): Metric | null {
    const proto = this.proto
    if (proto.fault !== null) return null
    proto.at = this.#at
    while (proto.at < this.#end) {
      // `open` has read this already; a field that is no metric is passed over.
      if (!proto.tag(this.#end)) return null
      if (proto.field !== 2) {
        if (proto.wire === 0 ? !proto.varint(this.#end) : !proto.delimited(this.#end)) return null
        continue
      }
      if (!proto.delimited(this.#end)) return null
      this.#at = proto.to
      proto.at = proto.from
      proto.inside(proto.bytes, 0, 0)
      proto.index++
      return this.#metrics.read(proto.to, TOP, place)
    }
    proto.outside()
    return null
  }

  #field(end: number): boolean {
    const proto = this.proto
    switch (proto.field) {
      case 1:
        return proto.number(end, this.#numbers, TIMESTAMP, 'timestamp')
      case 3:
        return proto.number(end, this.#numbers, SEQ, 'sequence number')
      case 4:
        return proto.text(end)
      default:
        return proto.delimited(end)
    }
  }
}
