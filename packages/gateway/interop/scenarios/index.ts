import { downgrade, largePayload, many, qualities, retained } from './delivery.ts'
import { aliases, properties } from './five.ts'
import type { Scenario } from './scene.ts'
import {
  keepAlive,
  reconnect,
  resume,
  retainedWill,
  sessionPresent,
  shared,
  willOnDirtyEnd,
  willOnDisconnect,
} from './sessions.ts'
import { refusedPublish, unsubscribe, wildcards } from './subscriptions.ts'

/** What must look the same through the gateway as at the broker itself. */
export const SCENARIOS: readonly Scenario[] = [
  qualities,
  downgrade,
  largePayload,
  many,
  retained,
  willOnDirtyEnd,
  willOnDisconnect,
  retainedWill,
  resume,
  sessionPresent,
  reconnect,
  shared,
  keepAlive,
  unsubscribe,
  wildcards,
  refusedPublish,
  properties,
  aliases,
]
