import { isFault, PacketType, readUnsubscribe, type Scanner } from '@ringwall/wire'
import { Step } from '../contract/index.ts'
import { NOWHERE } from './act.ts'
import { answerRefused, owesAnswers, reasonOf } from './answer.ts'
import { end } from './close.ts'
import type { Connection } from './connection.ts'
import { decisionOf, Outcome } from './judge.ts'
import { subjectOf } from './verdict.ts'
import { wait } from './wait.ts'
import type { Way } from './way.ts'

/** Lets a packet pass that carries neither message nor subscription, if its sender is within its budget; else it waits, or is dropped. */
export function control(c: Connection, frame: Scanner, way: Way): void {
  const { act, judge, counts } = way
  act.aim(c.principal, frame, 'control', NOWHERE, weightOf(c, frame))
  counts.acts++
  const outcome = c.lane === null ? Outcome.disconnect : judge.judge(c.plan, act, c.lane, c.scene)
  if (outcome !== Outcome.allow)
    way.book.note(decisionOf(outcome), judge.findings, subjectOf(act, c.peer), c.scene.wall)
  if (outcome === Outcome.throttle) return wait(c, Step.control, judge.wait, way)
  if (outcome === Outcome.refuse || outcome === Outcome.disconnect) counts.refused++
  if (outcome === Outcome.disconnect) return end(c, reasonOf(judge.findings), judge.findings[0]?.code ?? 'refused', way)
  if (outcome === Outcome.refuse) return
  way.up.pass(frame.bytes, frame.start, frame.end)
  if (frame.type === PacketType.PINGREQ) way.evidence.note(c, 'ping')
  else if (frame.type === PacketType.UNSUBSCRIBE) unsubscribed(c, frame, way)
  if (owesAnswers(c.session.down)) answerRefused(c.session.down, c.session.version, bytes => way.up.put(bytes))
}

function unsubscribed(c: Connection, frame: Scanner, way: Way): void {
  const asked = readUnsubscribe(frame.bytes, frame.body, frame.end, c.session.version)
  if (isFault(asked)) return
  for (const { text } of asked.filters) way.evidence.filter(c, 'unsubscribe', text, 0)
}

function weightOf(c: Connection, frame: Scanner): number {
  if (frame.type !== PacketType.UNSUBSCRIBE) return 1
  const asked = readUnsubscribe(frame.bytes, frame.body, frame.end, c.session.version)
  return isFault(asked) ? 1 : asked.filters.length
}
