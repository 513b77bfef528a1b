import type { Decision, Finding } from '../contract/index.ts'
import type { ActView } from './act.ts'
import type { Connection } from './connection.ts'

/** What a verdict is about: as much of it as evidence keeps. */
export interface About {
  readonly device: string
  /** Address and port. */
  readonly peer: string
  readonly action: string
  readonly address: string
  readonly start: number
  readonly end: number
}

/** Where the straight way tells what happens, for others to look at. Each call writes some numbers and returns. */
export interface Evidence {
  opened(c: Connection, wall: number): void
  /** @param bytes kept of a packet that is not whole. */
  progress(c: Connection, bytes: number): void
  /**
   * @param clean no session of before is wanted
   * @param bytes of the packet
   */
  connect(
    c: Connection,
    user: string,
    password: Uint8Array | undefined,
    will: string,
    clean: boolean,
    bytes: number,
  ): void
  connack(c: Connection, reason: number): void
  /** @param packet its identifier, 0 where nothing follows it. */
  message(c: Connection, kind: 'publish' | 'receive', act: ActView, packet: number, dup: boolean): void
  filter(c: Connection, kind: 'subscribe' | 'unsubscribe', text: string, qos: number): void
  acknowledge(c: Connection, code: string, packet: number): void
  note(c: Connection, kind: 'ping' | 'disconnect' | 'closed', wall?: number): void
  /** An illegal packet of the device's. */
  fault(c: Connection, code: string): void
  verdict(decision: Decision, findings: readonly Finding[], about: About, wall: number): void
}

/** Where nobody looks. */
export const NO_EVIDENCE: Evidence = {
  opened: nothing,
  progress: nothing,
  connect: nothing,
  connack: nothing,
  message: nothing,
  filter: nothing,
  acknowledge: nothing,
  note: nothing,
  fault: nothing,
  verdict: nothing,
}

function nothing(): void {}
