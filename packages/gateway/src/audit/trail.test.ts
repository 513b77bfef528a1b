import { expect, test } from 'vitest'
import { orderEvent, Trail } from './trail.ts'

test('an order tells who gave it, about whom, and why', () => {
  const event = orderEvent(5, 'block', {
    by: 'ada',
    target: '10.0.0.7',
    reason: 'a scan',
    until: '2026-11-29T00:00:00Z',
  })
  expect(event).toEqual({
    kind: 'block',
    time: 5,
    message: 'block 10.0.0.7 for: a scan',
    actor: 'ada',
    details: { order: 'block', target: '10.0.0.7', reason: 'a scan', until: '2026-11-29T00:00:00Z' },
  })
})

test('orders that have no kind of their own are orders, by their name', () => {
  expect(orderEvent(5, 'maintenance_open', { by: 'ada', devices: 'pump-*' })).toMatchObject({
    kind: 'order',
    details: { order: 'maintenance_open', devices: 'pump-*' },
  })
  expect(orderEvent(5, 'disconnect', { device: 'pump-1' })).toMatchObject({
    kind: 'order_disconnect',
    device: 'pump-1',
  })
})

test('whoever gives an order cannot have it told as another', () => {
  const event = orderEvent(5, 'rhythm_accept', { order: 'rhythm_forget', kind: 'stop', time: 7, device: 'pump-1' })
  expect(event).toMatchObject({ kind: 'order', time: 5, details: { order: 'rhythm_accept' } })
})

test('without a ledger an order waits for nothing', async () => {
  await expect(new Trail(null).append(0, 'block', {})).resolves.toBeUndefined()
})
