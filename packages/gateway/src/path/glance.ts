import type { Scanner } from '@ringwall/wire'
import type { Direction } from '../contract/index.ts'
import { NOWHERE } from './act.ts'
import { reasonOf } from './answer.ts'
import { end } from './close.ts'
import type { Connection } from './connection.ts'
import { Outcome } from './judge.ts'
import { withoutSecrets } from './secret.ts'
import { subjectOf } from './verdict.ts'
import type { Way } from './way.ts'

/**
 * Shows a packet that is no act to the guards that want to see its type; false where it may go on. An acknowledgement cannot be
 * left out without either end waiting for ever, so what is refused here ends the connection.
 */
export function stops(c: Connection, frame: Scanner, direction: Direction, way: Way): boolean {
  const { packets } = c.plan
  if (packets === undefined || (packets & (1 << frame.type)) === 0 || c.lane === null) return false
  const { act, judge, book, counts } = way
  act.aim(c.principal, frame, 'control', NOWHERE, 0)
  act.direction = direction
  const outcome = judge.glance(c.plan, frame.type, act, c.lane, c.scene)
  if (outcome === Outcome.allow) return false
  const ends = outcome > Outcome.flag
  const { findings } = judge
  const subject = { ...subjectOf(act, c.peer), action: 'packet' as const, ...withoutSecrets(frame) }
  book.note(ends ? 'disconnect' : 'flag', findings, subject, c.scene.wall)
  if (!ends) return false
  counts.refused++
  way.up.cut()
  way.down.cut()
  end(c, reasonOf(findings), findings[0]?.code ?? 'refused', way)
  return true
}
