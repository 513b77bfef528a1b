import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Random } from '../../fuzz/random.ts'
import { hear, textOf } from '../../test/capture/hearing.ts'
import { fileOf, framesOf, network } from '../../test/capture/network.ts'
import { converse, type Talk, type Treatment } from '../../test/capture/talk.ts'
import { cut } from '../../test/frames.ts'

const bytes = fc.uint8Array({ maxLength: 3000 })
const talk = fc.record({
  clientPort: fc.integer({ min: 1024, max: 60_000 }),
  serverPort: fc.constantFrom(1883, 8883),
  up: bytes,
  down: bytes,
})
const treatment: fc.Arbitrary<Treatment> = fc.record({
  disturbed: fc.boolean(),
  midstream: fc.boolean(),
  only: fc.constantFrom(null, null, 'up' as const, 'down' as const),
  ending: fc.constantFrom('fin' as const, 'reset' as const, 'none' as const),
})

test('what was said is heard, in whatever order, twice or not, over any link and in either file', () => {
  fc.assert(
    fc.property(talk, treatment, fc.nat(), fc.array(fc.nat(), { maxLength: 5 }), (said, how, seed, places) => {
      const random = new Random(seed)
      const at = network(random)
      const frames = converse(said, how, random).flatMap(one => framesOf(one, at, random))
      const heard = hear(cut(fileOf(frames, at.linkType, random), places)).flows
      expect(heard.length).toBeLessThanOrEqual(1)
      if (heard.length === 0) {
        expect(frames).toHaveLength(0)
        return
      }
      const [{ flow, up, down, anomalies, closed }] = heard
      expect([flow.client.port, flow.server.port]).toEqual([said.clientPort, said.serverPort])
      expect(flow.midstream).toBe(how.midstream)
      expect(Buffer.from(textOf(up))).toEqual(Buffer.from(how.only === 'down' ? [] : said.up))
      expect(Buffer.from(textOf(down))).toEqual(Buffer.from(how.only === 'up' ? [] : said.down))
      expect([up.missing, down.missing, anomalies]).toEqual([0, 0, []])
      if (how.only === null && !how.midstream) expect(closed).toBe(how.ending === 'none' ? 'end' : how.ending)
    }),
    { numRuns: 500 },
  )
})

test('without some of its packets every byte that is heard still stands where it was said', () => {
  fc.assert(
    fc.property(talk, treatment, fc.nat(), fc.integer({ min: 2, max: 20 }), (said, how, seed, loss) => {
      const random = new Random(seed)
      const at = network(random)
      const whole = converse(said, { ...how, midstream: false, only: null }, random)
      const some = whole.filter(({ fields }) => fields.flags.includes('S') || random.below(loss) > 0)
      const frames = some.flatMap(one => framesOf(one, at, random))
      const [heard] = hear([fileOf(frames, at.linkType, random)], {
        maxHeldPerDirection: random.pick([600, 1_048_576]),
      }).flows
      for (const direction of ['up', 'down'] as const) {
        for (const { at: place, bytes: piece } of heard[direction].pieces) {
          expect(Buffer.from(piece)).toEqual(Buffer.from(said[direction].subarray(place, place + piece.length)))
        }
        expect(heard[direction].length).toBeLessThanOrEqual(said[direction].length)
      }
    }),
    { numRuns: 500 },
  )
})

test('connections that follow each other on the same ports are told apart', () => {
  fc.assert(
    fc.property(fc.array(talk, { minLength: 2, maxLength: 4 }), treatment, fc.nat(), (talks, how, seed) => {
      const random = new Random(seed)
      const at = network(random)
      const all: Talk[] = talks.map(one => ({ ...one, clientPort: 50_000, serverPort: 1883 }))
      const ended: Treatment = {
        ...how,
        midstream: false,
        only: null,
        ending: how.ending === 'none' ? 'fin' : how.ending,
      }
      const said = all.map(one => converse(one, ended, random))
      // A stack takes other numbers for each connection.
      fc.pre(new Set(said.map(([syn]) => syn.fields.sequence)).size === all.length)
      const frames = said.flat().flatMap(one => framesOf(one, at, random))
      const heard = hear([fileOf(frames, at.linkType, random)]).flows
      expect(heard.map(({ up }) => Buffer.from(textOf(up)))).toEqual(all.map(({ up }) => Buffer.from(up)))
      expect(heard.map(({ down }) => Buffer.from(textOf(down)))).toEqual(all.map(({ down }) => Buffer.from(down)))
    }),
    { numRuns: 100 },
  )
})
