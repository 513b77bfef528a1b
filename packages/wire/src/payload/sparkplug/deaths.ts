import { alive } from './data.ts'
import type { Metric, Place } from './metric.ts'
import { Phase, type SparkplugNode } from './node.ts'
import type { SparkplugTopic } from './topic.ts'
import { isBdSeq, readBdSeq } from './well-known.ts'
import { Effect, type Work } from './work.ts'

const PLACE: Place = { birth: false, definitions: false }

/** DDEATH: the device is gone until its next DBIRTH. */
export function judgeDeviceDeath(work: Work, node: SparkplugNode, topic: SparkplugTopic): boolean {
  const { reader } = work
  if (!alive(work, node, topic) || !work.timed(topic)) return false
  let metric: Metric | null = null
  do metric = reader.next(PLACE)
  while (metric !== null)
  if (reader.fault !== null) return false
  work.effect = Effect.deviceDeath
  return true
}

/**
 * NDEATH: nothing but bdSeq. As a will it says which bdSeq the birth has to have; published, which is how an edge node takes
 * its leave before a DISCONNECT, it has to have that of the birth.
 */
export function judgeNodeDeath(work: Work, node: SparkplugNode, will: boolean): boolean {
  const { reader } = work
  if (reader.seq >= 0) {
    return work.fail('sparkplug_sequence', 'an NDEATH has a sequence number', 'tck-id-payloads-ndeath-seq')
  }
  const metric = reader.next(PLACE)
  if (reader.fault !== null) return false
  const { bytes } = reader.proto
  const alone = reader.metrics === 1 && metric !== null && isBdSeq(bytes, metric.nameFrom, metric.nameTo)
  if (!alone) {
    const why = 'an NDEATH has to have the metric "bdSeq" and no other'
    return work.fail('sparkplug_bdseq', why, 'tck-id-topics-ndeath-payload')
  }
  if (!readBdSeq(work, metric)) return false
  work.effect = will ? Effect.will : Effect.nodeDeath
  return will || matchesBirth(work, node)
}

function matchesBirth(work: Work, node: SparkplugNode): boolean {
  if (node.phase === Phase.unborn || node.phase === Phase.dead) {
    const code = node.phase === Phase.dead ? 'sparkplug_dead' : 'sparkplug_unborn'
    return work.fail(code, 'an NDEATH of an edge node that is not born', 'tck-id-principles-birth-certificates-order')
  }
  if (node.bdSeq < 0 || node.bdSeq === work.bdSeq) return true
  const why = `the NDEATH has bdSeq ${work.bdSeq}, the NBIRTH had ${node.bdSeq}`
  return work.fail('sparkplug_bdseq', why, 'tck-id-payloads-ndeath-bdseq')
}
