import { Types } from '../shape.ts'
import { DataSetReader } from './dataset.ts'
import { isMetricType, ValueField } from './datatype.ts'
import { readMetaData } from './metadata.ts'
import { readPropertySet } from './properties.ts'
import type { Proto } from './proto.ts'
import { readParameter, readTemplateEnd, TemplateHead } from './template.ts'
import { readValue, settle, Value } from './value.ts'

const MAX_FIELD = 18
const ALIAS = 0
const TIMESTAMP = 1
/** The depth of the payload's own metrics: the payload, its array, the metric. */
export const TOP = 2

/** One metric as it was read. Reused. */
export class Metric {
  /** Where its name stands; `nameTo` is `nameFrom` where it has none. */
  nameFrom = 0
  nameTo = 0
  /** -1 where it has none. */
  datatype = -1
  historical = false
  isNull = false
  readonly value = new Value()
  /** Alias and timestamp. */
  readonly numbers = new Float64Array(2)

  clear(): void {
    this.nameFrom = 0
    this.nameTo = 0
    this.numbers[ALIAS] = -1
    this.numbers[TIMESTAMP] = -1
    this.datatype = -1
    this.historical = false
    this.isNull = false
    this.value.clear()
  }

  /** -1 where it has none. */
  get alias(): number {
    return this.numbers[ALIAS]
  }

  /** Milliseconds since the Unix epoch, -1 where it has none. */
  get timestamp(): number {
    return this.numbers[TIMESTAMP]
  }

  get named(): boolean {
    return this.nameTo > this.nameFrom
  }
}

/** In which kind of message the metrics stand. */
export interface Place {
  /** A birth: types are required. */
  readonly birth: boolean
  /** Definitions of templates are allowed. */
  readonly definitions: boolean
}

/** Reads metrics, and those within their templates. */
export class MetricReader {
  readonly #proto: Proto
  readonly #dataSets: DataSetReader
  /** One for each depth: the metrics within each other. */
  readonly #metrics: Metric[]
  readonly #heads: TemplateHead[]

  constructor(proto: Proto) {
    this.#proto = proto
    this.#dataSets = new DataSetReader(proto)
    this.#metrics = Array.from({ length: proto.limits.depth }, () => new Metric())
    this.#heads = this.#metrics.map(() => new TemplateHead())
  }

  /** Reads the metric that ends at `end`; null after a fault. Its value is settled where its type is known. */
  read(end: number, depth: number, place: Place): Metric | null {
    const proto = this.#proto
    if (depth >= proto.limits.depth) {
      proto.fail('payload_depth', `the payload is nested deeper than ${proto.limits.depth}`, '')
      return null
    }
    const metric = this.#metrics[depth]
    metric.clear()
    let seen = 0
    while (proto.at < end) {
      if (!proto.tag(end)) return null
      if (proto.field > MAX_FIELD) {
        proto.unknown('a Metric')
        return null
      }
      seen = proto.once(seen, 'a Metric')
      if (seen < 0 || !this.#field(metric, end, depth, place)) return null
    }
    return this.#finish(metric, place) ? metric : null
  }

  #field(metric: Metric, end: number, depth: number, place: Place): boolean {
    const proto = this.#proto
    switch (proto.field) {
      case 1:
        return this.#name(metric, end, depth)
      case 2:
        return proto.number(end, metric.numbers, ALIAS, 'alias')
      case 3:
        return proto.number(end, metric.numbers, TIMESTAMP, 'timestamp')
      case 4:
        if (!proto.uint32(end)) return false
        metric.datatype = proto.low
        return isMetricType(proto.low) || this.#noType(proto.low)
      case 5:
        if (!proto.bool(end)) return false
        metric.historical = proto.low === 1
        return true
      case 6:
        return proto.bool(end)
      case 7:
        if (!proto.bool(end)) return false
        metric.isNull = proto.low === 1
        return true
      case 8:
        if (!proto.delimited(end)) return false
        proto.at = proto.from
        return readMetaData(proto, proto.to)
      case 9:
        if (!proto.delimited(end)) return false
        proto.at = proto.from
        return readPropertySet(proto, proto.to, depth + 1, place.birth)
      default:
        return this.#value(metric, end, depth, place)
    }
  }

