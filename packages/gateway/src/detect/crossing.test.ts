import { expect, test } from 'vitest'
import { compileCrossing } from './crossing.ts'

const crosses = compileCrossing({
  site: 'mill-3',
  roles: {
    sensor: { publish: ['${site}/${device}/#'], subscribe: ['${site}/${device}/set'], receive: [] },
    operator: { publish: ['${site}/+/set/#'], subscribe: ['${site}/#'], receive: [] },
    engineer: { publish: ['${role}/#'], subscribe: [], receive: [] },
  },
})

test.each([
  [['sensor'], 'subscribe_denied', 'mill-3/press-1/state', 'operator'],
  [['operator'], 'publish_denied', 'mill-3/press-1/state', 'sensor'],
  [['sensor', 'operator'], 'publish_denied', 'engineer/x', 'engineer'],
  [['sensor'], 'publish_denied', 'elsewhere', ''],
  [['operator'], 'subscribe_denied', '#', ''],
  [['sensor'], 'payload_too_large', 'mill-3/press-1/set/x', ''],
])('%j %s on %s crosses to %j', (roles, code, topic, role) => {
  expect(crosses(roles, code, topic)).toBe(role)
})
