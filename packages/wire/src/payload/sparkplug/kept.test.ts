import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type KeptNode, keepNode, restoreNode } from './kept.ts'
import { aliased, bdSeq, metric, Session, type UserMetric } from './sparkplug.testkit.ts'

const NAMES = ['temperature', 'mode', 'speed/é', ''] as const
const index = fc.integer({ min: 0, max: 3 })
const defined = fc.record({ name: index, alias: fc.integer({ min: 0, max: 5 }), isAliased: fc.boolean() })

/** What an edge node may say next, legal or not. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('connect' as const), number: fc.constantFrom(null, 0, 1) }),
  fc.record({
    kind: fc.constant('birth' as const),
    metrics: fc.array(defined, { maxLength: 3 }),
    number: fc.constantFrom(0, 1),
  }),
  fc.record({ kind: fc.constant('device' as const), metrics: fc.array(defined, { maxLength: 3 }), device: index }),
  fc.record({
    kind: fc.constant('data' as const),
    alias: fc.integer({ min: 0, max: 5 }),
    device: index,
    accept: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('named' as const), name: index, device: index, accept: fc.boolean() }),
  fc.record({ kind: fc.constant('death' as const), device: index }),
  fc.record({ kind: fc.constant('end' as const), number: fc.constantFrom(0, 1) }),
)
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never

const metrics = (list: readonly { name: number; alias: number; isAliased: boolean }[]): UserMetric[] =>
  list.map(({ name, alias, isAliased }) => metric(NAMES[name], 'Int32', 1, isAliased ? { alias } : {}))

const below = (type: string, device: number): string => (device === 0 ? `N${type}/edge` : `D${type}/edge/d${device}`)

function take(session: Session, each: Step): string {
  if (each.kind === 'connect') return session.connect(each.number)
  if (each.kind === 'birth') return session.birth(metrics(each.metrics), each.number)
  if (each.kind === 'device') return session.say(`DBIRTH/edge/d${each.device}`, metrics(each.metrics))
  if (each.kind === 'end') return session.say('NDEATH/edge', [bdSeq(each.number)])
  if (each.kind === 'death') return session.say(`DDEATH/edge/d${each.device}`, [])
  const { accept, device } = each
  const said = each.kind === 'data' ? aliased(each.alias, 'Int32', 2) : metric(NAMES[each.name], 'Int32', 2)
  return session.say(below('DATA', device), [said], {}, { accept })
}

test('an edge node that was written down and brought back is judged like the one that went on', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), fc.array(step, { maxLength: 20 }), (before, after) => {
      const session = new Session()
      for (const each of before) take(session, each)
      const kept: KeptNode = JSON.parse(JSON.stringify(keepNode(session.node)))
      const again = new Session()
      restoreNode(again.node, kept)
      again.seq = session.seq
      expect(keepNode(again.node)).toEqual(kept)
      for (const each of after) expect(take(again, each)).toBe(take(session, each))
      expect(keepNode(again.node)).toEqual(keepNode(session.node))
    }),
    { numRuns: 500 },
  )
})
