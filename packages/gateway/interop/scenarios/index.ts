import { downgrade, largePayload, many, qualities, retained } from './delivery.ts'
import { aliases, properties } from './five.ts'
import type { Scenario } from './scene.ts'
import { cleanEndsSession, keepAlive, reconnect, resume, retainedWill, shared, will } from './sessions.ts'
import { refusedPublish, unsubscribe, wildcards } from './subscriptions.ts'

/** What must look the same through the gateway as at the broker itself. */
export const SCENARIOS: readonly Scenario[] = [
  qualities,
  downgrade,
  largePayload,
  many,
  retained,
  will,
  retainedWill,
  resume,
  cleanEndsSession,
  reconnect,
  shared,
  keepAlive,
  unsubscribe,
  wildcards,
  refusedPublish,
  properties,
  aliases,
]
