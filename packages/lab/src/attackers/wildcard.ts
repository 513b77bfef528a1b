import type { Attack } from './attack.ts'
import { eavesdrop } from './eavesdrop.ts'

/** Reconnaissance by wildcard subscriptions, the broker's own topics included. Effect: others' messages received. */
export const wildcard: Attack = {
  name: 'wildcard',
  technique: 'T0861',
  title: 'Map the plant by wildcard subscriptions',
  expected: 'access',
  alone: false,
  seconds: () => 7,
  run: range => eavesdrop(range, 4, ['#', '+/#', `${range.site}/#`, `${range.site}/+/telemetry`, '$SYS/#']),
}
