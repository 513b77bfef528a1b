import { agrees, valued } from './data.ts'
import { DataType } from './datatype.ts'
import type { Metric, Place } from './metric.ts'
import { Phase, type SparkplugNode } from './node.ts'
import type { SparkplugTopic } from './topic.ts'
import { isRebirth } from './well-known.ts'
import type { Work } from './work.ts'

const PLACE: Place = { birth: false, definitions: false }

/**
 * NCMD and DCMD, down to the edge node: what is written has to be a metric of the birth and of its type; the shape says which
 * may be written. A rebirth request is legal at any time, since it is how a host finds back to a node that it does not know.
 */
export function judgeCommand(work: Work, node: SparkplugNode, topic: SparkplugTopic): boolean {
  const { reader } = work
  const verb = topic.type.toLowerCase()
  if (reader.seq >= 0) {
    return work.fail('sparkplug_sequence', `${topic.type} has a sequence number`, `tck-id-payloads-${verb}-seq`)
  }
  if (!work.timed(topic)) return false
  if (reader.metrics === 0) {
    return work.fail('sparkplug_metric', `${topic.type} writes no metric`, `tck-id-topics-${verb}-payload`)
  }
  work.device = topic.device === null ? 0 : (node.devices.get(topic.device)?.number ?? -1)
  let rebirth = false
  let unnamed = false
  for (let metric = reader.next(PLACE); metric !== null; metric = reader.next(PLACE)) {
    if (topic.device === null && metric.named && isRebirth(reader.proto.bytes, metric.nameFrom, metric.nameTo)) {
      if (!judgeRebirth(work, metric)) return false
      rebirth = true
    } else if (!judgeWrite(work, node, topic, metric)) return false
    unnamed ||= !metric.named
  }
  if (reader.fault !== null) return false
  // What an alias stands for is known where the births are.
  if (unnamed && node.phase === Phase.elsewhere) return true
  return (rebirth && reader.metrics === 1) || work.shape === null || work.shape.complete(reader.proto)
}

function judgeRebirth(work: Work, metric: Metric): boolean {
  const clause = 'tck-id-operational-behavior-data-commands-ncmd-rebirth-value'
  if (!agrees(work, metric, DataType.Boolean)) return false
  if (metric.value.number === 1) return true
  return work.fail('sparkplug_rebirth', 'a rebirth request whose value is not true', clause)
}

function judgeWrite(work: Work, node: SparkplugNode, topic: SparkplugTopic, metric: Metric): boolean {
  const { proto } = work.reader
  const born = node.phase === Phase.born && work.device >= 0
  if (!born && node.phase !== Phase.unknown && node.phase !== Phase.elsewhere) {
    const who = topic.device === null ? 'edge node' : 'device'
    return work.fail('sparkplug_unborn', `${topic.type} came before the birth of its ${who}`, 'Sparkplug 5.17')
  }
  const known = find(work, node, metric)
  if (known < 0) return born ? unknown(work, topic, metric) : judgeUnborn(work, node, metric)
  const { names } = node.metrics
  const from = node.metrics.nameStart(known)
  const to = node.metrics.nameEnd(known)
  if (
    metric.named &&
    metric.alias >= 0 &&
    node.metrics.find(work.device, proto.bytes, metric.nameFrom, metric.nameTo) !== known
  ) {
    return work.fail('sparkplug_alias', `${proto.metric} comes with the alias of another metric`, 'Sparkplug 6.4.6')
  }
  proto.inside(names, from, to)
  return (
    agrees(work, metric, node.metrics.type(known)) && once(work, node, known) && work.shaped(metric, names, from, to)
  )
}

function find(work: Work, node: SparkplugNode, metric: Metric): number {
  const { bytes } = work.reader.proto
  if (metric.alias < 0) {
    return metric.named ? node.metrics.find(work.device, bytes, metric.nameFrom, metric.nameTo) : -1
  }
  const known = node.metrics.findAlias(metric.alias)
  return known >= 0 && node.metrics.device(known) === work.device ? known : -1
}

function unknown(work: Work, topic: SparkplugTopic, metric: Metric): false {
  if (metric.alias >= 0) {
    const why = `no metric of the last birth has the alias ${metric.alias}`
    return work.fail('sparkplug_alias', why, 'Sparkplug 6.4.6')
  }
  const clause = `tck-id-operational-behavior-data-commands-${topic.type.toLowerCase()}-metric-name`
  return work.fail('sparkplug_metric', `${work.reader.proto.metric} was not in the last birth`, clause)
}

/** The birth was not seen: the command is judged by its own name and type, which it must have if nobody judges it later. */
function judgeUnborn(work: Work, node: SparkplugNode, metric: Metric): boolean {
  const { proto } = work.reader
  if (!metric.named || metric.value.kind === 0) {
    if (node.phase === Phase.elsewhere) return valued(work, metric)
    const why = `${proto.metric} has no name or no type, and the birth that would say them is not known`
    return work.fail('sparkplug_unborn', why, 'Sparkplug 5.17')
  }
  return work.shaped(metric, proto.bytes, metric.nameFrom, metric.nameTo)
}

function once(work: Work, node: SparkplugNode, known: number): boolean {
  if (node.metrics.stamp(known, work.serial, 0) < 0) return true
  return work.fail('payload_duplicate_key', `${work.reader.proto.metric} is written twice`, '')
}
