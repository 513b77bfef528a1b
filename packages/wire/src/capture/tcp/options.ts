/** Bounds of `Flows`. All times are of the capture, in milliseconds. */
export interface FlowsOptions {
  /** Flows at once, closed ones that are still remembered included: 65,536 unless given. Closed ones make room first, then the one that was idle longest. */
  readonly maxFlows?: number
  /** Bytes held of one direction of a flow while those before them are missing: 1 MiB unless given. */
  readonly maxHeldPerDirection?: number
  /** Bytes held in all: 64 MiB unless given. */
  readonly maxHeld?: number
  /** Bytes handed out that are remembered, of all flows together, to compare retransmissions with: 1 MiB unless given, a multiple of 64 above 0. */
  readonly history?: number
  /** A flow without a packet for so long is closed: an hour unless given. */
  readonly idle?: number
  /** Packets whose IPv4 or TCP checksum is wrong are left out; false unless given, for network cards fill them in after the capture. */
  readonly verify?: boolean
  /** Ports of servers, for flows whose beginning was not captured: 1883 and 8883 unless given. */
  readonly ports?: readonly number[]
}

export type FlowsLimits = Required<FlowsOptions>

export const FLOWS_LIMITS: FlowsLimits = {
  maxFlows: 65_536,
  maxHeldPerDirection: 1_048_576,
  maxHeld: 67_108_864,
  history: 1_048_576,
  idle: 3_600_000,
  verify: false,
  ports: [1883, 8883],
}
