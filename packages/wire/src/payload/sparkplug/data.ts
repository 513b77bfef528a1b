import { dataTypeName } from './datatype.ts'
import type { Metric, Place } from './metric.ts'
import { Phase, type SparkplugNode } from './node.ts'
import type { SparkplugTopic } from './topic.ts'
import { settle } from './value.ts'
import { exempt } from './well-known.ts'
import type { Work } from './work.ts'

const PLACE: Place = { birth: false, definitions: false }

/** NDATA and DDATA: changed values of metrics that a birth has defined. */
export function judgeData(work: Work, node: SparkplugNode, topic: SparkplugTopic): boolean {
  const { reader } = work
  if (!alive(work, node, topic) || !work.timed(topic)) return false
  for (let metric = reader.next(PLACE); metric !== null; metric = reader.next(PLACE)) {
    if (!judgeDatum(work, node, topic, metric)) return false
  }
  return reader.fault === null
}

/** Whether the node and the device may speak now; their sequence number is judged on the way. */
export function alive(work: Work, node: SparkplugNode, topic: SparkplugTopic): boolean {
  const { type, device } = topic
  if (node.phase === Phase.unborn || node.phase === Phase.dead) {
    const dead = node.phase === Phase.dead
    const why = `${type} came ${dead ? 'after the NDEATH' : 'before the NBIRTH'} of its edge node`
    return work.fail(dead ? 'sparkplug_dead' : 'sparkplug_unborn', why, 'tck-id-principles-birth-certificates-order')
  }
  if (!work.sequence(node)) return false
  if (device === null) {
    work.device = 0
    return true
  }
  const known = node.devices.get(device)
  work.device = known?.number ?? -1
  if (known === undefined) {
    if (node.phase === Phase.unknown) return true
    const why = `${type} came before the DBIRTH of its device`
    return work.fail('sparkplug_unborn', why, 'tck-id-payloads-ddata-order')
  }
  if (known.alive) return true
  return work.fail('sparkplug_dead', `${type} came after the DDEATH of its device`, 'Sparkplug 5.7')
}

function judgeDatum(work: Work, node: SparkplugNode, topic: SparkplugTopic, metric: Metric): boolean {
  const { proto } = work.reader
  if (metric.timestamp < 0) {
    const why = `${proto.metric} has no timestamp`
    return work.fail('sparkplug_timestamp', why, 'tck-id-payloads-name-birth-data-requirement')
  }
  const known = metric.alias >= 0 ? byAlias(work, node, metric) : byName(work, node, topic, metric)
  if (known < 0) return work.reader.fault === null && judgeUnknown(work, metric)
  const { names } = node.metrics
  const from = node.metrics.nameStart(known)
  const to = node.metrics.nameEnd(known)
  proto.inside(names, from, to)
  if (!agrees(work, metric, node.metrics.type(known))) return false
  if (!metric.historical && !inOrder(work, node, known, metric, names, from, to)) return false
  return exempt(work, names, from, to) || work.shaped(metric, names, from, to)
}

/** The born metric of an alias, or -1. */
function byAlias(work: Work, node: SparkplugNode, metric: Metric): number {
  if (metric.named) {
    const why = `${work.reader.proto.metric} has a name beside its alias`
    work.fail('sparkplug_alias', why, 'tck-id-payloads-alias-data-cmd-requirement')
    return -1
  }
  const known = node.metrics.findAlias(metric.alias)
  if (known >= 0 && node.metrics.device(known) === work.device) return known
  if (node.phase === Phase.unknown) return -1
  const whose = known < 0 ? 'no metric of the last birth' : 'a metric of another device'
  work.fail('sparkplug_alias', `the alias ${metric.alias} is that of ${whose}`, 'Sparkplug 6.4.6')
  return -1
}

function byName(work: Work, node: SparkplugNode, topic: SparkplugTopic, metric: Metric): number {
  const { proto } = work.reader
  if (!metric.named) {
    work.fail('sparkplug_metric', 'a metric has neither name nor alias', 'tck-id-payloads-name-requirement')
    return -1
  }
  const known = node.metrics.find(work.device, proto.bytes, metric.nameFrom, metric.nameTo)
  if (known < 0) {
    if (node.phase === Phase.unknown) return -1
    const clause = `tck-id-operational-behavior-data-publish-${topic.device === null ? 'n' : 'd'}birth`
    work.fail('sparkplug_metric', `${proto.metric} was not in the last birth`, clause)
    return -1
  }
  if (node.metrics.alias(known) < 0) return known
  const why = `${proto.metric} was born with an alias and comes by its name`
  work.fail('sparkplug_alias', why, 'tck-id-payloads-alias-data-cmd-requirement')
  return -1
}

/** The value must be there, and of the type that the birth gave it. */
export function agrees(work: Work, metric: Metric, type: number): boolean {
  const { proto } = work.reader
  if (metric.datatype >= 0 && metric.datatype !== type) {
    const why = `${proto.metric} was born as ${dataTypeName(type)} and comes as ${dataTypeName(metric.datatype)}`
    return work.fail('sparkplug_datatype', why, 'Sparkplug 6.4.6')
  }
  return valued(work, metric) && (metric.value.kind !== 0 || settle(proto, metric.value, type))
}

export function valued(work: Work, metric: Metric): boolean {
  if (metric.isNull || metric.value.field !== 0) return true
  const why = `${work.reader.proto.metric} has no value and is not null`
  return work.fail('sparkplug_value', why, 'Sparkplug 6.4.6')
}

/** Values of one metric come in order of time, and only once where others are judged by it. */
function inOrder(
  work: Work,
  node: SparkplugNode,
  known: number,
  metric: Metric,
  names: Uint8Array,
  from: number,
  to: number,
): boolean {
  const before = node.metrics.stamp(known, work.serial, metric.timestamp)
  if (before < 0) return true
  if (work.shape?.captures(names, from, to)) {
    const why = `${work.reader.proto.metric} is there twice, and other values are judged by it`
    return work.fail('payload_duplicate_key', why, '')
  }
  if (metric.timestamp >= before) return true
  const clause = `tck-id-operational-behavior-data-publish-${work.device === 0 ? 'n' : 'd'}birth-order`
  return work.fail('sparkplug_order', `${work.reader.proto.metric} goes back in time within one message`, clause)
}

/** Without its birth a metric is judged by what it says of itself: its name and type, where it has them. */
function judgeUnknown(work: Work, metric: Metric): boolean {
  if (!valued(work, metric)) return false
  const { bytes } = work.reader.proto
  if (!metric.named || metric.value.kind === 0 || exempt(work, bytes, metric.nameFrom, metric.nameTo)) return true
  return work.shaped(metric, bytes, metric.nameFrom, metric.nameTo)
}
