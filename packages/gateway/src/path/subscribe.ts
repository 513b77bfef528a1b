import { encodeSuback, isFault, Reason, readSubscribe, type Scanner } from '@ringwall/wire'
import { type Address, type Finding, Step } from '../contract/index.ts'
import { reasonOf } from './answer.ts'
import { end, noteFloor } from './close.ts'
import type { Connection } from './connection.ts'
import { decisionOf, Outcome } from './judge.ts'
import { subjectOf } from './verdict.ts'
import { wait } from './wait.ts'
import type { Way } from './way.ts'

/**
 * Judges a SUBSCRIBE filter by filter. With none refused it goes on as it is; with all refused the gateway answers; else it
 * goes on without the refused ones, whose reason codes are joined into the broker's SUBACK (MQTT-3.8.4-5, MQTT-3.8.4-6).
 */
export function subscribe(c: Connection, frame: Scanner, way: Way): void {
  const { session } = c
  const asked = readSubscribe(frame.bytes, frame.body, frame.end, session.version)
  if (isFault(asked)) {
    way.evidence.fault(c, asked.code)
    noteFloor(c, way, 'disconnect', asked, { action: 'packet', bytes: frame.bytes, start: frame.start, end: frame.end })
    return end(c, asked.reason, asked.code, way)
  }
  const reasons = new Uint8Array(asked.filters.length)
  let refused = 0
  for (const [index, filter] of asked.filters.entries()) {
    const outcome = judgeFilter(
      c,
      frame,
      c.addresses.make(filter.text),
      filter.qos,
      index === 0 ? asked.filters.length : 0,
      way,
    )
    if (outcome === Outcome.throttle) return wait(c, Step.subscribe, way.judge.wait, way)
    if (outcome === Outcome.disconnect) return finish(c, way)
    if (!way.judge.refuses) continue
    reasons[index] = reasonOf(way.judge.findings)
    refused++
  }
  if (refused > 0 && refused < reasons.length && !session.expectSuback(frame.packetId, reasons)) {
    reasons.fill(Reason.QUOTA_EXCEEDED)
    refused = reasons.length
  }
  if (refused === 0) way.up.pass(frame.bytes, frame.start, frame.end)
  else if (refused === reasons.length) c.answer(encodeSuback(session.version, frame.packetId, reasons))
  else way.up.put(way.upstream.subscribePacket(c, frame, reasons))
}

function judgeFilter(c: Connection, frame: Scanner, address: Address, qos: number, weight: number, way: Way): Outcome {
  const { act, judge, book, counts } = way
  if (c.lane === null) return Outcome.disconnect
  act.aim(c.principal, frame, 'subscribe', address, weight)
  act.qos = qos
  counts.acts++
  counts.awaited++
  const outcome = judge.judge(c.plan, act, c.lane, c.scene)
  if (outcome !== Outcome.throttle) way.evidence.filter(c, 'subscribe', address.text, qos)
  if (outcome === Outcome.allow) return outcome
  if (outcome === Outcome.throttle) counts.throttled++
  else if (outcome !== Outcome.flag) counts.refused++
  book.note(decisionOf(outcome), judge.findings, subjectOf(act, c.peer), c.scene.wall)
  return outcome
}

function finish(c: Connection, way: Way): void {
  const findings: readonly Finding[] = way.judge.findings
  way.up.cut()
  end(c, reasonOf(findings), findings[0]?.code ?? 'refused', way)
}
