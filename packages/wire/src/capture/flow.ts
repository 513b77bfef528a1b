import type { ReadyFor } from './express/ready.ts'

/** One end of a flow. */
export interface Endpoint {
  /** `192.0.2.7` or `2001:db8::7` (RFC 5952). */
  readonly address: string
  readonly port: number
}

/** `up` is from the client to the server. */
export type Direction = 'up' | 'down'

/** How a flow ended: `timeout` where it was idle for too long or its ports were used anew, `end` at the end of the capture. */
export type Closing = 'fin' | 'reset' | 'timeout' | 'evicted' | 'end'

/**
 * What an honest stack does not do, or hardly ever. Each is told once a flow.
 * - `overlap_differs`: bytes were sent again and are not the same. The first ones were handed out.
 * - `fragment_overlap`: the same in the fragments of an IP datagram.
 * - `syn_again`: a SYN with another sequence number within a living connection.
 * - `reset_outside`: a RST that is not where the stream stands; the flow goes on.
 * - `data_after_fin`: data behind the sender's own end; it is handed out.
 * - `data_after_reset`: data in order from the very side that had reset the connection. It opens a flow of its own, which is told of it.
 * - `data_without_ack`: data in a segment without the ACK flag, which a receiver drops; it is handed out.
 * - `urgent_data`: an urgent pointer, with which receivers differ in what they read.
 * - `held_too_much`: bytes came before so many missing ones that the bound was reached; a gap was told.
 */
export type FlowAnomaly =
  | 'overlap_differs'
  | 'fragment_overlap'
  | 'syn_again'
  | 'reset_outside'
  | 'data_after_fin'
  | 'data_after_reset'
  | 'data_without_ack'
  | 'urgent_data'
  | 'held_too_much'

/** One TCP connection as a capture shows it. */
export interface Flow {
  /** Counts up from 1 in the order in which flows were opened. */
  readonly id: number
  readonly client: Endpoint
  readonly server: Endpoint
  /** No SYN was seen: the capture begins within the connection. */
  readonly midstream: boolean
  /** Time of its first packet, in milliseconds since the Unix epoch. */
  readonly began: number
  /** Packets with its addresses and ports, retransmissions included. */
  readonly packetsUp: number
  readonly packetsDown: number
  /** Bytes handed out in order. */
  readonly bytesUp: number
  readonly bytesDown: number
  /** The listener's own; undefined until it is set. */
  state: unknown
}

/**
 * Lets a capture's plain part be read in one step (`Express`): without `data`, records that hold nothing but MQTT packets of which
 * nothing needs to be judged. What a listener is told comes to the same.
 */
export interface Shortcut {
  /** Whether each message is told; else only how many there were, before anything else of the flow. */
  readonly tells: boolean
  /** How a flow may be read from now on, a sum of `Ready`. */
  ready(flow: Flow): ReadyFor
  /**
   * A QoS 0 PUBLISH, PINGREQ or PINGRESP, legal and whole, at [start, end), its body from `body` on. `latest` is the highest time of the packets so far that were
   * read so, `packet` counts all of the capture.
   * The flow's own counts may be behind or ahead of it.
   */
  message(
    flow: Flow,
    up: boolean,
    bytes: Uint8Array,
    start: number,
    body: number,
    end: number,
    time: number,
    latest: number,
    packet: number,
  ): void
  /** So many of them, where they are not told. */
  messages(flow: Flow, count: number): void
}

/** What a capture's TCP connections are told to. `opened` comes first for each flow, `closed` last. */
export interface FlowEvents {
  opened(flow: Flow): void
  /** In-order bytes, valid during the call only. The time is that of the packet with which they were in order. */
  data(flow: Flow, direction: Direction, bytes: Uint8Array, start: number, end: number, time: number): void
  /** So many bytes never came: lost by the capture or cut off by its snap length. The stream goes on behind them. */
  gap(flow: Flow, direction: Direction, missing: number, time: number): void
  anomaly(flow: Flow, code: FlowAnomaly, time: number): void
  closed(flow: Flow, how: Closing, time: number): void
  readonly shortcut?: Shortcut | undefined
}
