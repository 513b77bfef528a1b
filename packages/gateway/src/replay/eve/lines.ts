import type { Closing, Flow } from '@ringwall/wire/capture'
import { categoryOf, type Hit } from '../../signature/index.ts'
import type { Transaction } from '../transactions.ts'
import { timestamp } from './header.ts'

/** The `mqtt` object of a transaction. */
export function mqttObject({ text }: Transaction): string {
  return `"mqtt":{${text}}`
}

/** What follows the header in a line of an alert. */
export function alertPart({ rule, action }: Hit, transaction: Transaction, flow: Flow): string {
  const alert = {
    // Nothing is stopped in a capture; a reject would have been sent by Suricata even when it only listens.
    action: action === 'reject' ? 'blocked' : 'allowed',
    gid: rule.gid,
    signature_id: rule.sid,
    rev: rule.rev,
    signature: rule.message,
    category: categoryOf(rule.classtype),
    severity: rule.priority,
    ...(rule.metadata.length === 0 ? {} : { metadata: grouped(rule.metadata) }),
  }
  const direction = transaction.up ? 'to_server' : 'to_client'
  const parts = [`"tx_id":${transaction.id}`, `"alert":${JSON.stringify(alert)}`]
  if (transaction.text !== '') parts.push(mqttObject(transaction))
  parts.push(`"app_proto":"mqtt","direction":"${direction}"`, `"flow":${JSON.stringify(flowCounts(flow))}`)
  return parts.join()
}

/** What follows the header in a line of an anomaly. */
export function anomalyPart(event: string, { id }: Transaction): string {
  return `"tx_id":${id},"anomaly":{"app_proto":"mqtt","type":"applayer","event":"${event}","layer":"proto_parser"}`
}

/** What follows the header in a line of a flow that ended. */
export function flowPart(flow: Flow, mqtt: boolean, how: Closing, time: number, alerted: boolean): string {
  const state = how === 'fin' || how === 'reset' ? 'closed' : flow.midstream ? 'new' : 'established'
  const record = {
    ...flowCounts(flow),
    end: timestamp(time),
    age: Math.floor((time - flow.began) / 1_000),
    state,
    reason: how === 'timeout' || state === 'closed' ? 'timeout' : how === 'evicted' ? 'forced' : 'shutdown',
    alerted,
  }
  return `${mqtt ? '"app_proto":"mqtt",' : ''}"flow":${JSON.stringify(record)}`
}

function flowCounts(flow: Flow): Record<string, number | string> {
  return {
    pkts_toserver: flow.packetsUp,
    pkts_toclient: flow.packetsDown,
    bytes_toserver: flow.bytesUp,
    bytes_toclient: flow.bytesDown,
    start: timestamp(flow.began),
  }
}

function grouped(pairs: readonly { readonly key: string; readonly value: string }[]): Record<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const { key, value } of pairs) groups.set(key, [...(groups.get(key) ?? []), value])
  return Object.fromEntries(groups)
}
