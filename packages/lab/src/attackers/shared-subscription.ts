import type { Attack } from './attack.ts'
import { eavesdrop } from './eavesdrop.ts'

/** Hides the wildcard in a shared subscription, where a naive check does not see it. Effect: others' messages received. */
export const sharedSubscription: Attack = {
  name: 'shared-subscription',
  technique: 'T0801',
  title: 'Watch the process through shared subscriptions',
  expected: 'access',
  alone: false,
  needs5: true,
  seconds: () => 4.5,
  run: range => eavesdrop(range, 5, ['$share/x/#', `$share/x/${range.site}/+/telemetry`, `$share/y/${range.site}/#`]),
}
