import { expect, test } from 'vitest'
import { hasCommand, takeCommand } from './command-rate.ts'
import { scene } from './guards.testkit.ts'
import { rule } from './invariant.testkit.ts'

function paid(...about: Parameters<typeof hasCommand>): boolean {
  if (!hasCommand(...about)) return false
  takeCommand(...about)
  return true
}

const rate = { perSecond: 1, burst: 2 }

/** One connection, which sends commands to devices. */
function connection() {
  const about = scene(0)
  const take = (device: string, at = 0, name = 'set', of = rate) => {
    about.now = at
    return paid(rule({ kind: 'command', name, device }), of, about, 0)
  }
  return take
}

test('each action of each device has its own budget, whichever rule object asks', () => {
  const take = connection()
  expect([take('a'), take('a'), take('a')]).toEqual([true, true, false])
  expect([take('a', 0, 'open'), take('b')]).toEqual([true, true])
  expect([take('a', 999), take('a', 1_000)]).toEqual([false, true])
})

test('naming other devices gives nothing back, and there are only so many', () => {
  const take = connection()
  take('valve-1')
  take('valve-1')
  let given = 0
  for (let index = 0; index < 200_000; index++) if (take(`valve-x${index}`)) given++
  expect(take('valve-1')).toBe(false)
  expect(given).toBe(4_095)
})

test('those that are full again make room', () => {
  const take = connection()
  for (let index = 0; index < 5_000; index++) take(`valve-${index}`)
  expect(take('valve-4999', 999)).toBe(false)
  expect([take('valve-4999', 1_000), take('valve-0', 1_000)]).toEqual([true, true])
  expect([take('valve-0', 1_000), take('valve-0', 1_000)]).toEqual([true, false])
})

test('a sender that keeps within the limits of many devices is never refused', () => {
  const take = connection()
  for (let round = 0; round < 20; round++) {
    for (let index = 0; index < 3_000; index++) expect(take(`valve-${index}`, round * 1_000)).toBe(true)
  }
})
