import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AckOrder } from './inflight.ts'

function due(order: AckOrder): [number, number][] {
  const answers: [number, number][] = []
  order.due((id, reason) => answers.push([id, reason]))
  return answers
}

test('a refused message is answered at once where nothing waits before it', () => {
  const order = new AckOrder()
  order.refused(7, 0x87)
  expect(order.pending).toBe(true)
  expect(due(order)).toEqual([[7, 0x87]])
  expect([order.pending, order.size, order.has(7)]).toEqual([false, 0, false])
})

test('a refused message is answered after those before it', () => {
  const order = new AckOrder()
  order.forwarded(1)
  order.refused(2, 0x97)
  order.forwarded(3)
  order.refused(4, 0x87)
  expect(due(order)).toEqual([])
  order.answered(3)
  expect(due(order)).toEqual([])
  order.answered(1)
  expect(due(order)).toEqual([
    [2, 0x97],
    [4, 0x87],
  ])
})

test('the receiver cannot answer for a message that it never saw', () => {
  const order = new AckOrder()
  order.forwarded(1)
  order.refused(2, 0x87)
  order.answered(2)
  order.answered(9)
  order.answered(1)
  expect(due(order)).toEqual([[2, 0x87]])
})

test('a message that is sent again is answered once, by whoever had it first', () => {
  const order = new AckOrder()
  order.forwarded(1)
  order.refused(2, 0x87)
  order.refused(2, 0x97)
  order.refused(1, 0x87)
  order.answered(1)
  expect(due(order)).toEqual([[2, 0x87]])
  expect(due(order)).toEqual([])
})

test('a refused message that passes when it is sent again is answered by the receiver', () => {
  const order = new AckOrder()
  order.forwarded(1)
  order.refused(2, 0x97)
  order.forwarded(2)
  expect(order.pending).toBe(false)
  order.answered(1)
  expect(due(order)).toEqual([])
  order.answered(2)
  expect([order.size, order.pending]).toEqual([0, false])
})

const event = fc.record({
  what: fc.constantFrom('forwarded', 'refused', 'answered'),
  id: fc.integer({ min: 1, max: 8 }),
})

test('whatever the order of events, the own answers come in the order of their messages, each exactly once', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), events => {
      const order = new AckOrder()
      // The model: messages in order of arrival, each with who answers it.
      const model: { id: number; own: boolean }[] = []
      for (const { what, id } of events) {
        const known = model.find(each => each.id === id)
        if (what === 'answered') {
          order.answered(id)
          if (known?.own === false) model.splice(model.indexOf(known), 1)
        } else if (known === undefined) {
          if (what === 'forwarded') order.forwarded(id)
          else order.refused(id, 0x80 + id)
          model.push({ id, own: what === 'refused' })
        }
        const expected: [number, number][] = []
        while (model[0]?.own === true) {
          expected.push([model[0].id, 0x80 + model[0].id])
          model.shift()
        }
        expect(due(order)).toEqual(expected)
        expect(order.size).toBe(model.length)
        expect(order.pending).toBe(model.some(each => each.own))
        for (let each = 1; each <= 8; each++) expect(order.has(each)).toBe(model.some(({ id }) => id === each))
      }
    }),
    { numRuns: 300 },
  )
})
