import { Reason, type Scanner } from '@ringwall/wire'
import type { Address } from '../contract/index.ts'
import type { Alias, Flow } from '../session/flow.ts'
import type { Connection } from './connection.ts'

/** A PUBLISH's address, and its alias where it has one. Reused: valid until the next call of `resolve`. */
export interface Resolved {
  address: Address
  alias: Alias | null
  /** The topic stands in the packet; otherwise the alias stands for it. */
  named: boolean
}

const resolved: Resolved = { address: { bytes: new Uint8Array(0), text: '', memo: [] }, alias: null, named: true }

/** Finds what a PUBLISH is about; null where it uses an alias that nothing was said of (MQTT-3.3.2-8 and section 3.3.2.3.4). */
export function resolve(c: Connection, frame: Scanner, flow: Flow): Resolved | null {
  resolved.named = frame.topicEnd > frame.topicStart
  if (resolved.named) {
    resolved.address = c.addresses.find(frame.bytes, frame.topicStart, frame.topicEnd, frame.topicHash)
    resolved.alias = frame.alias === 0 ? null : flow.setAlias(frame.alias, resolved.address)
    return resolved
  }
  const alias = flow.alias(frame.alias)
  if (alias === undefined) return null
  resolved.address = alias.address
  resolved.alias = alias
  return resolved
}

/** The fault of an alias that stands for nothing. */
export function unknownAlias(frame: Scanner): { code: string; clause: string; why: string; reason: number } {
  return {
    code: 'alias_unknown',
    clause: 'MQTT-3.3.2.3.4',
    why: `topic alias ${frame.alias} was not set on this connection`,
    reason: Reason.PROTOCOL_ERROR,
  }
}
