import { DataType } from './datatype.ts'
import type { Metric, Place } from './metric.ts'
import { Phase, type SparkplugNode } from './node.ts'
import { Full } from './table.ts'
import type { SparkplugTopic } from './topic.ts'
import { exempt, isBdSeq, isRebirth, readBdSeq } from './well-known.ts'
import { Effect, type Work } from './work.ts'

const NODE: Place = { birth: true, definitions: true }
const DEVICE: Place = { birth: true, definitions: false }

/** NBIRTH: begins everything anew, with sequence number 0, the will's bdSeq and `Node Control/Rebirth`. */
export function judgeNodeBirth(work: Work, node: SparkplugNode, topic: SparkplugTopic): boolean {
  const { reader } = work
  if (reader.seq !== 0) {
    const why = reader.seq < 0 ? 'an NBIRTH without a sequence number' : `an NBIRTH with sequence number ${reader.seq}`
    return work.fail('sparkplug_sequence', `${why}, it has to be 0`, 'tck-id-topics-nbirth-seq-num')
  }
  if (!work.timed(topic)) return false
  work.staged.clear()
  let reborn = false
  for (let metric = reader.next(NODE); metric !== null; metric = reader.next(NODE)) {
    const { bytes } = reader.proto
    if (!stage(work, node, 0, metric)) return false
    if (isBdSeq(bytes, metric.nameFrom, metric.nameTo) && !readBdSeq(work, metric)) return false
    if (!isRebirth(bytes, metric.nameFrom, metric.nameTo)) continue
    if (!judgeRebirth(work, metric)) return false
    reborn = true
  }
  if (reader.fault !== null || !matchesWill(work, node)) return false
  if (!reborn) {
    return work.fail(
      'sparkplug_rebirth',
      'the NBIRTH has no metric "Node Control/Rebirth"',
      'tck-id-topics-nbirth-rebirth-metric',
    )
  }
  if (work.shape !== null && !work.shape.complete(reader.proto)) return false
  if (!roomy(work, node, -1)) return false
  work.effect = Effect.nodeBirth
  return true
}

/** DBIRTH: all metrics of one device, after the NBIRTH. */
export function judgeDeviceBirth(work: Work, node: SparkplugNode, topic: SparkplugTopic): boolean {
  const { reader } = work
  if (node.phase !== Phase.born && node.phase !== Phase.unknown) {
    const dead = node.phase === Phase.dead
    const why = `a DBIRTH came ${dead ? 'after the NDEATH' : 'before the NBIRTH'} of its edge node`
    return work.fail(
      dead ? 'sparkplug_dead' : 'sparkplug_unborn',
      why,
      'tck-id-message-flow-device-birth-publish-nbirth-wait',
    )
  }
  if (!work.sequence(node) || !work.timed(topic)) return false
  const name = topic.device ?? ''
  const known = node.devices.get(name)
  const { limits } = node.options
  if (
    known === undefined &&
    (node.devices.size >= limits.devices || node.deviceNames + name.length > limits.nameBytes)
  ) {
    const why = `the edge node has ${node.devices.size} devices, ${limits.devices} with ${limits.nameBytes} letters are allowed`
    return work.fail('sparkplug_limit', why, '')
  }
  work.device = known?.number ?? node.devices.size + 1
  work.staged.clear()
  for (let metric = reader.next(DEVICE); metric !== null; metric = reader.next(DEVICE)) {
    if (!stage(work, node, work.device, metric)) return false
  }
  if (reader.fault !== null) return false
  if (work.shape !== null && !work.shape.complete(reader.proto)) return false
  if (!roomy(work, node, work.device)) return false
  work.effect = Effect.deviceBirth
  return true
}

function stage(work: Work, node: SparkplugNode, device: number, metric: Metric): boolean {
  const { bytes } = work.reader.proto
  const { nameFrom, nameTo, alias, value } = metric
  if (!metric.named) {
    return work.fail('sparkplug_metric', 'a metric of a birth has no name', 'tck-id-payloads-alias-birth-requirement')
  }
  if (work.staged.find(device, bytes, nameFrom, nameTo) >= 0) {
    return work.fail('payload_duplicate_key', `${work.reader.proto.metric} is there twice`, 'Sparkplug 6.4.6')
  }
  if (alias >= 0 && !unique(work, node, device, alias)) {
    const why = `${work.reader.proto.metric} has the alias ${alias} of another metric`
    return work.fail('sparkplug_alias', why, 'tck-id-payloads-alias-uniqueness')
  }
  if (metric.timestamp < 0) {
    const why = `${work.reader.proto.metric} has no timestamp`
    return work.fail('sparkplug_timestamp', why, 'tck-id-payloads-name-birth-data-requirement')
  }
  if (value.kind === 0) {
    const clause = `tck-id-operational-behavior-data-publish-${device === 0 ? 'n' : 'd'}birth-values`
    return work.fail('sparkplug_value', `${work.reader.proto.metric} has no value and is not null`, clause)
  }
  const full = work.staged.add(device, bytes, nameFrom, nameTo, alias, metric.datatype)
  if (full !== Full.no) return crowded(work, node, full)
  return exempt(work, bytes, nameFrom, nameTo) || work.shaped(metric, bytes, nameFrom, nameTo)
}

function unique(work: Work, node: SparkplugNode, device: number, alias: number): boolean {
  if (work.staged.findAlias(alias) >= 0) return false
  if (device === 0) return true
  const other = node.metrics.findAlias(alias)
  return other < 0 || node.metrics.device(other) === device
}

function judgeRebirth(work: Work, metric: Metric): boolean {
  const why = (what: string) => `"Node Control/Rebirth" ${what}`
  if (metric.alias >= 0) {
    const clause = 'tck-id-operational-behavior-data-commands-rebirth-name-aliases'
    return work.fail('sparkplug_rebirth', why('has an alias'), clause)
  }
  if (metric.datatype !== DataType.Boolean) {
    const clause = 'tck-id-operational-behavior-data-commands-rebirth-datatype'
    return work.fail('sparkplug_rebirth', why('is not of type Boolean'), clause)
  }
  if (metric.value.number === 0) return true
  return work.fail('sparkplug_rebirth', why('is not false'), 'tck-id-operational-behavior-data-commands-rebirth-value')
}

function matchesWill(work: Work, node: SparkplugNode): boolean {
  if (work.bdSeq < 0) {
    return work.fail('sparkplug_bdseq', 'the NBIRTH has no metric "bdSeq"', 'tck-id-topics-nbirth-bdseq-included')
  }
  if (node.will < 0 && node.connected && node.phase !== Phase.unknown) {
    const clause = 'tck-id-message-flow-edge-node-birth-publish-will-message'
    return work.fail('sparkplug_bdseq', 'the edge node connected without an NDEATH as its will', clause)
  }
  if (node.will < 0 || node.will === work.bdSeq) return true
  const why = `the NBIRTH has bdSeq ${work.bdSeq}, the will has ${node.will}`
  return work.fail('sparkplug_bdseq', why, 'tck-id-payloads-nbirth-bdseq-repeat')
}

function roomy(work: Work, node: SparkplugNode, device: number): boolean {
  const full = node.metrics.room(device, work.staged)
  return full === Full.no || crowded(work, node, full)
}

function crowded(work: Work, node: SparkplugNode, full: number): false {
  const { metrics, nameBytes } = node.options.limits
  const most = full === Full.metrics ? `${metrics} metrics` : `${nameBytes} bytes of metric names`
  return work.fail('sparkplug_limit', `an edge node may have at most ${most}, its devices' included`, '')
}
