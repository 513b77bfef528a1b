import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Posture } from '../contract/index.ts'
import { Standing } from './standing.ts'

test('at first everybody is trusted, nothing is being maintained, and the mode is not known', () => {
  const standing = new Standing(3)
  expect(standing.postureOf(2, 0)).toBe(Posture.trusted)
  expect(standing.maintenanceOf(2, 0)).toBe(false)
  expect(standing.modeAt(0, 1_000)).toBe(-1)
})

test('what is set holds until its end, for every thread, and for that lane alone', () => {
  const standing = new Standing(3)
  const other = new Standing(standing.buffer)
  standing.setPosture(1, Posture.restricted, 90_000)
  standing.setMaintenance(2, 60_000)
  standing.tellMode(4, 0)
  expect(other.postureOf(1, 89_999)).toBe(Posture.restricted)
  expect(other.postureOf(1, 90_000)).toBe(Posture.trusted)
  expect([0, 2].map(lane => other.postureOf(lane, 0))).toEqual([0, 0])
  expect([0, 1, 2].map(lane => other.maintenanceOf(lane, 59_999))).toEqual([false, false, true])
  expect(other.maintenanceOf(2, 60_000)).toBe(false)
  expect(other.modeAt(0, 1_000)).toBe(4)
})

test('no end is an end in years; a lane that is given away is clear', () => {
  const standing = new Standing(1)
  standing.setPosture(0, Posture.quarantined, Number.POSITIVE_INFINITY)
  standing.setMaintenance(0, Number.POSITIVE_INFINITY)
  expect(standing.postureOf(0, 365 * 86_400_000)).toBe(Posture.quarantined)
  standing.clear(0)
  expect(standing.postureOf(0, 0)).toBe(Posture.trusted)
  expect(standing.maintenanceOf(0, 0)).toBe(false)
})

test('a posture holds for no less than was asked, and for less than a second more', () => {
  const until = fc.double({ min: 1, max: 1e12, noNaN: true })
  fc.assert(
    fc.property(fc.constantFrom(1, 2, 3), fc.double({ min: 1, max: 5e11, noNaN: true }), until, (posture, end, now) => {
      const standing = new Standing(1)
      standing.setPosture(0, posture as Posture, end)
      const seen = standing.postureOf(0, now)
      if (now < end) expect(seen).toBe(posture)
      if (now >= end + 1_000) expect(seen).toBe(Posture.trusted)
    }),
  )
})
