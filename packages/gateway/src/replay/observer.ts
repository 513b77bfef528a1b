import type { Closing } from '@ringwall/wire/capture'
import type { Conversation } from './conversation.ts'

/** What follows a conversation packet by packet: the floor, guards, evidence. */
export interface Observer {
  /** A flow began on a well-known port, or turned out to be MQTT on another. */
  opened(conversation: Conversation): void
  /** A whole packet at `[start, end)`, its content from `body` on. */
  packet(conversation: Conversation, up: boolean, bytes: Uint8Array, start: number, body: number, end: number): void
  /** Whether it wants to see QoS 0 PUBLISHes and pings that are legal; it does where it says nothing. */
  readonly takesLegal?: boolean
  /** Whether such packets of the conversation can be told to be legal without it, from here on. */
  settled?(conversation: Conversation): boolean
  /** The client's bytes so far end within a packet, of which so many are there. */
  progress?(conversation: Conversation, kept: number): void
  /** Bytes that are no MQTT, or of which some are lost: what follows cannot be read as it was meant. */
  lost(conversation: Conversation, why: 'malformed' | 'gap'): void
  closed(conversation: Conversation, how: Closing): void
}
