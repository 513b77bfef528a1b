import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SharedCounters } from './counters.ts'

test('totals are over all workers, whichever view of the block asks', () => {
  const one = new SharedCounters(8, 2)
  const other = new SharedCounters(one.buffer, 2)
  expect(one.connections(0, 3)).toBe(3)
  expect(other.connections(1, 2)).toBe(5)
  expect(other.handshakes(1, 1)).toBe(1)
  expect(one.handshakes(0, 0)).toBe(1)
  expect(other.address(7, 1)).toBe(1)
  expect(one.address(7, 1)).toBe(2)
  expect(one.address(6, 0)).toBe(0)
})

test('a dead worker gives back what it had open, and nothing of the others', () => {
  const counters = new SharedCounters(8, 2)
  counters.connections(0, 4)
  counters.connections(1, 3)
  counters.handshakes(0, 2)
  counters.handshakes(1, 1)
  counters.forget(0)
  expect(counters.connections(0, 0)).toBe(3)
  expect(counters.handshakes(0, 0)).toBe(1)
})

test('an address never owes: connections older than a worker that died do not make room when they close', () => {
  const counters = new SharedCounters(8, 2)
  counters.address(5, 1)
  counters.address(5, 1)
  counters.forget(0)
  expect(counters.address(5, -1)).toBe(0)
  expect(counters.address(5, -1)).toBe(0)
  expect(counters.address(5, 1)).toBe(1)
})

test('the count of an address is never below zero, and exact while no worker dies', () => {
  const step = fc.constantFrom('open', 'close', 'die')
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const counters = new SharedCounters(2, 3)
      let open = 0
      let died = false
      for (const step of steps) {
        if (step === 'die') {
          counters.forget(1)
          died = true
        } else if (step === 'open') {
          counters.address(1, 1)
          open++
        } else if (open > 0) {
          counters.address(1, -1)
          open--
        }
        const count = counters.address(1, 0)
        expect(count).toBeGreaterThanOrEqual(0)
        if (!died) expect(count).toBe(open)
      }
    }),
  )
})
