/** One end of a flow. */
export interface Endpoint {
  /** `192.0.2.7` or `2001:db8::7` (RFC 5952). */
  readonly address: string
  readonly port: number
}

/** `up` is from the client to the server. */
export type Direction = 'up' | 'down'

/** How a flow ended: `end` is the end of the capture, `timeout` also a port used anew. */
export type Closing = 'fin' | 'reset' | 'timeout' | 'evicted' | 'end'

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

/** What a capture's TCP connections are told to. `opened` comes first for each flow, `closed` last. */
export interface FlowEvents {
  opened(flow: Flow): void
  /** In-order bytes, valid during the call only. */
  data(flow: Flow, direction: Direction, bytes: Uint8Array, start: number, end: number, time: number): void
  /** So many bytes never came: lost by the capture or cut off by its snap length. The stream goes on behind them. */
  gap(flow: Flow, direction: Direction, missing: number, time: number): void
  /** Something that an honest stack does not do (`FlowAnomaly`). */
  anomaly(flow: Flow, code: string, time: number): void
  closed(flow: Flow, how: Closing, time: number): void
}
