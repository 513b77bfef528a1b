import type { Closing, Flow } from '@ringwall/wire/capture'
import type { Finding } from '../contract/index.ts'
import type { Alarm } from '../evidence/alarm.ts'
import type { Hit, MqttEvent } from '../signature/index.ts'
import type { Conversation } from './conversation.ts'
import type { Transaction } from './transactions.ts'

/** Where the reading of a capture stands. One object, changed as it goes on. */
export interface Moment {
  /** Time of the packet that is read, in milliseconds since the Unix epoch, with a fraction. */
  time: number
  /** Its number in the capture, from 1. */
  packet: number
}

/** A moment that its owner moves on. */
export interface Clockwork extends Moment {
  time: number
  packet: number
}

/** What the gateway would have done with an act or a packet, and why. */
export interface Judgement {
  readonly decision: 'flag' | 'throttle' | 'refuse' | 'disconnect'
  readonly findings: readonly Finding[]
  readonly device: string
  readonly action: string
  readonly address: string
  readonly fromClient: boolean
}

/** Takes what is found in a capture, in the order in which it is found; what it leaves out it does not want to know. */
export interface Outlet {
  /** A transaction has all its answers, or its connection is over. Only where `Reading` was asked to write packets down. */
  transaction?(conversation: Conversation, transaction: Transaction): void
  anomaly?(conversation: Conversation, transaction: Transaction, event: MqttEvent): void
  alert?(conversation: Conversation, transaction: Transaction, hit: Hit): void
  judgement?(conversation: Conversation, judgement: Judgement): void
  alarm?(alarm: Alarm): void
  /** The stack of an end of a flow did what no honest one does. */
  evasion?(flow: Flow, code: string): void
  /** A flow is over; `conversation` is null where it was not MQTT. */
  flow?(flow: Flow, conversation: Conversation | null, how: Closing): void
}
