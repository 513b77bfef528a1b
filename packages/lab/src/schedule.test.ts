import { expect, it } from 'vitest'
import { attacks } from './attackers/index.ts'
import { intruders } from './fleet/devices.ts'
import { DEFAULT_LIMITS } from './range.ts'
import { duration, lanes, pause } from './schedule.ts'

it('fits all attacks into a demo of 45 seconds', () => {
  // The demo's own: who holds a CONNECT back is not waited for longer.
  const limits = { ...DEFAULT_LIMITS, connectSeconds: 4 }
  const alone = attacks.filter(attack => attack.alone)
  const longest = Math.max(...lanes(attacks, limits).map(lane => duration(lane, limits)))
  // Connecting, the baseline, and shutting down take some 4.2 seconds.
  expect(longest + duration(alone, limits)).toBeLessThan(40.8)
})

it('puts every attack into one lane, or alone', () => {
  const shared = lanes(attacks, DEFAULT_LIMITS).flat()
  expect(new Set(shared).size).toBe(shared.length)
  expect(shared.length + attacks.filter(attack => attack.alone).length).toBe(attacks.length)
})

it('never has two attackers at once in the place of one device', () => {
  for (const device of new Set(attacks.map(({ steals }) => steals).filter(Boolean)))
    expect(
      lanes(attacks, DEFAULT_LIMITS).filter(lane => lane.some(({ steals }) => steals === device)).length,
    ).toBeLessThanOrEqual(1)
})

it('spreads what is left, and does not wait when late', () => {
  const two = attacks.slice(1, 3)
  const needed = duration(two, DEFAULT_LIMITS)
  expect(pause(two, DEFAULT_LIMITS, needed + 6)).toBe(2)
  expect(pause(two, DEFAULT_LIMITS, needed - 1)).toBe(0)
})

it('gives each attack a name and an identity of its own', () => {
  expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length)
  // The place in the list is the number of the intruder.
  expect(attacks.findLastIndex(({ steals, ledger }) => !steals && ledger !== 'forged')).toBeLessThan(intruders.length)
  for (const { technique } of attacks) expect(technique).toMatch(/^T\d{4}(\.\d{3})?$/)
})
