import { sameBytes } from '../../bytes/same.ts'
import { DataType } from './datatype.ts'
import type { Metric } from './metric.ts'
import type { Work } from './work.ts'

const ascii = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0))
const BDSEQ = ascii('bdSeq')
const REBIRTH = ascii('Node Control/Rebirth')

export function isBdSeq(bytes: Uint8Array, from: number, to: number): boolean {
  return sameBytes(bytes, from, to, BDSEQ, 0, BDSEQ.length)
}

export function isRebirth(bytes: Uint8Array, from: number, to: number): boolean {
  return sameBytes(bytes, from, to, REBIRTH, 0, REBIRTH.length)
}

/** The standard's own metrics are judged by the standard alone, unless the profile names them. */
export function exempt(work: Work, bytes: Uint8Array, from: number, to: number): boolean {
  if (!isBdSeq(bytes, from, to) && !isRebirth(bytes, from, to)) return false
  return work.shape === null || !work.shape.knows(bytes, from, to)
}

/** Reads bdSeq of a birth or death: Int64, or UInt64 as in the standard's own examples, from 0 to 255. */
export function readBdSeq(work: Work, metric: Metric): boolean {
  const { datatype, value } = metric
  if (datatype !== DataType.Int64 && datatype !== DataType.UInt64) {
    const clause = 'tck-id-message-flow-edge-node-birth-publish-will-message-payload-bdSeq'
    return work.fail('sparkplug_bdseq', 'bdSeq is not of type Int64', clause)
  }
  if (!(value.number >= 0 && value.number <= 255)) {
    const clause = 'tck-id-message-flow-edge-node-birth-publish-will-message-payload-bdSeq'
    return work.fail('sparkplug_bdseq', 'bdSeq is not a number from 0 to 255', clause)
  }
  work.bdSeq = value.number
  return true
}
