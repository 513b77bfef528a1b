import { expect, test } from 'vitest'
import { Learner } from './learn.ts'

const T = 1_700_000_000_000

/** The draft of a type of device from a minute of messages, one each half second; every so many are left out. */
function drafted(payload: (index: number) => object, every = Number.POSITIVE_INFINITY, leaf = 'telemetry') {
  const learner = new Learner({ topics: '${site}/${device}/#', commands: ['+/+/set'] })
  for (let index = 0; index < 400; index++) {
    if (index % every === every - 1) continue
    const text = JSON.stringify(payload(index))
    const bytes = new TextEncoder().encode(text)
    learner.add({ time: T + index * 500, topic: `mill/flow-1/${leaf}`, payload: bytes, qos: 0, retain: false })
  }
  const draft = learner.finish().profiles.get('flow') as Record<'properties' | 'actions', Record<string, object>>
  return draft
}

const value = (index: number) => 10 + (index % 7)
const sum = (index: number) => {
  let total = 0
  for (let each = 0; each <= index; each++) total += value(each)
  return total % 100
}

test('a sum is drafted where messages are counted, and only there', () => {
  const counted = drafted(index => ({ n: index, value: value(index), sum: sum(index) }))
  expect(counted.properties['telemetry']).toMatchObject({
    'rw:counter': { field: '/n' },
    'rw:redundant': [{ kind: 'sum', of: '/value', field: '/sum', modulus: 100 }],
  })
  const uncounted = drafted(index => ({ value: value(index), sum: sum(index) }))
  expect(uncounted.properties['telemetry']).not.toHaveProperty('rw:redundant')
})

test('names are written into pointers as RFC 6901 has it', () => {
  const draft = drafted(index => ({ 'a/n': index, 't~s': T + index * 500, value: value(index) }))
  expect(draft.properties['telemetry']).toMatchObject({
    'rw:counter': { field: '/a~1n' },
    'rw:clock': { field: '/t~0s', unit: 'ms' },
  })
})

test('what a device is told is no reading, and has a clock', () => {
  const { actions } = drafted(index => ({ ts: T + index * 500, value: value(index) }), 2, 'set')
  expect(JSON.stringify(actions['set'])).not.toMatch(/rw:(name|change|frozen|counter)/)
  expect(actions['set']).toMatchObject({ 'rw:clock': { field: '/ts' } })
})