  #name(metric: Metric, end: number, depth: number): boolean {
    const proto = this.#proto
    if (!proto.text(end)) return false
    if (proto.from === proto.to) {
      return proto.fail('sparkplug_metric', 'a metric has an empty name', 'tck-id-payloads-name-requirement')
    }
    metric.nameFrom = proto.from
    metric.nameTo = proto.to
    if (depth === TOP) proto.inside(proto.bytes, proto.from, proto.to)
    return true
  }

  #value(metric: Metric, end: number, depth: number, place: Place): boolean {
    const proto = this.#proto
    const field = proto.field
    if (metric.value.field !== ValueField.none) {
      return proto.fail('payload_duplicate_key', `${proto.metric} has two values`, 'Sparkplug 6.4.6')
    }
    if (field < ValueField.dataset) return readValue(proto, field, end, metric.value)
    if (!proto.delimited(end)) return false
    const from = proto.from
    const to = proto.to
    proto.at = from
    const good =
      field === ValueField.dataset ? this.#dataSets.read(to, depth + 1) : this.#template(to, depth + 1, place)
    if (!good) return false
    metric.value.clear()
    metric.value.field = field
    metric.value.from = from
    metric.value.to = to
    return true
  }

  #template(end: number, depth: number, place: Place): boolean {
    const proto = this.#proto
    if (depth >= proto.limits.depth) {
      return proto.fail('payload_depth', `the payload is nested deeper than ${proto.limits.depth}`, '')
    }
    const head = this.#heads[depth]
    head.clear()
    let members = 0
    let parameters = 0
    while (proto.at < end) {
      if (!proto.tag(end)) return false
      if (proto.field === 2) {
        if (++members > proto.limits.members) return this.#tooMany('metrics')
        if (!this.#member(end, depth, place)) return false
      } else if (proto.field === 3) {
        if (++parameters > proto.limits.members) return this.#tooMany('parameters')
        if (!proto.delimited(end)) return false
        proto.at = proto.from
        if (!readParameter(proto, proto.to, place.birth)) return false
      } else if (!head.read(proto, end)) return false
    }
    return readTemplateEnd(proto, head, place.definitions)
  }

  #member(end: number, depth: number, place: Place): boolean {
    const proto = this.#proto
    if (!proto.delimited(end)) return false
    const to = proto.to
    proto.at = proto.from
    const member = this.read(to, depth + 1, place)
    if (member === null) return false
    if (member.named || member.alias >= 0) return true
    return proto.fail('sparkplug_metric', 'a member of a template has no name', 'tck-id-payloads-name-requirement')
  }

  #finish(metric: Metric, place: Place): boolean {
    const proto = this.#proto
    if (place.birth && metric.datatype < 0) {
      return proto.fail('sparkplug_datatype', `${proto.metric} has no datatype`, 'tck-id-payloads-metric-datatype-req')
    }
    if (metric.isNull) {
      if (metric.value.field !== ValueField.none) {
        return proto.fail('sparkplug_value', `${proto.metric} is null and has a value`, 'Sparkplug 6.4.6')
      }
      metric.value.becomeNull(proto.at)
      return true
    }
    if (metric.value.field === ValueField.none || metric.datatype < 0) return true
    return settle(proto, metric.value, metric.datatype) && metric.value.kind !== Types.null
  }

  #noType(type: number): boolean {
    const why = `${this.#proto.metric} has the datatype ${type}, which no metric has`
    return this.#proto.fail('sparkplug_datatype', why, 'tck-id-payloads-metric-datatype-value')
  }

  #tooMany(what: string): boolean {
    const why = `a template has more than ${this.#proto.limits.members} ${what}`
    return this.#proto.fail('payload_length', why, '')
  }
}
